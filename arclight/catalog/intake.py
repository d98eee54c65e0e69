"""The whole check of an uploaded file, with bounded memory."""

from dataclasses import dataclass
from pathlib import Path

from arclight.catalog import delimited, json_lines, parquet
from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.header import check_header
from arclight.catalog.names import safe_filename, table_name
from arclight.catalog.profile import Format, TableProfile
from arclight.catalog.raw import RawText, digest_of, magic_of, scan_text
from arclight.catalog.sample import SAMPLE_ROWS, format_of, sample_of
from arclight.catalog.vocabulary import with_all_values


@dataclass(frozen=True)
class Checked:
    """A file that can be used. Size and hash are of the content without its byte order mark."""

    filename: str
    """Safe to store under."""
    bom: bool
    """True when the first three bytes must be left out on storing."""
    profile: TableProfile
    """With the exact row count; its `uri` is empty until the file has a place."""


def check_file(path: Path, filename: str, most: int = SAMPLE_ROWS) -> Checked:
    """Read all of `path`, which was uploaded as `filename`. Raises BadUpload.

    `most`: rows that the types come from.
    """
    format = format_of(filename)
    raw = _scan(path, format)
    rows, multiline = _check_records(path, format, raw)
    columns, sampled, _ = sample_of(path, format, most)
    if format in delimited.DELIMITERS:
        check_header([c.name for c in columns], columns)
    safe = safe_filename(filename)
    profile = TableProfile(
        name=table_name(safe),
        uri="",
        format=format,
        columns=with_all_values(path, format, columns, sampled, rows),
        bytes=raw.bytes,
        rows=rows,
        sampled_rows=sampled,
        sha256=raw.sha256,
        multiline=multiline,
    )
    return Checked(safe, raw.bom, profile)


def _scan(path: Path, format: Format) -> RawText:
    if format != "parquet":
        return scan_text(path)
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise BadUpload("UPLOAD_EMPTY", "The file is empty.", "Upload a file with a table in it.")
    if not head.startswith(b"PAR1"):
        raise BadUpload(
            "UPLOAD_NOT_PARQUET",
            f"The file is not Parquet: its content is {magic_of(head) or 'of another kind'}.",
            "Upload it under the extension of its real format.",
        )
    return RawText(path.stat().st_size, digest_of(path), bom=False, quotes=False)


def _check_records(path: Path, format: Format, raw: RawText) -> tuple[int, bool]:
    """All rows, and whether any of them spans lines."""
    if format == "parquet":
        return parquet.check_rows(path), False
    if format == "json":
        return json_lines.check_rows(path), False
    header = delimited.read_header(path, format)
    records = delimited.check_records(path, format, len(header), raw.quotes)
    return records.rows, records.multiline
