"""JSON lines: one object per line."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pydantic_core import from_json

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.header import check_names
from arclight.catalog.infer import QUOTED, text_column, typed_column
from arclight.catalog.profile import ColumnProfile, ColumnType

BATCH = 10_000
"""Objects per step; some MB."""

Row = dict[str, object]


def rows_of(path: Path) -> Iterator[Row]:
    """Every object of the file, in order. Raises BadUpload at the first line that is none."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            data = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if data.strip():
                yield _object(data, number)


def check_rows(path: Path) -> int:
    """Read every line; how many objects there are. Raises BadUpload."""
    return sum(1 for _ in rows_of(path))


def sample(path: Path, rows: int) -> tuple[list[ColumnProfile], int]:
    """The columns as the first `rows` objects show them, and how many objects that were."""
    taken: list[Row] = []
    for row in rows_of(path):
        taken.append(row)
        if len(taken) == rows:
            break
    names = list(dict.fromkeys(name for row in taken for name in row))
    check_names("JSON", names)
    return [_column(n, [row.get(n) for row in taken]) for n in names], len(taken)


def texts(path: Path, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The `wanted` members of all objects as text, what is no text left out."""
    rows = rows_of(path)
    while taken := list(islice(rows, BATCH)):
        cells = {n: [_text(row.get(n)) for row in taken] for n in wanted}
        yield pa.RecordBatch.from_pydict({n: pa.array(c, pa.string()) for n, c in cells.items()})


def _text(value: object) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) else json.dumps(value)


def _object(data: bytes, number: int) -> Row:
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as e:
        if number == 1 and data.lstrip().startswith((b"[", b"{")):
            raise _not_lines(number) from None
        raise BadUpload(
            "JSON_BAD_LINE",
            f"Line {number} is not valid JSON: {str(e)[:200]}.",
            "Write one JSON object per line.",
            line=number,
        ) from None
    if isinstance(value, dict):
        return value
    raise _not_lines(number)


def _not_lines(number: int) -> BadUpload:
    return BadUpload(
        "JSON_NOT_LINES",
        f"Line {number} is not one JSON object; the file must hold one object per line.",
        "Convert an array of objects, for example with: jq -c '.[]' IN.json > OUT.jsonl",
        line=number,
    )


def _column(name: str, values: Sequence[object]) -> ColumnProfile:
    present = [v for v in values if v is not None]
    if present and all(isinstance(v, str) for v in present):
        return text_column(name, [v if isinstance(v, str) else None for v in values], QUOTED)
    type_ = _type_of(present)
    if type_ is ColumnType.DOUBLE:
        return typed_column(name, type_, [v if v is None else float(str(v)) for v in values])
    if type_ is ColumnType.STRING:
        plain = [_text(v) for v in values]
        column = text_column(name, plain, ())
        nulls = len(values) - len(present)
        return column.model_copy(update={"nulls": nulls})
    return typed_column(name, type_, values)


def _type_of(present: Sequence[object]) -> ColumnType:
    kinds = {type(v) for v in present}
    if kinds == {bool}:
        return ColumnType.BOOLEAN
    if kinds == {int} and all(-(2**63) <= v < 2**63 for v in present if isinstance(v, int)):
        return ColumnType.INTEGER
    if kinds and kinds <= {int, float}:
        return ColumnType.DOUBLE
    return ColumnType.STRING
