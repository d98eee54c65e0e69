"""Methods, functions and keywords that are spelt a little differently."""

import re
from collections.abc import Iterator

import libcst as cst

from arclight.contracts.names import Framework
from services.codegen.mend import columns, known, look, sql
from services.codegen.mend.alike import clear
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_OWNER = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_KEYWORD = re.compile(r"([\w.]+)\(\) got an unexpected keyword argument '(\w+)'")
_OTHERWISE = {
    "sort_values": "orderBy", "append": "union", "concat": "union", "group_by": "groupBy",
    "nunique": "distinct", "delimiter": "sep", "notNull": "isNotNull", "notnull": "isNotNull",
    "is_in": "isin", "to_pandas": "toPandas", "drop_duplicates": "dropDuplicates",
    "len": "length", "getdate": "current_timestamp", "string_length": "length",
}  # fmt: skip
"""What other libraries call it."""
_SQL_WORDS = sorted(
    look.words(
        "select from where group by order having limit join left right inner outer full cross "
        "on as and or not in is null like between case when then else end distinct union all "
        "with over partition desc asc cast using values"
    )
)


def attribute(case: Case) -> Iterator[Change]:
    """An object has no such method, a module no such function, a frame no such column."""
    name = columns.unknown_attribute(case)
    offered, owner = _offered(case)
    meant = _meant(name, offered)
    if meant:
        yield _renamed(case, name, meant, f"{owner} has no {name!r}")
    yield from columns.attribute(case)


def _offered(case: Case) -> tuple[tuple[str, ...], str]:
    """What the object or module has instead, and what it is."""
    if found := _MODULE.search(case.failure.message):
        return known.members(found[1]), found[1]
    found = _OWNER.search(case.failure.message)
    owner = found[1].rpartition(".")[2] if found else "DataFrame"
    if found and owner in ("DataFrame", "Series"):
        names = [f"pandas.{owner}", owner]
    elif found and owner == "GroupedData" and case.framework is Framework.RAY:
        names = ["ray.GroupedData"]
    else:
        names = [owner]
    return next((m for n in names if (m := known.methods(n))), ()), f"A {owner}"


def _meant(name: str, offered: tuple[str, ...]) -> str | None:
    other = _OTHERWISE.get(name)
    return clear(name, offered) or (other if other in offered else None)


def _renamed(case: Case, name: str, meant: str, why: str) -> Change:
    found = [n for n in case.tree.nodes(cst.Attribute) if n.attr.value == name]
    edits = tuple(Edit(*case.tree.span(n.attr), meant) for n in found)
    return Change(edits, f".{name} is now .{meant}: {why}.")


def method_of_column(case: Case) -> Iterator[Change]:
    """`F.col("a").isnull()`: Spark takes the method for a field, and calls it in vain. Spark
    Connect does the same with a method that a frame does not have."""
    if "'Column' object is not callable" not in case.failure.message:
        return
    for call in look.calls(case.tree):
        on, name = look.receiver(call), look.method(call)
        if on is None or not look.around(case.tree, call, case.failure.line):
            continue
        owner = _owner(case.tree, on)
        offered = known.methods(owner)
        meant = _meant(name, offered) if owner and name not in offered else None
        if meant:
            yield _renamed(case, name, meant, f"A {owner} has no {name!r}")


def _owner(tree: Tree, on: cst.CSTNode) -> str:
    """`Column` or `DataFrame`, as far as the text shows; empty for a module."""
    if isinstance(on, cst.Attribute | cst.Subscript | cst.BinaryOperation | cst.Comparison):
        return "Column"
    begins = [look.dotted(tree, link) for link in look.links(on)]
    if any(b.startswith(look.FUNCTIONS + ".") for b in begins):
        return "Column"
    start = look.root(on)
    if isinstance(start, cst.Name) and start.value not in look.imports(tree):
        return "DataFrame"
    return ""


def keyword(case: Case) -> Iterator[Change]:
    """A function does not know a keyword that it is called with."""
    found = _KEYWORD.search(case.failure.message)
    if not found:
        return
    function, name = found[1].rpartition(".")[2], found[2]
    meant = _meant(name, known.keywords(function))
    calls = look.calls(case.tree, function)
    here = [c for c in calls if look.around(case.tree, c, case.failure.line)] or calls
    edits = tuple(
        Edit(*case.tree.span(arg.keyword), meant)
        for call in here
        for arg in call.args
        if meant and arg.keyword is not None and arg.keyword.value == name
    )
    if edits:
        yield Change(edits, f"{name}= is now {meant}=: {function}() has no {name!r}.")


def routine(case: Case) -> Iterator[Change]:
    """SQL calls a function that Spark does not have."""
    name = case.detail("routineName").rpartition(".")[2]
    meant = _meant(name, known.members(look.FUNCTIONS)) if name else None
    if meant is None:
        return
    texts = sql.everywhere(case.tree, case.failure.line)
    edits = sql.replace(texts, rf"\b{re.escape(name)}(?=\s*\()", lambda _: meant)
    if edits:
        yield Change(edits, f"{name}() is now {meant}(): Spark has no function {name!r}.")


def sql_word(case: Case) -> Iterator[Change]:
    """SQL does not parse at a word that is nearly one of its own."""
    near = re.search(r"'(\w+)'", case.detail("error") or case.failure.message)
    if not near or near[1].lower() in _SQL_WORDS:
        return
    meant = clear(near[1], _SQL_WORDS)
    if meant is None:
        return
    new = meant.upper() if near[1].isupper() else meant
    texts = sql.everywhere(case.tree, case.failure.line)
    edits = sql.replace(texts, rf"\b{re.escape(near[1])}\b", lambda _: new)
    if edits:
        said = f"{near[1]!r} is now {new!r} in the SQL, which did not parse there."
        yield Change(edits[:1], said)


# --- the star import ---------------------------------------------------------------------------

_SHADOWED = look.words("sum max min abs round pow filter hash slice any all len")


def shadowed(case: Case) -> Iterator[Change]:
    """`from pyspark.sql.functions import *` replaced Python's own sum, max, min, …"""
    tree = case.tree
    stars = [
        n
        for n in tree.nodes(cst.ImportFrom)
        if isinstance(n.names, cst.ImportStar)
        and n.module is not None
        and tree.code(n.module) == look.FUNCTIONS
    ]
    bound = look.bound(tree)
    if len(stars) != 1 or "F" in bound:
        return
    spark = set(known.members(look.FUNCTIONS)) - bound
    edits = [Edit(*tree.span(stars[0]), "from pyspark.sql import functions as F")]
    for call in look.calls(tree):
        name = call.func
        if not isinstance(name, cst.Name) or name.value not in spark:
            continue
        own = name.value in _SHADOWED and look.around(tree, call, case.failure.line)
        if not own or not _innermost(case, call):
            edits.append(Edit(*tree.span(name), f"F.{name.value}"))
    said = "Spark's functions are named F.…: the star import had replaced Python's own"
    yield Change(tuple(edits), f"{said}, such as sum and max.")


def _innermost(case: Case, call: cst.Call) -> bool:
    """True for a call that is not an argument of a Spark method: Python's own is meant."""
    outer = (n for n in case.tree.above(call) if isinstance(n, cst.Call))
    return not any(isinstance(o.func, cst.Attribute) for o in outer)
