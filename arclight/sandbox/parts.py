"""The part files of one answer, read as one table. pyarrow only: also for the isolated reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types as t

BATCH_ROWS = 8192
BATCH_BYTES = 8 * 1024**2
"""What a batch should take at most, by what the file says of itself."""
WIDE = 128
WIDE_BYTES = 64 * 1024**2
BUFFERS = 64 * 1024**2
"""Bytes read ahead over all columns, so that a row group of any size is read in little memory."""

KINDS = (
    ("integer", t.is_integer),
    ("float", t.is_floating),
    ("text", t.is_string),
    ("text", t.is_large_string),
    ("text", t.is_string_view),
    ("boolean", t.is_boolean),
    ("decimal", t.is_decimal),
    ("timestamp", t.is_timestamp),
    ("date", t.is_date),
    ("time", t.is_time),
    ("duration", t.is_duration),
    ("duration", t.is_interval),
    ("binary", t.is_binary),
    ("binary", t.is_large_binary),
    ("binary", t.is_binary_view),
    ("binary", t.is_fixed_size_binary),
    ("map", t.is_map),
    ("list", t.is_list),
    ("list", t.is_large_list),
    ("list", t.is_fixed_size_list),
    ("struct", t.is_struct),
    ("null", t.is_null),
)


def kind_of(type_: pa.DataType) -> str:
    """The name of a ColumnKind."""
    if isinstance(type_, pa.BaseExtensionType):
        return kind_of(type_.storage_type)
    if t.is_dictionary(type_):
        return kind_of(type_.value_type)
    return next((name for name, is_kind in KINDS if is_kind(type_)), "other")


def open_part(path: Path) -> pq.ParquetFile:
    """Reads the footer. Raises ArrowException or OSError."""
    metadata = pq.read_metadata(path)
    buffer = max(16 * 1024, min(256 * 1024, BUFFERS // max(1, metadata.num_columns)))
    # Spark's old timestamps hold microseconds; read as nanoseconds they would end in 2262.
    return pq.ParquetFile(
        path, metadata=metadata, buffer_size=buffer, coerce_int96_timestamp_unit="us"
    )


def schema_of(file: pq.ParquetFile) -> pa.Schema:
    """Names and types, without what the writer said of them."""
    return file.schema_arrow.remove_metadata()


def common_schema(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema for all parts: the same columns in the same order, types widened, as parts may
    differ: one without a value in a column may know no type for it.

    Raises ValueError when the columns are not the same, ArrowException when types do not fit.
    """
    first, *others = schemas
    if all(first.equals(other) for other in others):
        return first
    if any(first.names != other.names for other in others):
        raise ValueError("different columns")
    return pa.schema([_common([s.field(i) for s in schemas]) for i in range(len(first))])


def _common(fields: Sequence[pa.Field[Any]]) -> pa.Field[Any]:
    # Column by column: names need not be unique in a whole schema.
    return pa.unify_schemas([pa.schema([f]) for f in fields], promote_options="permissive").field(0)


def fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the types of `schema`; columns go by place, because names may be double."""
    if batch.schema.equals(schema):
        return batch
    pairs = zip(batch.columns, schema.types, strict=True)
    columns = [c if c.type.equals(wanted) else c.cast(wanted) for c, wanted in pairs]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def batches(file: pq.ParquetFile, groups: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The rows of these row groups, a few at a time and by one thread."""
    for number in groups:
        rows = batch_rows(file, number)
        if is_wide(file, number):
            yield from _by_columns(file, number).to_batches(rows)
        else:
            yield from file.iter_batches(rows, row_groups=[number], use_threads=False)


def batch_rows(file: pq.ParquetFile, group: int) -> int:
    """Rows of this row group that make a batch of a usual size."""
    described = file.metadata.row_group(group)
    row_bytes = described.total_byte_size / max(1, described.num_rows)
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(1.0, row_bytes))))


def is_wide(file: pq.ParquetFile, group: int) -> bool:
    """True for a row group of so many columns that reading all of them at once takes several
    times its size: each holds a dictionary and a page."""
    size = file.metadata.row_group(group).total_byte_size
    return bool(file.metadata.num_columns > WIDE and size > WIDE_BYTES)


def _by_columns(file: pq.ParquetFile, group: int) -> pa.Table:
    schema = file.schema_arrow
    columns: list[Any] = []
    for leaves in _leaf_groups(schema):
        columns += file.reader.read_row_group(
            group, column_indices=leaves, use_threads=False
        ).columns
    return pa.Table.from_arrays(columns, schema=schema)


def _leaf_groups(schema: pa.Schema) -> Iterator[list[int]]:
    """Indices of leaf columns, at most about WIDE together, no column of the schema apart."""
    start = end = 0
    for type_ in schema.types:
        end += _leaves(type_)
        if end - start >= WIDE:
            yield list(range(start, end))
            start = end
    if end > start:
        yield list(range(start, end))


def _leaves(type_: pa.DataType) -> int:
    if isinstance(type_, pa.BaseExtensionType):
        return _leaves(type_.storage_type)
    if not t.is_nested(type_):
        return 1
    return sum(_leaves(type_.field(i).type) for i in range(type_.num_fields))
