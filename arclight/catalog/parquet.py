"""Parquet: the schema says the types, the footer the row count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as arrow_parquet
from pyarrow import types as t

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.header import check_names
from arclight.catalog.infer import text_column, typed_column
from arclight.catalog.profile import ColumnProfile, ColumnType


def check_rows(path: Path) -> int:
    """Read the footer; the row count. Raises BadUpload."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


def sample(path: Path, rows: int) -> tuple[list[ColumnProfile], int, int]:
    """The columns as the first `rows` rows show them, how many those are, and all rows."""
    with _opened(path) as file:
        schema: pa.Schema = file.schema_arrow
        check_names("PARQUET", schema.names)
        try:
            batch = next(file.iter_batches(batch_size=rows), None)
        except (pa.ArrowException, OSError) as e:
            raise _damaged(e) from None
        if batch is None:
            batch = pa.RecordBatch.from_pylist([], schema=schema)
        columns = [_column(f, batch.column(i)) for i, f in enumerate(schema)]
        return columns, batch.num_rows, int(file.metadata.num_rows)


def texts(path: Path, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """All cells of those `wanted` columns that hold text; no batch at all when one holds none."""
    with _opened(path) as file:
        kinds = [_plain(file.schema_arrow.field(n).type) for n in wanted]
        if all(t.is_string(k) or t.is_large_string(k) for k in kinds):
            for batch in file.iter_batches(columns=list(wanted)):
                yield batch.select(list(wanted)).cast(pa.schema([(n, pa.string()) for n in wanted]))


def _opened(path: Path) -> arrow_parquet.ParquetFile:
    try:
        return arrow_parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as e:
        raise _damaged(e) from None


def _damaged(error: Exception) -> BadUpload:
    return BadUpload(
        "PARQUET_UNREADABLE",
        f"The file is not a complete Parquet file: {str(error).splitlines()[0][:200].rstrip('.')}.",
        "Write it again, or upload the table as CSV.",
    )


def _column(field: pa.Field[Any], array: pa.Array[Any]) -> ColumnProfile:
    kind = _plain(field.type)
    type_ = column_type(kind)
    values = [] if t.is_nested(kind) or t.is_binary(kind) else array.to_pylist()
    if type_ is ColumnType.STRING:
        texts = [None if v is None else str(v) for v in values]
        return text_column(field.name, texts, ())
    if t.is_decimal(kind):
        values = [float(v) if isinstance(v, Decimal) else v for v in values]
    return typed_column(field.name, type_, values)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if t.is_dictionary(kind) else kind


def column_type(kind: pa.DataType) -> ColumnType:
    """Our type of an Arrow type; what has none (nested, binary, time of day) counts as text."""
    if t.is_boolean(kind):
        return ColumnType.BOOLEAN
    if t.is_integer(kind):
        return ColumnType.INTEGER
    if t.is_floating(kind) or t.is_decimal(kind):
        return ColumnType.DOUBLE
    if t.is_date(kind):
        return ColumnType.DATE
    if t.is_timestamp(kind):
        return ColumnType.TIMESTAMP
    return ColumnType.STRING
