"""A table's profile from its first rows."""

from collections.abc import Sequence
from pathlib import Path

from arclight.catalog import delimited, json_lines, parquet
from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.names import table_name
from arclight.catalog.profile import ColumnProfile, Format, TableProfile
from arclight.catalog.vocabulary import of_sample

SAMPLE_ROWS = 1_000
"""Enough to see every common value of a category and types with certainty (a form that holds for
1,000 cells holds for 99.7 % of a column at 95 % confidence), read in milliseconds."""

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
}
"""Extension → format."""


def format_of(filename: str) -> Format:
    """The format that the extension names. Raises BadUpload for any other."""
    suffix = Path(filename).suffix.lower()
    if suffix in FORMATS:
        return FORMATS[suffix]
    known = ", ".join(FORMATS)
    raise BadUpload(
        "UPLOAD_UNKNOWN_FORMAT",
        f"The extension {suffix!r} names no format that can be read."
        if suffix
        else "The file name has no extension, so its format is not known.",
        f"Upload a file with one of these extensions: {known}.",
        extension=suffix,
        known=list(FORMATS),
    )


def profile_file(path: Path, name: str | None = None, uri: str = "") -> TableProfile:
    """What the first SAMPLE_ROWS rows of `path` show; the name defaults to the file's stem.

    The row count is given where it is known without reading on: the sample reached the end, or
    the format records it. Raises BadUpload for a file that has no readable sample.
    """
    format = format_of(path.name)
    columns, sampled, rows = sample_of(path, format)
    return TableProfile(
        name=name or table_name(path.name),
        uri=uri,
        format=format,
        columns=tuple(columns if rows == sampled else map(of_sample, columns)),
        bytes=path.stat().st_size,
        rows=rows,
        sampled_rows=sampled,
    )


def sample_of(
    path: Path, format: Format, most: int = SAMPLE_ROWS
) -> tuple[Sequence[ColumnProfile], int, int | None]:
    """Columns, rows in the sample, and all rows where they are known. `most`: rows to sample."""
    if format == "parquet":
        return parquet.sample(path, most)
    if format == "json":
        columns, sampled = json_lines.sample(path, most)
    else:
        header = delimited.read_header(path, format)
        columns, sampled = delimited.sample(path, format, header, most)
    return columns, sampled, sampled if sampled < most else None
