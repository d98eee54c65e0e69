"""Arrow values as JSON and as CSV text, without losing what the value says."""

import base64
import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pydantic import JsonValue


def json_cell(value: Any) -> JsonValue:
    """`value` as JSON: decimals and non-finite numbers as text, times in ISO 8601, bytes as base64.

    A decimal as a JSON number would be read as a binary float and change.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {str(k): json_cell(v) for k, v in value.items()}
        case Sequence():
            return [json_cell(v) for v in value]
        case _:
            return str(value)


def json_rows(batch: pa.RecordBatch) -> list[list[JsonValue]]:
    """The rows of `batch`, each in the order of its columns."""
    columns = [[json_cell(v) for v in column.to_pylist()] for column in batch.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` with its nested and binary columns as JSON text, which CSV can carry."""
    columns = [_flat_column(c) for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of `flat` batches."""
    return pa.schema([(f.name, _flat_type(f.type)) for f in schema])


def _flat_column(column: "pa.Array[Any]") -> "pa.Array[Any]":
    wanted = _flat_type(column.type)
    if wanted == column.type:
        return column
    if pa.types.is_dictionary(column.type):
        return column.cast(wanted)
    cells = (json_cell(v) for v in column.to_pylist())
    return pa.array(
        [c if c is None or isinstance(c, str) else json.dumps(c) for c in cells], wanted
    )


def _flat_type(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(type_):
        return _flat_type(type_.value_type)
    plain = (
        pa.types.is_boolean(type_)
        or pa.types.is_integer(type_)
        or pa.types.is_floating(type_)
        or pa.types.is_decimal(type_)
        or pa.types.is_string(type_)
        or pa.types.is_large_string(type_)
        or pa.types.is_date(type_)
        or pa.types.is_timestamp(type_)
    )
    return type_ if plain else pa.string()
