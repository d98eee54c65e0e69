"""Columns that two sides of a join have: said which one."""

import dataclasses
import re
from collections.abc import Iterator

import libcst as cst

from arclight.contracts.finding import Finding
from services.codegen.mend import look, sql
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_KEEPS_LEFT = (None, "inner", "left", "leftouter", "left_outer")
"""Kinds of join after which the left side's key is the key: joining by name changes no row."""


def ambiguous(case: Case) -> Iterator[Change]:
    """Spark cannot tell which of two columns of one name is meant."""
    name = case.detail("name").rpartition(".")[2]
    if not name:
        return
    yield from _by_name(case, name)
    yield from _by_alias(case, name)
    yield from _by_frame(case, name)


def ambiguous_before(case: Case, finding: Finding) -> Iterator[Change]:
    """COL003: the validator sees the same, and lists the sides that have aliases."""
    found = re.search(r"'(.+?)'", finding.message)
    sides = f"[{', '.join(finding.candidates)}]"
    details = {"name": found[1] if found else "", "referenceNames": sides}
    failure = case.failure.model_copy(update={"details": details, "line": finding.line})
    yield from ambiguous(dataclasses.replace(case, failure=failure))


def _by_name(case: Case, name: str) -> Iterator[Change]:
    """`a.join(b, a.id == b.id)` has `id` twice; `a.join(b, "id")` has it once."""
    tree = case.tree
    for call in look.calls(tree, "join"):
        if len(call.args) < 2 or _how(call) not in _KEEPS_LEFT:
            continue
        condition = call.args[1].value
        if _same_name(condition) == name:
            edit = Edit(*tree.outer(condition), look.quoted(name))
            yield Change((edit,), f"The join is by the name {name!r}, so that it is there once.")


def _how(call: cst.Call) -> str | None:
    named = [a.value for a in call.args if a.keyword is not None and a.keyword.value == "how"]
    given = named or [a.value for a in call.args[2:3]]
    return (look.text_of(given[0]) or "unknown") if given else None


def _same_name(condition: cst.CSTNode) -> str | None:
    """The name that both sides of an equality have."""
    match condition:
        case cst.Comparison(
            left=left, comparisons=[cst.ComparisonTarget(operator=cst.Equal(), comparator=right)]
        ):
            names = {_name(left), _name(right)}
            return names.pop() if len(names) == 1 else None
    return None


def _name(node: cst.CSTNode) -> str | None:
    """The column of `df.id`, `df["id"]` or `F.col("a.id")`."""
    match node:
        case cst.Attribute(value=cst.Name(), attr=cst.Name(value=name)):
            return name
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return look.text_of(index)
        case cst.Call(args=[cst.Arg(value=value)]) if look.method(node) in ("col", "column"):
            return (look.text_of(value) or "").rpartition(".")[2] or None
    return None


def _by_alias(case: Case, name: str) -> Iterator[Change]:
    """The frames have aliases, and Spark lists them."""
    listed = [part.strip() for part in case.detail("referenceNames").strip("[]").split(",")]
    sides = [part.rpartition(".")[0] for part in listed]
    if not all(sides) or len(set(sides)) != len(sides):
        return
    for side in sides:
        edits = _qualified(case.tree, name, side, case.failure.line)
        if edits:
            yield Change(
                edits,
                f"{name!r} is now {side}.{name}: {_both(sides)} have a column of that name.",
                f"{name!r} is taken from {side}, not from {_others(sides, side)}.",
            )


def _qualified(tree: Tree, name: str, side: str, line: int | None) -> tuple[Edit, ...]:
    literals = tuple(
        Edit(*tree.span(node), look.quoted(f"{side}.{name}", tree.code(node)))
        for node in _bare(tree, name, line)
    )
    bare = rf"(?<![\w`.])(?<!\bas )`?{name}`?(?![\w`(.])" if sql.IDENTIFIER.match(name) else "(?!)"
    texts = [p for p in sql.pieces(tree, line) if p.text.strip() != name]
    return literals or sql.replace(texts, bare, lambda m: f"{side}.{m[0]}")


def _bare(tree: Tree, name: str, line: int | None) -> list[cst.SimpleString]:
    """The column's name alone as an argument around the line, where it is read."""
    found = [n for n in tree.nodes(cst.SimpleString) if look.text_of(n) == name]
    return look.here(tree, [n for n in found if _is_read(tree, n)], line)


def _is_read(tree: Tree, node: cst.CSTNode) -> bool:
    arg = tree.parent(node)
    call = tree.parent(arg) if isinstance(arg, cst.Arg) else None
    makers = ("alias", "join", "withColumnRenamed")
    return isinstance(call, cst.Call) and look.method(call) not in makers


def _by_frame(case: Case, name: str) -> Iterator[Change]:
    """The sides have names in the program: the left one's column is meant, and it is said."""
    tree = case.tree
    nodes = _bare(tree, name, case.failure.line)
    for call in reversed(look.calls(tree, "join")):
        left, right = look.receiver(call), call.args[0].value if call.args else None
        if not isinstance(left, cst.Name) or not isinstance(right, cst.Name) or not nodes:
            continue
        if left.value == right.value:
            continue
        new = f"{left.value}[{look.quoted(name)}]"
        yield Change(
            tuple(_in_place(tree, node, new) for node in nodes),
            f"{name!r} is now {new}: both sides of the join have a column of that name.",
            f"{name!r} is taken from {left.value}, not from {right.value}.",
        )


def _in_place(tree: Tree, node: cst.CSTNode, new: str) -> Edit:
    """Around the call as well, when it is `F.col("…")`."""
    arg = tree.parent(node)
    call = tree.parent(arg) if arg is not None else None
    whole = isinstance(call, cst.Call) and look.method(call) in ("col", "column")
    return Edit(*tree.span(call if whole and call is not None else node), new)


def _both(sides: list[str]) -> str:
    return " and ".join(sides)


def _others(sides: list[str], side: str) -> str:
    return _both([s for s in sides if s != side])
