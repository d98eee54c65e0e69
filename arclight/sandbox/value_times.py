"""Arrow dates, times and durations as ISO 8601 text, to the nanosecond and in any year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyarrow import types as t

if TYPE_CHECKING:
    from pydantic import JsonValue

Array = Any
"""pyarrow's arrays are generic in ways that say nothing here."""

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_DAY = 86_400
_EPOCH = datetime(1970, 1, 1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()


def dates(array: Array) -> list[JsonValue]:
    if t.is_date32(array.type):
        return _each(array.view(pa.int32()), _date)
    return _each(array.view(pa.int64()), lambda v: _date(v // (_DAY * 1000)))


def times(array: Array) -> list[JsonValue]:
    per = _PER_SECOND[array.type.unit]
    width = pa.int32() if t.is_time32(array.type) else pa.int64()
    return _each(array.view(width), lambda v: _clock(v // per) + _fraction(v % per, per))


def timestamps(array: Array) -> list[JsonValue]:
    per = _PER_SECOND[array.type.unit]
    zone = _zone(array.type.tz) if array.type.tz else None
    return _each(array.view(pa.int64()), lambda v: _moment(*divmod(v, per), per, zone))


def durations(array: Array) -> list[JsonValue]:
    per = _PER_SECOND[array.type.unit]
    return _each(array.view(pa.int64()), lambda v: _period(0, 0, v, per))


def intervals(array: Array) -> list[JsonValue]:
    return [
        None if v is None else _period(v.months, v.days, v.nanoseconds, 10**9)
        for v in array.to_pylist()
    ]


def _each(numbers: Array, tell: Callable[[int], str]) -> list[JsonValue]:
    return [None if v is None else tell(v) for v in numbers.to_pylist()]


def _moment(seconds: int, fraction: int, per: int, zone: tzinfo | None) -> str:
    part = _fraction(fraction, per)
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
        if zone is not None:
            moment = moment.replace(tzinfo=UTC).astimezone(zone)
    except (OverflowError, ValueError):
        day, second = divmod(seconds, _DAY)
        return f"{_date(day)}T{_clock(second)}{part}{'+00:00' if zone else ''}"
    text = moment.isoformat(timespec="seconds")
    return f"{text[:19]}{part}{text[19:]}"


def _fraction(value: int, per: int) -> str:
    """Three, six or nine digits; nothing for a whole second."""
    if not value:
        return ""
    digits = f"{value * (10**9 // per):09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return "." + digits


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _period(months: int, days: int, value: int, per: int) -> str:
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), per)
    seconds = f"T{sign}{whole}{_fraction(part, per)}S" if value or not (months or days) else ""
    return f"P{f'{months}M' if months else ''}{f'{days}D' if days else ''}{seconds}"


def _date(days: int) -> str:
    ordinal = days + _EPOCH_DAY
    if 1 <= ordinal <= _LAST_DAY:
        return date.fromordinal(ordinal).isoformat()
    # The calendar repeats every 400 years of 146,097 days; year 2000 begins such a cycle.
    cycles, rest = divmod(ordinal - date(2000, 1, 1).toordinal(), 146_097)
    near = date.fromordinal(rest + date(2000, 1, 1).toordinal())
    return f"{near.year + 400 * cycles:+07d}-{near.month:02d}-{near.day:02d}"


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    """The zone, UTC when nobody knows it: its name comes from the file."""
    try:
        if name[:1] in "+-" and len(name) == 6:
            minutes = int(name[1:3]) * 60 + int(name[4:6])
            return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return UTC
