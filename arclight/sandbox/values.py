"""Arrow values as JSON.

| Arrow | JSON |
|---|---|
| null, NaN | null |
| boolean, integer, float, text | the same |
| infinity | "Infinity", "-Infinity" |
| decimal | text, so that no digit is lost |
| date, time, timestamp | ISO 8601 text |
| duration | text in seconds |
| binary | hexadecimal text |
| list, struct, map | array, object, array of pairs |
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pydantic import JsonValue

MAX_CELL = 2000
"""Characters of one text cell in a preview."""


def json_rows(table: pa.Table) -> list[tuple[JsonValue, ...]]:
    """The rows of a small table."""
    columns = [[json_value(v) for v in _values(column)] for column in table.columns]
    return list(zip(*columns, strict=True)) if columns else []


def json_value(value: Any) -> JsonValue:
    """One value as the table above says."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return _number(value)
        case str():
            return value if len(value) <= MAX_CELL else value[:MAX_CELL] + "…"
        case Decimal():
            return str(value)
        case bytes():
            return value[: MAX_CELL // 2].hex()
        case timedelta():
            return f"{value.total_seconds():g}"
        case dict():
            return {str(k): json_value(v) for k, v in value.items()}
        case list() | tuple():
            return [json_value(v) for v in value]
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)[:MAX_CELL]


def _number(value: float) -> JsonValue:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _values(column: "pa.ChunkedArray[Any]") -> Sequence[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python's datetime has no nanoseconds.
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        column = column.cast(pa.duration("us"), safe=False)
    values: Sequence[Any] = column.to_pylist()
    return values
