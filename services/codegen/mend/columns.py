"""Columns that nobody has: renamed to the one that was meant."""

import re
from collections.abc import Iterator

import libcst as cst

from services.codegen.mend import look, sql
from services.codegen.mend.alike import ranked
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_NEW = {"alias": (0,), "name": (0,), "withColumn": (0,), "withColumnRenamed": (1,)}
"""Where methods that make a column are told its name, as positions of their arguments."""
_FIRST_KEY = re.compile(r"\[?'([^']+)'")


def unresolved(case: Case) -> Iterator[Change]:
    """Spark, Arrow or Ray name a column that is not there, mostly with those that are."""
    name = case.detail("objectName")
    for part in dict.fromkeys((name, name.rpartition(".")[2])):
        yield from renamed(case, part, _proposed(case))


def missing_key(case: Case) -> Iterator[Change]:
    """A KeyError of pandas, or of a row that is a dict."""
    said = case.detail("key")
    found = _FIRST_KEY.search(said)
    yield from renamed(case, found[1] if found else said, case.columns)


def attribute(case: Case) -> Iterator[Change]:
    """`df.amuont`, where the frame has neither such a method nor such a column."""
    yield from renamed(case, unknown_attribute(case), case.columns)


def unknown_attribute(case: Case) -> str:
    """The attribute that an object does not have."""
    given = case.detail("attr_name")
    found = re.search(r"has no attribute '(\w+)'|Attribute `?(\w+)`? is not", case.failure.message)
    return given or (found[1] or found[2] if found else "")


def _proposed(case: Case) -> tuple[str, ...]:
    listed = re.split(r",\s*", case.detail("proposal"))
    parts = [p.strip() for p in listed if p.strip()]
    return (*(p.rpartition(".")[2] for p in parts), *parts, *case.columns)


def renamed(case: Case, name: str, known: tuple[str, ...]) -> Iterator[Change]:
    """The name replaced by each of the known ones that is close to it, the closest first."""
    if not name or name in known:
        return
    for meant in ranked(name, known)[:3]:
        edits = _places(case, name, meant)
        if edits:
            yield Change(
                edits, f"Column {name!r} is now {meant!r}: there is no {name!r}, and it is close."
            )


def _places(case: Case, name: str, meant: str) -> tuple[Edit, ...]:
    """Everywhere; only around the failing line when the program makes a column of this name."""
    tree = case.tree
    line = case.failure.line if _makes(tree, name) else None
    found = [*_literals(tree, name, meant, line), *_attributes(tree, name, meant, line)]
    in_sql = _in_sql(tree, name, meant, line)
    found += [e for e in in_sql if not any(o.start <= e.start < o.end for o in found)]
    return tuple(found)


def _makes(tree: Tree, name: str) -> bool:
    return any(look.text_of(a) == name for call in look.calls(tree, *_NEW) for a in _new(call))


def _new(call: cst.Call) -> list[cst.BaseExpression]:
    """The names that a call gives to new columns."""
    places = _NEW.get(look.method(call), ())
    return [call.args[i].value for i in places if i < len(call.args)]


def _literals(tree: Tree, name: str, meant: str, line: int | None) -> Iterator[Edit]:
    for node in tree.nodes(cst.SimpleString):
        text = look.text_of(node)
        if text is None or not look.around(tree, node, line) or _is_new(tree, node):
            continue
        qualifier, dot, last = text.rpartition(".")
        if text == name or (dot and last == name and qualifier.isidentifier()):
            new = f"{qualifier}{dot}{meant}" if text != name else meant
            yield Edit(*tree.span(node), look.quoted(new, tree.code(node)))


def _is_new(tree: Tree, node: cst.CSTNode) -> bool:
    """True where the text names a column that is made, or is no value at all."""
    arg = tree.parent(node)
    call = tree.parent(arg) if isinstance(arg, cst.Arg) else None
    return isinstance(arg, cst.Expr) or (isinstance(call, cst.Call) and node in _new(call))


def _attributes(tree: Tree, name: str, meant: str, line: int | None) -> Iterator[Edit]:
    modules = look.imports(tree)
    for node in tree.nodes(cst.Attribute):
        called = tree.parent(node)
        if node.attr.value != name or not look.around(tree, node, line):
            continue
        if isinstance(called, cst.Call) and called.func is node:
            continue
        if isinstance(node.value, cst.Name) and node.value.value in modules:
            continue
        if meant.isidentifier():
            yield Edit(*tree.span(node.attr), meant)
        else:
            yield Edit(tree.outer(node.value)[1], tree.span(node)[1], f"[{look.quoted(meant)}]")


def _in_sql(tree: Tree, name: str, meant: str, line: int | None) -> tuple[Edit, ...]:
    found = [*sql.pieces(tree, line), *(sql.constants(tree) if line is None else ())]
    longer = [p for p in dict.fromkeys(found) if p.text.strip() != name]
    return sql.replace(longer, sql.word(name), lambda _: sql.column(meant))
