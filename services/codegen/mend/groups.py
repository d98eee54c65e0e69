"""Columns beside an aggregate: they become columns to group by."""

import re
from collections.abc import Iterator

import libcst as cst

from services.codegen.mend import look, sql
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_AGGREGATES = look.words(
    "count sum avg mean min max first last collect_list collect_set stddev stddev_pop stddev_samp "
    "variance var_pop var_samp approx_count_distinct count_distinct countDistinct sum_distinct "
    "percentile percentile_approx median mode any_value count_if corr covar_pop covar_samp "
    "max_by min_by kurtosis skewness every some bool_and bool_or"
)
_AGGREGATE_CALL = re.compile(rf"\b({'|'.join(_AGGREGATES)})\s*\(", re.IGNORECASE)
_SELECT = re.compile(r"\s*select\s+(?:distinct\s+)?(?P<list>.+?)\s+from\s", re.I | re.S)
_TAIL = re.compile(r"\s*(\b(having|order\s+by|limit|offset|window)\b|;|\Z)", re.I)
_GROUP = re.compile(
    r"\bgroup\s+by\s+(?P<list>.+?)(?=\s*(\b(having|order|limit)\b|;|\Z))", re.I | re.S
)
_ALIAS = re.compile(r"\s+(as\s+)?[\w`]+\Z", re.IGNORECASE)
_CONSTANT = re.compile(r"\s*(-?[\d.]+|'[^']*'|null|true|false)\s*\Z", re.IGNORECASE)


def missing_group(case: Case) -> Iterator[Change]:
    """An aggregate stands beside plain columns, and nothing groups by these."""
    for piece in sql.everywhere(case.tree, case.failure.line):
        found = _in_sql(piece)
        if found is not None:
            edit, names = found
            yield _change((edit,), names)
    calls = look.calls(case.tree, "select", "agg")
    for call in look.here(case.tree, calls, case.failure.line):
        yield from _MENDERS[look.method(call)](case.tree, call)


def _change(edits: tuple[Edit, ...], names: list[str]) -> Change:
    listed = ", ".join(names)
    return Change(
        edits,
        f"It groups by {listed}, which stood beside an aggregate.",
        f"There is one row for each {listed}.",
    )


def _in_sql(piece: sql.Piece) -> tuple[Edit, list[str]] | None:
    """The SQL with what it lacks behind GROUP BY; only for one plain SELECT."""
    text = piece.text
    found = _SELECT.match(text)
    if not piece.whole or found is None or len(re.findall(r"\bselect\b", text, re.I)) != 1:
        return None
    items = _split(found["list"])
    if not any(_AGGREGATE_CALL.search(i) for i in items) or re.search(r"\bover\s*\(", text, re.I):
        return None
    group = _GROUP.search(text)
    known = {_plain(g) for g in _split(group["list"])} if group else set()
    plain = [bare for i in items if not _AGGREGATE_CALL.search(i) and (bare := _bare(i))]
    lacking = [p for p in plain if _plain(p) not in known and not _CONSTANT.match(p)]
    if not lacking or "*" in plain:
        return None
    listed = ", ".join(lacking)
    if group:
        return piece.edit(group.end("list"), group.end("list"), f", {listed}"), lacking
    tail = _TAIL.search(text, found.end())
    at = tail.start() if tail else len(text)
    return piece.edit(at, at, f" GROUP BY {listed}"), lacking


def _split(listed: str) -> list[str]:
    """The items of a list at commas outside of parentheses and quotes."""
    items, depth, quote = [""], 0, ""
    for char in listed:
        quote = "" if char == quote else quote or (char if char in "'\"`" else "")
        depth += 0 if quote else (char == "(") - (char == ")")
        if char == "," and depth == 0 and not quote:
            items.append("")
        else:
            items[-1] += char
    return items


def _bare(item: str) -> str:
    """The item without the name that it is given."""
    item = item.strip()
    without = _ALIAS.sub("", item)
    return without if without.count("(") == without.count(")") else item


def _plain(item: str) -> str:
    return re.sub(r"[\s`]", "", item).casefold()


def _select(tree: Tree, call: cst.Call) -> Iterator[Change]:
    """`df.select("a", F.sum("b"))` → `df.groupBy("a").agg(F.sum("b"))`."""
    kinds = [_kind(tree, arg) for arg in call.args]
    plain = kinds.count("column")
    if not plain or kinds != ["column"] * plain + ["aggregate"] * (len(kinds) - plain):
        return
    if plain == len(kinds) or not isinstance(call.func, cst.Attribute):
        return
    last, first = call.args[plain - 1].value, call.args[plain].value
    edits = (
        Edit(*tree.span(call.func.attr), "groupBy"),
        Edit(tree.outer(last)[1], tree.outer(first)[0], ").agg("),
    )
    yield _change(edits, [_named(a.value) for a in call.args[:plain]])


def _agg(tree: Tree, call: cst.Call) -> Iterator[Change]:
    """A plain column in `.agg(…)` moves into `.groupBy(…)`."""
    grouped = look.receiver(call)
    if not isinstance(grouped, cst.Call) or look.method(grouped) not in ("groupBy", "groupby"):
        return
    moved = [a for a in call.args if _kind(tree, a) == "column"]
    if not moved or len(moved) == len(call.args):
        return
    listed = ", ".join(tree.code(a.value) for a in moved)
    comma = ", " if grouped.args else ""
    end = tree.outer(grouped.args[-1].value)[1] if grouped.args else tree.span(grouped)[1] - 1
    edits = [Edit(end, end, f"{comma}{listed}")]
    edits += [_without(tree, call, arg) for arg in moved]
    yield _change(tuple(edits), [_named(a.value) for a in moved])


_MENDERS = {"select": _select, "agg": _agg}


def _without(tree: Tree, call: cst.Call, arg: cst.Arg) -> Edit:
    """The argument is gone, with the comma behind it, or the one before the last."""
    number = list(call.args).index(arg)
    start, end = tree.outer(arg.value)
    if number + 1 < len(call.args):
        return Edit(start, tree.outer(call.args[number + 1].value)[0], "")
    return Edit(tree.outer(call.args[number - 1].value)[1], end, "")


def _kind(tree: Tree, arg: cst.Arg) -> str:
    """`column`, `aggregate`, or empty for what is neither for sure."""
    if arg.star or arg.keyword is not None:
        return ""
    for link in look.links(arg.value):
        if isinstance(link, cst.Call):
            full = look.dotted(tree, link.func)
            if full.startswith(look.FUNCTIONS) and look.method(link) in _AGGREGATES:
                return "aggregate"
    return "column" if _named(arg.value) else ""


def _named(node: cst.CSTNode) -> str:
    """The name of a plain column; empty for anything else."""
    match node:
        case cst.SimpleString():
            text = look.text_of(node) or ""
            return "" if text == "*" else text
        case cst.Attribute(value=cst.Name(), attr=cst.Name(value=name)):
            return name
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return look.text_of(index) or ""
        case cst.Call(args=[cst.Arg(value=value)]) if look.method(node) in ("col", "column"):
            return look.text_of(value) or ""
    return ""
