"""Rows of an engine as JSON values, written as a table file would have them."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from benchmarks.answers.sets import Rows

MOST_ROWS = 100_000
"""Rows that are read of an answer; more than that is right for no question."""


def json_rows(rows: Iterable[Sequence[Any]]) -> Rows:
    """Dates as `2015-03-01`, times as `2015-03-01 12:30:00`, missing and NaN as null."""
    return [[_json(value) for value in row] for row in rows]


def _json(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None if math.isnan(value) else str(value)
        case None | bool() | int() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return utc.isoformat(" ")
        case date():
            return value.isoformat()
    return str(value)
