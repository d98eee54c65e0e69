"""Programs that compute an answer and keep it: the last frame is written to the output folder."""

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework
from services.codegen.mend import insert, look
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_ENDS = look.words(
    "collect count first head take tail toPandas show write writeTo foreach isEmpty explain "
    "printSchema createOrReplaceTempView take_all take_batch to_pandas write_parquet schema "
    "columns dtypes stop iter_rows iter_batches materialize_all"
)
"""What makes something else than a frame of a frame."""
_GROUPS = look.words("groupBy groupby rollup cube")
"""What makes a frame of a count."""
_STOPS = ("stop", "shutdown")


@dataclass(frozen=True)
class _Found:
    """What the program would answer with."""

    code: str
    at: cst.CSTNode
    """The statement that has it."""
    spark: bool


def not_written(case: Case) -> Iterator[Change]:
    """NO_ANSWER: the run ended well and left nothing."""
    yield from _elsewhere(case)
    yield from _written(case)
    yield from _printed(case)


def no_output(case: Case, finding: Finding) -> Iterator[Change]:
    """ARC004: nothing reaches the output folder."""
    yield from _elsewhere(case)
    yield from _written(case)


def _elsewhere(case: Case) -> Iterator[Change]:
    """`frame.write.parquet("result")` → the folder that `--output` names."""
    tree = case.tree
    written = look.calls(tree, "parquet", "save", "write_parquet")
    calls = [c for c in written if c.args and (_is_write(c) or look.method(c) == "write_parquet")]
    places = {look.text_of(c.args[0].value) for c in calls}
    if len(places) != 1 or None in places:
        return
    output, edits = folder(tree)
    edits += tuple(Edit(*tree.outer(c.args[0].value), output) for c in calls)
    said = f"The answer is written to the folder that --output names, not to {places.pop()!r}."
    yield Change(edits, said)


def _is_write(call: cst.Call) -> bool:
    chain = look.links(call.func)
    return any(isinstance(x, cst.Attribute) and x.attr.value == "write" for x in chain)


def _written(case: Case) -> Iterator[Change]:
    found = _last(case)
    if found is None:
        return
    output, edits = folder(case.tree)
    if found.spark:
        line = f'{found.code}.write.mode("overwrite").parquet({output})'
    else:
        line = f"{found.code}.write_parquet({output})"
    at = _at_end(case.tree, found.at, line)
    if at is not None:
        yield Change((*edits, at), f"The last frame, {found.code}, is written as the answer.")


def _last(case: Case) -> _Found | None:
    """The frame that was given a name, or named, last."""
    frames: dict[str, bool] = {}
    last: _Found | None = None
    for statement in case.tree.nodes(cst.SimpleStatementLine):
        for small in statement.body:
            kind = _kind(case.tree, getattr(small, "value", None), frames)
            match small:
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
                    frames.pop(name, None)
                    if kind is not None:
                        frames[name] = kind
                        last = _Found(name, statement, kind)
                case cst.Expr(value=value) if kind is not None:
                    last = _Found(case.tree.code(value), statement, kind)
    return last


def _kind(tree: Tree, value: object, frames: dict[str, bool]) -> bool | None:
    """True for a Spark frame, False for a Ray dataset, None for anything else."""
    if not isinstance(value, cst.Call | cst.Name | cst.Attribute | cst.Subscript):
        return None
    links = list(look.links(value))
    names = {n.attr.value for n in links if isinstance(n, cst.Attribute)}
    start = links[-1]
    ends = names & _ENDS if not names & _GROUPS else names & _ENDS - {"count"}
    if not isinstance(start, cst.Name) or ends or isinstance(value, cst.Subscript):
        return None
    if start.value in frames:
        return frames[start.value] if isinstance(value, cst.Call | cst.Name) else None
    if not isinstance(value, cst.Call):
        return None
    if look.dotted(tree, links[-2]).startswith("ray.data"):
        return False
    makes = names & {"read", "sql", "table", "createDataFrame", "range"}
    return True if makes and "spark" in start.value.lower() else None


def _at_end(tree: Tree, statement: cst.CSTNode, line: str) -> Edit | None:
    """At the end of the block that has the frame, before it is left or its session stopped."""
    block = tree.parent(statement)
    body = getattr(block, "body", None)
    if not isinstance(body, list | tuple) or statement not in body:
        return None
    for later in body[list(body).index(statement) + 1 :]:
        if _leaves(later):
            return insert.before(tree, later, line)
    return insert.after(tree, body[-1], line)


def _leaves(statement: cst.CSTNode) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Return(), *_]):
            return True
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.Call() as call), *_]):
            return look.method(call) in _STOPS
    return False


def _printed(case: Case) -> Iterator[Change]:
    """Without a frame: the last value of the program is printed, as a notebook does."""
    statements = [s for s in case.tree.module.body if not _leaves(s)]
    if not statements or case.framework is Framework.SPARK:
        return
    match statements[-1]:
        case cst.SimpleStatementLine(
            body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))])]
        ):
            line = insert.after(case.tree, statements[-1], f"print({name})")
            if line is not None:
                yield Change((line,), f"The last value, {name}, is printed as the answer.")
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.Name() | cst.Subscript() as value)]):
            edits = insert.wrapped(case.tree, value, "print(", ")")
            yield Change(edits, "The last value is printed as the answer.")


# --- the folder --------------------------------------------------------------------------------


def folder(tree: Tree) -> tuple[str, tuple[Edit, ...]]:
    """The expression of the folder that `--output` names, and what the program lacks for it."""
    parsed = _parsed(tree)
    if parsed is None:
        return "output", (_parser(tree),)
    variable, statement, parser = parsed
    options = [a.value for c in look.calls(tree, "add_argument") for a in c.args]
    if any(look.text_of(o) == "--output" for o in options):
        return f"{variable}.output", ()
    added = insert.before(tree, statement, f'{parser}.add_argument("--output", default="output")')
    return f"{variable}.output", (added,) if added is not None else ()


def _parsed(tree: Tree) -> tuple[str, cst.CSTNode, str] | None:
    """`args = parser.parse_args()`: its variable, its statement, its parser."""
    for node in tree.nodes(cst.Assign):
        match node:
            case cst.Assign(
                targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.Call() as call
            ) if look.method(call) == "parse_args":
                on = look.receiver(call)
                if isinstance(on, cst.Name):
                    return name, node, on.value
    return None


def _parser(tree: Tree) -> Edit:
    """An argument parser behind the imports."""
    lines = (
        "import argparse",
        "",
        "parser = argparse.ArgumentParser()",
        'parser.add_argument("--output", default="output")',
        "output = parser.parse_args().output",
        "",
    )
    at = insert.importing(tree, "").start
    return Edit(at, at, "".join(f"{line}{tree.newline}" for line in lines))
