"""Stretches of the calendar that a question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {m[:3]: i for i, m in enumerate(MONTHS, 1)} | {"sept": 9}
_LONG = {m: i for i, m in enumerate(MONTHS, 1)}

YEARS = range(1500, 2200)
"""Four-digit numbers that a reader takes for a year."""


@dataclass(frozen=True)
class Period:
    """From `first`, included, to `end`, left out."""

    first: date
    end: date


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or its usual abbreviation, in lower case."""
    return _LONG.get(word) or _SHORT.get(word.rstrip("."))


@dataclass(frozen=True)
class Day:
    """A date as far as it is written: `October 16` has no year, `October 2010` no day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def fits(self, said: "Day") -> bool:
        """True when everything that was said is written here, and the same."""
        pairs = ((said.year, self.year), (said.month, self.month), (said.day, self.day))
        return all(a is None or a == b for a, b in pairs)


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_MONTH_FIRST = re.compile(r"(?:[a-z]+, )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_DAY_FIRST = re.compile(
    r"(?:[a-z]+,? )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)\.?(?:,? (\d{4}))?"
)
_MONTH_ONLY = re.compile(r"([a-z]+)\.?,? (\d{4})")


def read_day(text: str, formats: Sequence[str] = ()) -> Day | None:
    """The date that a text writes, by `formats` of `strptime` first; None when it is none."""
    for format in formats:
        parts = set(re.findall(r"%[A-Za-z]", format))
        dated = bool(parts & {"%Y", "%y"})
        # A year that has a 29 February stands in for one that is not written.
        cell, wanted = (text.strip(), format) if dated else (f"{text.strip()} 2000", f"{format} %Y")
        try:
            read = datetime.strptime(cell, wanted)
        except ValueError:
            continue
        month = read.month if parts & {"%m", "%B", "%b"} else None
        return Day(read.year if dated else None, month, read.day if "%d" in parts else None)
    return _written_day(text)


def _written_day(text: str) -> Day | None:
    plain = " ".join(text.casefold().split())
    if m := _ISO.fullmatch(plain):
        return _day_of(int(m[1]), int(m[2]), int(m[3]))
    if m := _MONTH_FIRST.fullmatch(plain):
        return _day_of(_int(m[3]), month_number(m[1]), int(m[2]))
    if m := _DAY_FIRST.fullmatch(plain):
        return _day_of(_int(m[3]), month_number(m[2]), int(m[1]))
    if m := _MONTH_ONLY.fullmatch(plain):
        return _day_of(int(m[2]), month_number(m[1]), None)
    return None


def _day_of(year: int | None, month: int | None, day: int | None) -> Day | None:
    if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return Day(year, month, day)


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def year_period(year: int) -> Period:
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def month_period(year: int, month: int) -> Period:
    end = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return Period(date(year, month, 1), end)


def quarter_period(year: int, quarter: int) -> Period:
    first = month_period(year, quarter * 3 - 2)
    return Period(first.first, month_period(year, quarter * 3).end)


def day_period(year: int, month: int, day: int) -> Period | None:
    """None when there is no such day."""
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    return Period(first, first + timedelta(days=1))


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = month_period(year, month + 1).end - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))
