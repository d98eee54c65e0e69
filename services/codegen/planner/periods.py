"""Stretches of the calendar that a question names."""

from dataclasses import dataclass
from datetime import date, timedelta

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
