"""Sentences for groups and their measures, and for totals over all rows."""

import ast
from collections.abc import Iterator

from services.validator.analysis.words import words
from services.validator.explain.asked import Asked
from services.validator.explain.functions import AGGREGATES
from services.validator.explain.rows import limits
from services.validator.explain.source import listed, literal, quoted

MEASURES = words(
    "count sum avg mean min max median std stddev var nunique size first last unique_count"
)
"""Methods of groups that are one measure of the columns they name."""
_SUBTOTALS = {"rollup": " with subtotals", "cube": " with totals of every combination"}


def aggregates(asked: Asked) -> str:
    """`agg(…)` and `aggregate(…)`, of groups or of all rows."""
    return _told(asked, list(_measures(asked)))


def measures(asked: Asked) -> str:
    """`sum("price")` and the like: of groups, or an action over all rows."""
    grouping = asked.teller.tables.grouping(asked.on)
    if grouping is None and asked.attr in ("first", "last"):
        return limits(asked)
    columns = [c for a in asked.args for c in asked.phrases.columns([a])]
    chosen = asked.on.slice if isinstance(asked.on, ast.Subscript) else asked.keyword("on")
    if chosen is not None and grouping is not None:
        columns = asked.phrases.columns([chosen])
    if asked.attr in ("count", "size") and not columns:
        return _told(asked, ["number of rows"]) if grouping else f"count {asked.rows}"
    words_for = AGGREGATES.get(asked.attr, f"{asked.attr} of")
    told = [f"{words_for} {c}" for c in columns] or [f"{words_for} every column"]
    return _told(asked, told)


def _told(asked: Asked, told: list[str]) -> str:
    grouping = asked.teller.tables.grouping(asked.on)
    none = all(asked.phrases.literal_list(a) == [] for a in asked.args)
    measured = listed(told) or "measures that cannot be seen here"
    if grouping is None:
        of = f" of {asked.label}" if asked.teller.tables.many else ""
        return f"over all rows{of}: {measured}"
    of = ""
    if asked.teller.tables.many and isinstance(grouping.func, ast.Attribute):
        of = f" of {asked.teller.label(grouping.func.value)}"
    keys = listed(_keys(asked, grouping)) or "group"
    if not told and none:
        return f"keep each {keys}{of} once"
    return f"for each {keys}{of}: {measured}{_pivot(asked)}{_subtotals(grouping)}"


def _keys(asked: Asked, grouping: ast.Call) -> list[str]:
    nodes = [*grouping.args, *(k.value for k in grouping.keywords if k.arg in ("by", "key"))]
    out: list[str] = []
    for node in nodes:
        literal_list = asked.phrases.literal_list(node)
        for key in literal_list if literal_list is not None else [node]:
            named = asked.phrases.named(key)
            out.append(
                f"{named[0]} = {asked.phrases.column(named[1])}"
                if named and asked.phrases.column(named[1]) != named[0]
                else asked.phrases.column(key)
            )
    return out


def _subtotals(grouping: ast.Call) -> str:
    attr = grouping.func.attr if isinstance(grouping.func, ast.Attribute) else ""
    return _SUBTOTALS.get(attr, "")


def _pivot(asked: Asked) -> str:
    match asked.on:
        case ast.Call(func=ast.Attribute(attr="pivot"), args=[column, *_]):
            return f", in a column for each {asked.phrases.column(column)}"
    return ""


def _measures(asked: Asked) -> Iterator[str]:
    for keyword in asked.keywords:
        if keyword.arg is not None and keyword.arg not in ("axis", "use_threads"):
            yield f"{_measure(asked, keyword.value)} as {keyword.arg}"
    for argument in asked.args:
        literal_list = asked.phrases.literal_list(argument)
        if isinstance(argument, ast.Dict):
            yield from _by_column(asked, argument)
        elif literal_list is not None and not isinstance(argument, ast.Tuple):
            yield from (_measure(asked, m) for m in literal_list)
        else:
            yield _measure(asked, argument)


def _by_column(asked: Asked, given: ast.Dict) -> Iterator[str]:
    """`{"price": "sum"}`, and a list of functions for a column."""
    for key, value in zip(given.keys, given.values, strict=True):
        if key is None:
            yield quoted(value)
            continue
        functions = asked.phrases.literal_list(value)
        for function in functions if functions is not None else [value]:
            yield f"{_words(asked, function)} {asked.phrases.column(key)}"


def _measure(asked: Asked, node: ast.expr) -> str:
    named = asked.phrases.named(node)
    if named is not None:
        return f"{asked.phrases.column(named[1])} as {named[0]}"
    match node:
        case ast.Tuple(elts=[column, ast.Constant(value=str(function)), *_]):
            none = asked.phrases.literal_list(column) == []
            if function == "size" or (function in ("count", "count_all") and none):
                return "number of rows"
            return f"{_word(function)} {asked.listed(column)}"
        case ast.Call(keywords=keywords):
            told = asked.phrases.of(node)
            alias = next((k.value for k in keywords if k.arg == "alias_name"), None)
            name = asked.text(alias) if alias is not None else None
            return f"{told} as {name}" if name else told
    return asked.phrases.column(node)


def _words(asked: Asked, function: ast.expr) -> str:
    text = asked.text(function)
    return _word(text) if text is not None else f"{quoted(function)} of"


def _word(function: str) -> str:
    return AGGREGATES.get(function, f"{literal(function)[1:-1].replace('_', ' ')} of")
