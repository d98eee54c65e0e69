"""Execution accuracy of an answer, strict and lenient.

Strict: the rows of the gold answer, as often as there, in any order of rows (the gold's where the
question asks for an order) and in any order of columns. Lenient: up to two columns more. Values
are equal as numbers to three decimals, where both are numbers or spell one (`1,234`), else as text
without regard to case and to runs of blanks; a missing value is an empty text.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

Value = float | str
EXTRA = 2
"""Columns that a lenient answer may have more than the gold one."""
_BLANKS = re.compile(r"\s+")


def strict(found: Sequence[Sequence[Any]], gold: Sequence[Sequence[Any]], ordered: bool) -> bool:
    """True for exactly the rows of the gold answer."""
    return agrees(found, gold, ordered, 0)


def lenient(found: Sequence[Sequence[Any]], gold: Sequence[Sequence[Any]], ordered: bool) -> bool:
    """True when the gold answer stands in the found one, with EXTRA columns more at most."""
    return agrees(found, gold, ordered, EXTRA)


def agrees(
    found: Sequence[Sequence[Any]], gold: Sequence[Sequence[Any]], ordered: bool, extra: int
) -> bool:
    """True when the columns of `gold` can be picked from `found`, row by row."""
    if len(found) != len(gold):
        return False
    if not gold:
        return True
    wide, narrow = len(found[0]), len(gold[0])
    if not narrow <= wide <= narrow + extra or any(len(row) != wide for row in found):
        return False
    return _picked(_columns(found), _columns(gold), ordered)


def columns_found(found: Sequence[Sequence[Any]], gold: Sequence[Sequence[Any]]) -> int:
    """How many columns of `gold` stand in `found` with the same values, each taken once."""
    if not found or not gold:
        return 0
    theirs = Counter(_bag(c) for c in _columns(gold))
    return sum((Counter(_bag(c) for c in _columns(found)) & theirs).values())


def canonical(value: Any) -> Value:
    """What is compared."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool | int | float):
        return round(float(value), 3)
    text = str(value).strip()
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = math.inf
    if math.isfinite(number):
        return round(number, 3)
    return _BLANKS.sub(" ", text.casefold())


_Column = tuple[Value, ...]


def _columns(rows: Sequence[Sequence[Any]]) -> list[_Column]:
    return list(zip(*(tuple(canonical(v) for v in row) for row in rows), strict=True))


def _bag(column: _Column) -> frozenset[tuple[Value, int]]:
    return frozenset(Counter(column).items())


def _picked(found: list[_Column], gold: list[_Column], ordered: bool) -> bool:
    """Search with backtracking: each gold column in turn, kept while the rows so far agree."""

    def same(picks: list[_Column]) -> bool:
        pairs = list(zip(*picks, strict=True)), list(zip(*gold[: len(picks)], strict=True))
        return pairs[0] == pairs[1] if ordered else Counter(pairs[0]) == Counter(pairs[1])

    def search(picks: list[_Column], left: list[_Column]) -> bool:
        if len(picks) == len(gold):
            return True
        for column in dict.fromkeys(left):  # equal columns are interchangeable
            rest = left.copy()
            rest.remove(column)
            if same([*picks, column]) and search([*picks, column], rest):
                return True
        return False

    return search([], found)
