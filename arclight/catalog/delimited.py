"""CSV and TSV: the sample, and the check of every record.

pyarrow reads the bulk, in blocks and outside the interpreter lock; the standard library's reader
only reads the header and finds the line of an error.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

import pyarrow as pa
from pyarrow import csv as arrow_csv

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.infer import text_column
from arclight.catalog.profile import ColumnProfile

BLOCK = 4 * 1024**2
"""Bytes per step: above two of the longest lines allowed, small enough to hold a few at once."""
DELIMITERS = {"csv": ",", "tsv": "\t"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_BLANK = " \t\r\n\v\f"
HEADER_LINES = 50
"""A column name may hold line breaks; nobody's hold more than these."""
_SENTINEL = "end-of-upload"

OnInvalid = Callable[[arrow_csv.InvalidRow], Literal["skip", "error"]]


@dataclass(frozen=True)
class Records:
    """What a full reading found."""

    rows: int
    multiline: bool


def read_header(path: Path, format: str) -> list[str]:
    """The cells of the first record. Raises BadUpload when another delimiter was used."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = (line for line in iter(partial(file.readline, BLOCK), "") if line.strip(_BLANK))
        lines = list(islice(written, HEADER_LINES))
    delimiter = DELIMITERS[format]
    try:
        header = next(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter))
    except csv.Error:
        raise BadUpload(
            "CSV_BAD_HEADER",
            "The first line cannot be read as column names.",
            f"Write the names of the columns, separated by {_NAMES[delimiter]}, in the first line.",
        ) from None
    if len(header) == 1:
        _check_delimiter(lines, delimiter, format)
    return header


def sample(
    path: Path, format: str, header: list[str], rows: int
) -> tuple[list[ColumnProfile], int]:
    """The columns as the first `rows` records show them, and how many records that were."""
    batches: list[pa.RecordBatch] = []
    taken = 0
    with path.open("rb") as file:
        for batch in _open(file, format, len(header), quotes=True):
            batches.append(batch.slice(0, rows + 1 - taken))
            taken += batches[-1].num_rows
            if taken > rows:
                break
    cells = [[v for b in batches for v in b.column(i).to_pylist()] for i in range(len(header))]
    return [text_column(n, c[1:]) for n, c in zip(header, cells, strict=True)], max(taken - 1, 0)


def texts(
    path: Path, format: str, names: Sequence[str], wanted: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """All cells of the `wanted` columns, the header left out."""
    positions = [names.index(n) for n in wanted]
    with path.open("rb") as file:
        header = 1
        for batch in _open(file, format, len(names), quotes=True, columns=positions):
            yield batch.slice(header).rename_columns(list(wanted))
            header = 0 if batch.num_rows else header


def check_records(path: Path, format: str, width: int, quotes: bool) -> Records:
    """Read every record. Raises BadUpload for a ragged one or a quote that is never closed."""
    rows = _count(path, format, width, quotes)
    multiline = quotes and _lines(path) > rows
    return Records(rows - 1, multiline)


def _count(path: Path, format: str, width: int, quotes: bool) -> int:
    """Records with the header. A last record of our own shows whether a quote is still open."""
    ragged: list[arrow_csv.InvalidRow] = []
    last = DELIMITERS[format].join([_SENTINEL, *[""] * (width - 1)])

    def stop(row: arrow_csv.InvalidRow) -> Literal["error"]:
        ragged.append(row)
        return "error"

    rows, end = 0, None
    try:
        with _Followed(path, f"\n{last}\n".encode()) as file:
            for batch in _open(file, format, width, quotes, columns=[0], on_invalid=stop):
                rows += batch.num_rows
                end = batch.column(0)[-1].as_py() if batch.num_rows else end
    except pa.ArrowInvalid as e:
        if ragged and _SENTINEL not in (ragged[0].text or ""):
            raise _ragged(path, format, width, ragged[0]) from None
        if not quotes:
            raise _unreadable(e) from None
        end = None
    if end != _SENTINEL:
        raise _open_quote(path, format, width)
    return rows - 1


def _lines(path: Path) -> int:
    """Lines that are not empty, whatever quotes stand in them."""
    odd: list[int | None] = []

    def skip(row: arrow_csv.InvalidRow) -> Literal["skip"]:
        odd.append(row.number)
        return "skip"

    reader = arrow_csv.open_csv(
        path,
        arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=["line"]),
        # A separator that text does not hold; a line that holds it all the same is counted as odd.
        arrow_csv.ParseOptions(delimiter="\x1f", quote_char=False, invalid_row_handler=skip),
        arrow_csv.ConvertOptions(column_types={"line": pa.string()}),
    )
    read: int = sum(batch.num_rows for batch in reader)
    return read + len(odd)


def _open(
    file: io.IOBase,
    format: str,
    width: int,
    quotes: bool,
    *,
    columns: Sequence[int] = (),
    on_invalid: OnInvalid | None = None,
) -> Iterator[pa.RecordBatch]:
    """All records as text, the header among them; only these `columns`, if any are named."""
    names = [f"f{i}" for i in range(width)]
    batches: Iterator[pa.RecordBatch] = arrow_csv.open_csv(
        cast(IO[Any], file),
        arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
        arrow_csv.ParseOptions(
            delimiter=DELIMITERS[format], newlines_in_values=quotes, invalid_row_handler=on_invalid
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[names[i] for i in columns] or None,
            strings_can_be_null=False,
        ),
    )
    return batches


class _Followed(io.RawIOBase):
    """A file with a few bytes after its end."""

    def __init__(self, path: Path, tail: bytes) -> None:
        self._file, self._tail = path.open("rb"), tail

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        if len(data) < size or size < 0:
            data, self._tail = data + self._tail, b""
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


def _check_delimiter(lines: list[str], expected: str, format: str) -> None:
    for other in _NAMES:
        counts = [line.count(other) for line in lines[:2]]
        if other != expected and counts[0] and len(set(counts)) == 1:
            raise BadUpload(
                "CSV_WRONG_DELIMITER",
                f"The columns are separated by {_NAMES[other]}; a .{format} file needs "
                f"{_NAMES[expected]}.",
                f"Save the table with {_NAMES[expected]} between the columns."
                + (" Or name the file .tsv." if other == "\t" else ""),
                found=other,
                expected=expected,
            )


def _ragged(path: Path, format: str, width: int, row: arrow_csv.InvalidRow) -> BadUpload:
    line = _find(path, format, width)[0] or row.number
    return BadUpload(
        "CSV_RAGGED",
        f"Line {line} has {row.actual_columns} cells; the header has {width}.",
        "Give every line as many cells as the header; put a cell that holds the delimiter in "
        'double quotes, and write a quote inside a quoted cell twice ("").',
        line=line,
        expected=width,
        found=row.actual_columns,
    )


def _open_quote(path: Path, format: str, width: int) -> BadUpload:
    line = _find(path, format, width)[1]
    where = f" in the record that begins at line {line}" if line else ""
    return BadUpload(
        "CSV_UNCLOSED_QUOTE",
        f"A double quote that opens a cell{where} is never closed.",
        'Close it, or write a quote that belongs to the text of a quoted cell twice ("").',
        line=line,
    )


def _unreadable(error: pa.ArrowInvalid) -> BadUpload:
    return BadUpload(
        "CSV_UNREADABLE",
        f"The records cannot be told apart: {str(error)[:200]}.",
        "Check that the file is a table with one record per line.",
    )


def _find(path: Path, format: str, width: int) -> tuple[int | None, int | None]:
    """The first lines of the first ragged record and of the record that never ends, if any."""
    begins, ragged = 1, None
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=DELIMITERS[format], strict=False)
        try:
            for record in reader:
                if record and len(record) != width and ragged is None:
                    ragged = begins
                last, begins = begins, reader.line_num + 1
        except csv.Error:  # a cell above the reader's own limit of 128 KiB: the open quote
            return ragged, begins
    return ragged, last
