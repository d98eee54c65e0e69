"""Stand-ins: the sample of a table as a file of its own, in the table's own format and writing.

A rehearsal reads them in place of the tables. They are the rows that the catalog's types come from,
byte for byte where the format is text, so that a program finds the same names, types and cells.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as arrow_parquet

from arclight.catalog.delimited import DELIMITERS
from arclight.catalog.sample import SAMPLE_ROWS, format_of


def write_stand_in(table: Path, target: Path, rows: int = SAMPLE_ROWS) -> None:
    """Write the first `rows` rows of the file `table` to `target`, which has the same extension.

    Raises BadUpload for an extension that names no format, OSError and ArrowException for a file
    that is not there or was damaged since it was checked.
    """
    match format_of(table.name):
        case "parquet":
            _parquet(table, target, rows)
        case "json":
            _copy(_lines(table, rows), target)
        case text:
            _copy(_records(table, DELIMITERS[text], rows + 1), target)


def _copy(parts: Iterator[str], target: Path) -> None:
    with _opened(target, "w") as file:
        file.writelines(parts)


def _lines(table: Path, rows: int) -> Iterator[str]:
    with _opened(table, "r") as file:
        yield from islice((line for line in file if line.strip()), rows)


def _records(table: Path, delimiter: str, most: int) -> Iterator[str]:
    """The text of whole records: a quoted cell may span lines. One with a cell above the reader's
    limit of 128 KiB is the end."""
    taken: list[str] = []

    def noted(file: io.TextIOWrapper) -> Iterator[str]:
        for line in file:
            taken.append(line)
            yield line

    with _opened(table, "r") as file:
        records = csv.reader(noted(file), delimiter=delimiter)
        try:
            for _ in islice(records, most):
                yield "".join(taken)
                taken.clear()
        except csv.Error:
            return


def _opened(path: Path, mode: str) -> io.TextIOWrapper:
    """As text whose line ends and damaged characters pass unchanged."""
    file = path.open(mode, encoding="utf-8", errors="surrogateescape", newline="")
    assert isinstance(file, io.TextIOWrapper)
    return file


def _parquet(table: Path, target: Path, rows: int) -> None:
    # Mapped: of a large row group only the pages of these rows are read.
    with arrow_parquet.ParquetFile(table, memory_map=True) as file:
        batches = file.iter_batches(batch_size=max(rows, 1))
        first = next(batches, None) if rows else None
        sample = pa.Table.from_batches([first] if first is not None else [], file.schema_arrow)
        arrow_parquet.write_table(sample, target, **_writing(file))


def _writing(file: arrow_parquet.ParquetFile) -> dict[str, Any]:
    """Timestamps as they are stored: engines tell the old form from the new one."""
    schema = file.schema
    stored = {schema.column(i).physical_type for i in range(len(schema))}
    return {"use_deprecated_int96_timestamps": "INT96" in stored}
