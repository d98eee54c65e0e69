"""Table cells as CSV: exact, or made harmless for spreadsheets.

Numbers, dates and timestamps are written as Arrow does; binary, nested and all other values as
the text that JSON has for them (arclight/sandbox/values.py); null is an empty cell, an empty text
is `""`.

Spreadsheets run a text that begins with `=`, `+`, `-`, `@`, a tab or a line break as a formula. In
safe mode such a text gets an apostrophe in front, which says "text" there. Numbers stay as they
are: columns of a numeric type, and texts that are nothing but a number.
"""

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as t

from arclight.sandbox.values import json_column

_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?$"
_YEAR = 365.2425 * 86_400
_FIRST, _LAST = -1969 * _YEAR, 8029 * _YEAR
"""Seconds of the years 1 and 9999: beyond them Arrow writes that it cannot."""
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def flat(batch: pa.RecordBatch, *, safe: bool = False) -> pa.RecordBatch:
    """`batch` with columns that CSV can carry."""
    columns = [_flat_column(c) for c in batch.columns]
    if safe:
        columns = [_harmless(c) if t.is_string(c.type) else c for c in columns]
    return pa.RecordBatch.from_arrays(columns, schema=flat_schema(batch.schema, safe=safe))


def flat_schema(schema: pa.Schema, *, safe: bool = False) -> pa.Schema:
    """The schema of `flat` batches."""
    names = schema.names
    if safe and names:
        names = _harmless(pa.array(names, pa.string())).to_pylist()
    return pa.schema([pa.field(n, _flat_type(k)) for n, k in zip(names, schema.types, strict=True)])


def _flat_column(column: Any) -> Any:
    kind = column.type
    if t.is_dictionary(kind):
        return _flat_column(column.cast(kind.value_type))
    if _is_number(kind):
        return column
    if t.is_string(kind) and _is_unicode(column):
        return column
    if (t.is_date(kind) or t.is_timestamp(kind)) and _can_be_told(column):
        return column.cast(pa.string())
    return pa.array([_text(v) for v in json_column(column)], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _flat_type(kind: pa.DataType) -> pa.DataType:
    if t.is_dictionary(kind):
        return _flat_type(kind.value_type)
    return kind if _is_number(kind) else pa.string()


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        t.is_boolean(kind)
        or t.is_integer(kind)
        or t.is_decimal(kind)
        or t.is_float32(kind)
        or t.is_float64(kind)
    )


def _is_unicode(column: Any) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _can_be_told(column: Any) -> bool:
    """True for times between the years 1 and 9999, in a zone that Arrow knows."""
    kind = column.type
    if t.is_date32(kind):
        numbers, per = column.view(pa.int32()), 1 / 86_400
    else:
        per = 1000 if t.is_date64(kind) else _PER_SECOND[kind.unit]
        numbers = column.view(pa.int64())
    span = pc.min_max(numbers)
    least, most = span["min"].as_py(), span["max"].as_py()
    if least is not None and (least / per < _FIRST or most / per > _LAST):
        return False
    try:
        column.slice(0, 1).cast(pa.string())
    except pa.ArrowException:
        return False
    return True


def _harmless(column: Any) -> Any:
    formula = pc.match_substring_regex(column, _FORMULA)
    number = pc.match_substring_regex(column, _NUMBER)
    marked = pc.binary_join_element_wise("'", column, "")
    return pc.if_else(pc.and_not(formula, number), marked, column)
