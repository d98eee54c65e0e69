"""Dates as people write them in text cells: which `strptime` formats read a column."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

READABLE = 0.95
"""Share of the cells with a digit that must be read: the rest are notes, and become missing."""
DIGITS = 0.8
"""Share of the cells that must hold a digit: `Bye`, `TBD` or `n/a` stand for no date."""
_LOOK = 30
"""Distinct cells that are looked at before all are: most columns of text hold no dates."""
_LONGEST = 40
"""Characters. No date is longer."""

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_NAMED: Mapping[str, str] = {
    **dict.fromkeys(_MONTHS.split(), "%B"),
    **{m[:3]: "%b" for m in _MONTHS.split() if m != "may"},
    **dict.fromkeys(_DAYS.split(), "%A"),
    **{d[:3]: "%a" for d in _DAYS.split()},
}
_TIME = re.compile(r"[ T]?(\d{1,2}):(\d{2})(:\d{2})?( ?[AaPp][Mm])?$", re.ASCII)
_PART = re.compile(r"\d+|[A-Za-z]+|[^A-Za-z\d]+", re.ASCII)
_NUMERIC: Mapping[tuple[int, ...], tuple[str, ...]] = {
    (4, 2, 2): ("%Y", "%m", "%d"),
    (4, 2): ("%Y", "%m"),
    (2, 4): ("%m", "%Y"),
    (4,): ("%Y",),
}
"""Lengths of the numbers (1 counts as 2) → what they are, where there is no doubt."""


def date_formats(cells: Sequence[str]) -> tuple[str, ...]:
    """Formats that together read 95 % of the cells with digits, the most frequent one first.

    None for other columns, where day and month cannot be told apart, and for years alone.
    """
    counted = Counter(c.strip() for c in cells)
    first = [c for c, _ in counted.most_common(_LOOK)]
    if not cells or 2 * sum(_format_of(c) is not None for c in first) < len(first):
        return ()
    formats = {c: f for c in counted if (f := _format_of(c)) is not None}
    formats = _settled(formats)
    read = {c: f for c, f in formats.items() if _reads(f, c)}
    dated = sum(n for c, n in counted.items() if any(map(str.isdigit, c)))
    if dated < DIGITS * len(cells) or sum(counted[c] for c in read) < READABLE * dated:
        return ()
    by_format: Counter[str] = Counter()
    for cell, format in read.items():
        by_format[format] += counted[cell]
    found = tuple(f for f, _ in by_format.most_common())
    return () if set(found) <= {"%Y"} else found


def _reads(format: str, cell: str) -> bool:
    if "%Y" not in format and "%y" not in format:
        cell, format = f"{cell} 2000", f"{format} %Y"  # a year that has a 29 February
    try:
        datetime.strptime(cell, format)
    except ValueError:
        return False
    return True


def _format_of(cell: str) -> str | None:
    """The format of one cell; `?` stands for day and month in an order that is not known."""
    if len(cell) > _LONGEST or not any(c.isdigit() for c in cell):
        return None
    matched = _TIME.search(cell)
    time = ""
    if matched:
        cell, time = cell[: matched.start()], _time(matched)
    parts = _PART.findall(cell)
    named = [_NAMED.get(p.lower()) for p in parts if p.isalpha()]
    if None in named or len(parts) > 9:
        return None
    months = sum(n in ("%B", "%b") for n in named)
    lengths = tuple(4 if len(p) == 4 else 2 for p in parts if p.isdigit())
    if any(p.isdigit() and len(p) not in (1, 2, 4) for p in parts) or months > 1:
        return None
    roles = _with_month(parts, lengths) if months else _without_month(parts, lengths)
    return None if roles is None else _written(parts, roles) + time


def _time(matched: re.Match[str]) -> str:
    lead = matched.group()[: matched.start(1) - matched.start()]
    hour = "%I" if matched[4] else "%H"
    seconds = ":%S" if matched[3] else ""
    half = matched[4]
    noon = "" if not half else half[: len(half) - 2] + "%p"
    return f"{lead}{hour}:%M{seconds}{noon}"


def _with_month(parts: Sequence[str], lengths: tuple[int, ...]) -> tuple[str, ...] | None:
    """`March 24, 2007`, `24 Mar 07`, `Mar-07` (a year), `7-Mar` and `March 7` (days)."""
    match lengths:
        case (2, 4):
            return "%d", "%Y"
        case (4, 2):
            return "%Y", "%d"
        case (4,):
            return ("%Y",)
        case (2, 2):
            return "%d", "%y"
        case (2,):
            dashed = "-" in parts and not parts[0].isdigit()
            return ("%y",) if dashed else ("%d",)
    return None


def _without_month(parts: Sequence[str], lengths: tuple[int, ...]) -> tuple[str, ...] | None:
    if any(p.isalpha() for p in parts):
        return None
    if len(set(_marks(parts))) > 1 or any(m not in ("/", "-", ".", ". ") for m in _marks(parts)):
        return None
    if lengths in ((2, 2, 4), (2, 2, 2)):
        return "?", "?", "%Y" if lengths[2] == 4 else "%y"
    return _NUMERIC.get(lengths)


def _marks(parts: Sequence[str]) -> list[str]:
    return [p for p in parts if not p.isalnum()]


def _written(parts: Sequence[str], roles: Sequence[str]) -> str:
    numbers = iter(roles)
    return "".join(
        next(numbers) if p.isdigit() else _NAMED[p.lower()] if p.isalpha() else p for p in parts
    )


def _settled(formats: Mapping[str, str]) -> dict[str, str]:
    """Day and month put in their places by the numbers above 12; dots mean the day first."""
    settled = {c: f for c, f in formats.items() if "?" not in f}
    for format in sorted({f for f in formats.values() if "?" in f}):
        cells = [c for c, f in formats.items() if f == format]
        order = _order(cells, dotted="." in format)
        if order:
            settled |= dict.fromkeys(cells, format.replace("?", order[0], 1).replace("?", order[1]))
    return settled


def _order(cells: Iterable[str], dotted: bool) -> tuple[str, str] | None:
    numbers = [[int(n) for n in re.findall(r"\d+", c)[:2]] for c in cells]
    day_first = any(a > 12 for a, _ in numbers)
    day_second = any(b > 12 for _, b in numbers)
    if day_first and day_second:
        return None
    if day_first or (dotted and not day_second):
        return "%d", "%m"
    return ("%m", "%d") if day_second else None
