"""The same small task for each file or row: rows of each file, words of a text column."""

import re
from collections.abc import Sequence
from functools import reduce

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.codegen.planner.plan import (
    Aggregate,
    Derive,
    Func,
    Lit,
    Measure,
    Node,
    Project,
    ReadColumn,
    Scan,
    SetOp,
    SetOperation,
    WordCount,
)
from services.codegen.planner.tasks_said import Said
from services.codegen.planner.words import pieces

_FILES = r"(?:table|tables|file|files|source|sources|dataset|datasets|csv|csvs)"
_ROWS = r"(?:rows|records|lines|entries)"
_COUNT = re.compile(
    rf"(?:map )?(?:count|sum count) {_ROWS} (?:(?:per|from|by|map|over|to) )*{_FILES}"
    rf"|{_FILES} (?:and )?(?:their )?(?:count|row count|size)(?: {_ROWS})?"
    rf"|(?:row|record|line) count(?:s)? (?:(?:per|by|over) )*{_FILES}"
    rf"|{_FILES}(?: ,)? count {_ROWS}"
)


_EACH = re.compile(r"\b(?:each|every|all|per)\b", re.IGNORECASE)


def rows_of_each(prompt: str, canonical: Said, tables: Sequence[TableProfile]) -> Node | None:
    """One row per file, its name and its number of rows; None where that was not asked for.

    A single file has no "each": its rows are counted like those of any table.
    """
    if len(tables) < 2 or not _EACH.search(prompt) or not _COUNT.fullmatch(canonical.text):
        return None
    counted = [_counted(table) for table in tables]
    return reduce(lambda left, right: SetOperation(SetOp.UNION_ALL, left, right), counted)


def _counted(table: TableProfile) -> Node:
    first = table.columns[0]
    scan = Scan(table, (ReadColumn(first.name, first.type, first.name),))
    rows = Aggregate(scan, (), (Measure(Func.COUNT, None, "rows"),))
    return Project(Derive(rows, "table", Lit(table.name)), ("table", "rows"))


_COMMON = r"(?:most )?(?:common|frequent|used|frequently used)"
_WORDS = re.compile(
    r"(?:(?:count )?wordfrequency"
    rf"|(?:first|top) (?P<first># )?(?:{_COMMON} )?words|(?P<most># )?{_COMMON} words?)"
    r"(?P<name>(?: [^\s#\"]+)+)"
)
_GLUE = frozenset({"in", "from", "within", "across", "column", "field", "text", "table", "word"})


def words_of_column(canonical: Said, tables: Sequence[TableProfile]) -> WordCount | None:
    """How often each word occurs in the text column that is named; None for anything more."""
    match = _WORDS.fullmatch(canonical.text)
    if match is None:
        return None
    said = [w.rstrip("s") for word in match["name"].split() for w in pieces(word)]
    found = [(t, c) for t in tables for c in t.columns if _is_named(said, t, c)]
    if len(found) != 1:
        return None
    table, column = found[0]
    one = 1 if " word " in f"{canonical.text} " else None
    top = canonical.numbers[0] if canonical.numbers else one
    if top is not None and not (isinstance(top, int) and top > 0):
        return None
    scan = Scan(table, (ReadColumn(column.name, column.type, column.name),))
    return WordCount(scan, column.name, top)


def _is_named(said: Sequence[str], table: TableProfile, column: ColumnProfile) -> bool:
    """True when the words are the text column's name, and the table's or nothing besides."""
    names = {w.rstrip("s") for w in pieces(column.name)}
    around = _GLUE | {w.rstrip("s") for w in pieces(table.name)}
    text = column.type is ColumnType.STRING
    return text and bool(names) and names <= {*said} and {*said} - names <= around
