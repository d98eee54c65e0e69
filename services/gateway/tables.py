"""An answer's part files read as one table, a batch at a time."""

import io
from collections.abc import Iterator
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from pydantic import JsonValue

from arclight.contracts.result import Result
from arclight.runtime.artifacts import Artifacts
from services.gateway.cells import flat, flat_schema, json_rows

BATCH = 8192
"""Rows. About a megabyte of a usual table: few calls, little memory."""


class Table:
    """The parts in row order. Opening reads footers only. Raises ArtifactMissing."""

    def __init__(self, result: Result, artifacts: Artifacts) -> None:
        self._parts = [pq.ParquetFile(artifacts.local(f.key)) for f in result.files]
        schemas = [part.schema_arrow.remove_metadata() for part in self._parts]
        if schemas:
            # Parts may differ: a part without a value in a column may know no type for it.
            self.schema = pa.unify_schemas(schemas, promote_options="permissive")
        else:
            self.schema = pa.schema([(c.name, pa.string()) for c in result.columns])

    def rows(self, start: int, count: int) -> list[list[JsonValue]]:
        """Rows `start` to `start + count` over all parts, as JSON values."""
        found: list[list[JsonValue]] = []
        for batch in self._batches(start):
            found.extend(json_rows(batch.slice(0, count - len(found))))
            if len(found) >= count:
                break
        return found

    def csv(self) -> Iterator[bytes]:
        """All rows with a header line."""
        sink = _Sink()
        with pa_csv.CSVWriter(cast(IO[Any], sink), flat_schema(self.schema)) as writer:
            yield sink.take()
            for batch in self._batches():
                writer.write_batch(flat(batch))
                yield sink.take()
        yield sink.take()

    def parquet(self) -> Iterator[bytes]:
        """All rows as one Parquet file, one row group for each of the parts' own."""
        sink = _Sink()
        with pq.ParquetWriter(pa.PythonFile(sink, "w"), self.schema) as writer:
            for part in self._parts:
                for group in range(part.num_row_groups):
                    writer.write_table(part.read_row_group(group).cast(self.schema))
                    yield sink.take()
        yield sink.take()

    def _batches(self, start: int = 0) -> Iterator[pa.RecordBatch]:
        """Batches from row `start` on; row groups before it are not read."""
        skip = start
        for part, group, rows in self._groups():
            if skip >= rows:
                skip -= rows
                continue
            for batch in part.iter_batches(BATCH, row_groups=[group]):
                if skip >= batch.num_rows:
                    skip -= batch.num_rows
                    continue
                yield self._cast(batch.slice(skip))
                skip = 0

    def _groups(self) -> Iterator[tuple[pq.ParquetFile, int, int]]:
        for part in self._parts:
            for group in range(part.num_row_groups):
                yield part, group, part.metadata.row_group(group).num_rows

    def _cast(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch.schema.equals(self.schema):
            return batch
        return batch.select(self.schema.names).cast(self.schema)


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
