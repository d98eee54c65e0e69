"""An answer's part files read as one table, a batch at a time."""

import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from pydantic import JsonValue

from arclight.contracts.result import Result, ResultFile
from arclight.runtime.artifacts import Artifacts
from arclight.sandbox.parts import batches, common_schema, fitted, open_part, schema_of
from arclight.sandbox.values import json_rows
from services.gateway.cells import flat, flat_schema

PAGE_BYTES = 16 * 1024**2
"""Values of one JSON page. Ten thousand rows of a usual table are a megabyte; long texts end a
page early."""
PIECE_BYTES = 1024**2
"""Values that are turned into text at once: one short text that a batch repeats 8,192 times as a
category is a long text then."""


class Table:
    """The parts in row order. Raises ArtifactMissing when a part is read that is gone."""

    def __init__(self, result: Result, artifacts: Artifacts) -> None:
        self._result = result
        self._artifacts = artifacts

    @cached_property
    def schema(self) -> pa.Schema:
        """Of all parts; reads the footer of each."""
        schemas = []
        for file in self._result.files:
            with self._open(file) as part:
                schemas.append(schema_of(part))
        if schemas:
            return common_schema(schemas)
        return pa.schema([(c.name, pa.string()) for c in self._result.columns])

    def only_file(self) -> Path:
        """The part of an answer that has one."""
        return self._artifacts.local(self._result.files[0].key)

    def rows(self, start: int, count: int) -> list[list[JsonValue]]:
        """Rows `start` to `start + count` over all parts, as JSON values; fewer, but one at
        least, when they are large. Row groups and parts before them are not read."""
        found: list[list[JsonValue]] = []
        left = PAGE_BYTES
        for batch in self._from(start):
            for piece in _pieces(batch.slice(0, count - len(found))):
                left -= told_bytes(piece)
                if found and left < 0:
                    return found
                found.extend(list(row) for row in json_rows(piece))
            if len(found) >= count:
                break
        return found

    def csv(self, *, safe: bool = False) -> Iterator[bytes]:
        """All rows with a header line; `safe` for spreadsheets, see cells.py."""
        sink = _Sink()
        schema = flat_schema(self.schema, safe=safe)
        if not schema.names:
            yield b"\n"
            return
        with pa_csv.CSVWriter(cast(IO[Any], sink), schema) as writer:
            yield sink.take()
            for batch in self._all():
                for piece in _pieces(batch):
                    writer.write_batch(flat(piece, safe=safe))
                    yield sink.take()
        yield sink.take()

    def parquet(self) -> Iterator[bytes]:
        """All rows as one Parquet file, one row group for each of the parts' own."""
        sink = _Sink()
        with pq.ParquetWriter(pa.PythonFile(sink, "w"), self.schema) as writer:
            for file in self._result.files:
                with self._open(file) as part:
                    for group in range(part.metadata.num_row_groups):
                        rows = [fitted(b, self.schema) for b in batches(part, [group])]
                        writer.write_table(pa.Table.from_batches(rows, self.schema))
                        yield sink.take()
        yield sink.take()

    def _open(self, file: ResultFile) -> pq.ParquetFile:
        return open_part(self._artifacts.local(file.key))

    def _all(self) -> Iterator[pa.RecordBatch]:
        for file in self._result.files:
            with self._open(file) as part:
                for batch in batches(part, range(part.metadata.num_row_groups)):
                    yield fitted(batch, self.schema)

    def _from(self, start: int) -> Iterator[pa.RecordBatch]:
        """Batches from row `start` on."""
        skip = start
        for file in self._result.files:
            if skip >= file.rows:
                skip -= file.rows
                continue
            with self._open(file) as part:
                schema = self._schema_for(part)
                for batch in _skipping(part, skip):
                    yield fitted(batch, schema)
            skip = 0

    def _schema_for(self, part: pq.ParquetFile) -> pa.Schema:
        """The common schema; where the part is as the record says, the others are not opened."""
        own = schema_of(part)
        known = [c.type for c in self._result.columns]
        return own if [str(type_) for type_ in own.types] == known else self.schema


def _skipping(part: pq.ParquetFile, skip: int) -> Iterator[pa.RecordBatch]:
    for group in range(part.metadata.num_row_groups):
        rows = part.metadata.row_group(group).num_rows
        if skip >= rows:
            skip -= rows
            continue
        for batch in batches(part, [group]):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            yield batch.slice(skip)
            skip = 0


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Slices of `batch` that are small as text."""
    row_bytes = told_bytes(batch) / max(1, batch.num_rows)
    step = max(1, int(PIECE_BYTES / max(1.0, row_bytes)))
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


def told_bytes(batch: pa.RecordBatch) -> int:
    """Bytes of the values, each category counted as often as it stands there."""
    return sum(map(_told_bytes, batch.columns))


def _told_bytes(column: Any) -> int:
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    try:
        lengths = pc.binary_length(column.dictionary)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return len(column) * 16
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)


class _Sink(io.RawIOBase):
    """A file to write to whose content is taken out as it grows."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._chunks.append(bytes(data))
        return len(self._chunks[-1])

    def take(self) -> bytes:
        """What was written since the last time."""
        taken, self._chunks = b"".join(self._chunks), []
        return taken
