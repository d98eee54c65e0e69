"""Arrow values as JSON: the one mapping of previews, result pages and nested CSV cells.

| Arrow | JSON |
|---|---|
| null | null |
| boolean, integer, finite float | the same; integers keep all digits, also beyond 2^53 |
| NaN, infinity | "NaN", "Infinity", "-Infinity": never null |
| decimal | text with all its digits |
| text | text; bytes that are no UTF-8 show as U+FFFD |
| date, time, timestamp | ISO 8601 text with as many digits as there are, to the nanosecond; a
  timestamp with a zone has that zone's offset. Years before 1 and after 9999 have a sign and six
  digits, and are in UTC |
| duration, interval | ISO 8601 text: "PT90S", "P1M2DT0.5S" |
| binary | base64 text |
| list | array |
| struct | object; an array of its values when two fields have the same name |
| map | array of [key, value] pairs |
| dictionary | its values |

The column's `type` says which of these a text is. Standard library and pyarrow only: it is also
loaded by the process that reads what nobody trusts.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import types as t

from arclight.sandbox.value_times import dates, durations, intervals, times, timestamps

if TYPE_CHECKING:
    from pydantic import JsonValue

MAX_CELL = 2000
"""Characters of one text in a preview."""
MAX_ITEMS = 200
"""Items of one list in a preview."""
_CUT = "…"

Array = Any
"""pyarrow's arrays are generic in ways that say nothing here."""


def json_rows(batch: Any, *, short: bool = False) -> list[tuple[JsonValue, ...]]:
    """The rows of a batch or a table of few rows. `short` cuts long cells, as a preview does."""
    columns = [json_column(column, short=short) for column in batch.columns]
    return list(zip(*columns, strict=True)) if columns else []


def json_column(array: Array, *, short: bool = False) -> list[JsonValue]:
    """The values of one column, as the table above says."""
    if isinstance(array, pa.ChunkedArray):
        return [v for chunk in array.chunks for v in json_column(chunk, short=short)]
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    for is_kind, convert in _CONVERT:
        if is_kind(array.type):
            return convert(array, short)
    return [None if v is None else str(v)[:MAX_CELL] for v in array.to_pylist()]


def _same(array: Array, _: bool) -> list[JsonValue]:
    values: list[JsonValue] = array.to_pylist()
    return values


def _floats(array: Array, _: bool) -> list[JsonValue]:
    if t.is_float16(array.type):
        array = array.cast(pa.float32())
    return [v if v is None or math.isfinite(v) else _not_finite(v) for v in array.to_pylist()]


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _decimals(array: Array, _: bool) -> list[JsonValue]:
    # `str` would write 0E-10.
    return [None if v is None else format(v, "f") for v in array.to_pylist()]


def _texts(array: Array, short: bool) -> list[JsonValue]:
    try:
        values = array.to_pylist()
    except UnicodeDecodeError:
        raw = array.cast(pa.large_binary()).to_pylist()
        values = [None if v is None else v.decode("utf-8", "replace") for v in raw]
    if not short:
        return values  # type: ignore[no-any-return]
    return [v if v is None or len(v) <= MAX_CELL else v[:MAX_CELL] + _CUT for v in values]


def _bytes(array: Array, short: bool) -> list[JsonValue]:
    most = MAX_CELL // 4 * 3 if short else None
    return [None if v is None else _base64(v, most) for v in array.to_pylist()]


def _base64(value: bytes, most: int | None) -> str:
    text = base64.b64encode(value[:most]).decode()
    return text if most is None or len(value) <= most else text + _CUT


def _dictionary(array: Array, short: bool) -> list[JsonValue]:
    values = json_column(array.dictionary, short=short)
    return [None if i is None else values[i] for i in array.indices.to_pylist()]


# --- nested ------------------------------------------------------------------------------------


def _lists(array: Array, short: bool) -> list[JsonValue]:
    return _slices(array, array.offsets.to_pylist(), [array.values], short, lambda found: found[0])


def _fixed_lists(array: Array, short: bool) -> list[JsonValue]:
    size, start = array.type.list_size, array.offset
    offsets = [(start + i) * size for i in range(len(array) + 1)]
    return _slices(array, offsets, [array.values], short, lambda found: found[0])


def _maps(array: Array, short: bool) -> list[JsonValue]:
    def pairs(found: Sequence[list[JsonValue]]) -> list[JsonValue]:
        return [list(pair) for pair in zip(*found, strict=True)]

    return _slices(array, array.offsets.to_pylist(), [array.keys, array.items], short, pairs)


def _slices(
    array: Array,
    offsets: Sequence[int],
    children: Sequence[Array],
    short: bool,
    join: Callable[[Sequence[list[JsonValue]]], list[JsonValue]],
) -> list[JsonValue]:
    """One list per row, cut out of the children."""
    valid = array.is_valid().to_pylist()
    if short:
        return [_few(children, o, n, join) if ok else None for ok, o, n in _spans(valid, offsets)]
    first, length = offsets[0], offsets[-1] - offsets[0]
    cells = join([json_column(child.slice(first, length)) for child in children])
    return [cells[o - first : n - first] if ok else None for ok, o, n in _spans(valid, offsets)]


def _spans(valid: Iterable[bool], offsets: Sequence[int]) -> Iterable[tuple[bool, int, int]]:
    return zip(valid, offsets, offsets[1:], strict=False)


def _few(
    children: Sequence[Array],
    start: int,
    end: int,
    join: Callable[[Sequence[list[JsonValue]]], list[JsonValue]],
) -> list[JsonValue]:
    length = min(end - start, MAX_ITEMS)
    cells = join([json_column(child.slice(start, length), short=True) for child in children])
    return cells if length == end - start else [*cells, _CUT]


def _structs(array: Array, short: bool) -> list[JsonValue]:
    names = [field.name for field in array.type]
    columns = [json_column(child, short=short) for child in array.flatten()]
    rows = zip(*columns, strict=True) if columns else iter([()] * len(array))
    valid = array.is_valid().to_pylist()
    if len(set(names)) < len(names):
        return [list(row) if ok else None for ok, row in zip(valid, rows, strict=True)]
    return [
        dict(zip(names, row, strict=True)) if ok else None
        for ok, row in zip(valid, rows, strict=True)
    ]


_CONVERT: Sequence[
    tuple[Callable[[pa.DataType], bool], Callable[[Array, bool], list[JsonValue]]]
] = (
    (t.is_integer, _same),
    (t.is_floating, _floats),
    (lambda k: t.is_string(k) or t.is_large_string(k) or t.is_string_view(k), _texts),
    (t.is_boolean, _same),
    (t.is_null, _same),
    (t.is_decimal, _decimals),
    (t.is_timestamp, lambda array, _: timestamps(array)),
    (t.is_date, lambda array, _: dates(array)),
    (t.is_time, lambda array, _: times(array)),
    (t.is_duration, lambda array, _: durations(array)),
    (t.is_interval, lambda array, _: intervals(array)),
    (
        lambda k: (
            t.is_binary(k)
            or t.is_large_binary(k)
            or t.is_binary_view(k)
            or t.is_fixed_size_binary(k)
        ),
        _bytes,
    ),
    (t.is_dictionary, _dictionary),
    (t.is_map, _maps),
    (lambda k: t.is_list(k) or t.is_large_list(k), _lists),
    (t.is_fixed_size_list, _fixed_lists),
    (t.is_struct, _structs),
)
