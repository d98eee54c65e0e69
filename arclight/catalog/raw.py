"""One pass over the bytes of a text file: encoding, binary content, line length, hash."""

import codecs
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from arclight.catalog.bad_upload import BadUpload

MIB = 1024**2
MAX_LINE = 1 * MIB
"""Bytes. A real record is a few kB; above this the file has no line breaks or is no text."""

MAGIC: Mapping[bytes, str] = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office document",
    b"\x1f\x8b": "gzip-compressed data",
    b"BZh91AY&SY": "bzip2-compressed data",
    b"\xfd7zXZ\x00": "xz-compressed data",
    b"\x28\xb5\x2f\xfd": "Zstandard-compressed data",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF-": "a PDF document",
    b"SQLite format 3\x00": "an SQLite database",
    b"Obj\x01": "an Avro file",
    b"ARROW1\x00": "an Arrow file",
    b"\x7fELF": "a program",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class RawText:
    """What the bytes say. Size and hash are those of the content after the byte order mark."""

    bytes: int
    sha256: str
    bom: bool
    quotes: bool


def scan_text(path: Path) -> RawText:
    """Check the whole file in steps of 1 MiB. Raises BadUpload."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    offset, quotes, blank = 0, False, True
    with path.open("rb") as file:
        first = file.read(MAX_LINE)
        _check_magic(first)
        bom = first.startswith(codecs.BOM_UTF8)
        chunk = first[len(codecs.BOM_UTF8) :] if bom else first
        offset = len(first) - len(chunk)
        start = offset
        while chunk:
            _check_chunk(path, chunk, offset)
            _decode(path, decoder, chunk, offset)
            digest.update(chunk)
            quotes = quotes or b'"' in chunk
            blank = blank and not chunk.strip()
            offset += len(chunk)
            chunk = file.read(MAX_LINE)
        _decode(path, decoder, b"", offset)
    if blank:
        raise BadUpload("UPLOAD_EMPTY", "The file is empty.", "Upload a file with a header line.")
    return RawText(offset - start, digest.hexdigest(), bom, quotes)


def digest_of(path: Path) -> str:
    """SHA-256 of the whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def magic_of(head: bytes) -> str | None:
    """What kind of binary file begins with these bytes, in words."""
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def line_at(path: Path, offset: int) -> int:
    """The 1-based line of the byte at `offset`."""
    lines, left = 1, offset
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, MAX_LINE))):
            lines += chunk.count(b"\n")
            left -= len(chunk)
    return lines


def _check_magic(head: bytes) -> None:
    if head.startswith(_UTF16):
        raise _utf16()
    # Without NUL, "PAR1" and "GIF8" may be the beginning of honest text.
    kind = magic_of(head)
    if kind and (b"\0" in head or not _is_text(head)):
        raise BadUpload(
            "UPLOAD_BINARY",
            f"The file is not text: its first bytes are those of {kind}.",
            "Export the table as CSV, or upload it under the extension of its real format.",
            found=kind,
        )


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not head.startswith((b"PK\x03\x04", b"%PDF-", b"\x7fELF", b"Obj\x01"))


def _check_chunk(path: Path, chunk: bytes, offset: int) -> None:
    nul = chunk.find(b"\0")
    if nul >= 0:
        if _looks_utf16(chunk):
            raise _utf16()
        line = line_at(path, offset + nul)
        raise BadUpload(
            "UPLOAD_BINARY",
            f"The file is not text: there is a NUL byte at offset {offset + nul}, line {line}.",
            "Export the table as UTF-8 text without NUL bytes.",
            offset=offset + nul,
            line=line,
        )
    # A whole step without a break is a line of at least that length, whatever stands around it.
    if len(chunk) >= MAX_LINE and b"\n" not in chunk and b"\r" not in chunk:
        line = line_at(path, offset)
        raise BadUpload(
            "UPLOAD_LINE_TOO_LONG",
            f"Line {line} is longer than {MAX_LINE:,} bytes.",
            "Check that the file is a table with one record per line.",
            line=line,
        )


def _decode(path: Path, decoder: codecs.IncrementalDecoder, chunk: bytes, offset: int) -> None:
    kept = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as e:
        at = offset - kept + e.start
        line = line_at(path, at)
        raise BadUpload(
            "UPLOAD_NOT_UTF8",
            f"The file is not UTF-8: byte 0x{e.object[e.start]:02x} at offset {at}, line {line}.",
            "Convert it, for example with: iconv -f WINDOWS-1252 -t UTF-8 IN.csv > OUT.csv",
            offset=at,
            line=line,
        ) from None


def _looks_utf16(chunk: bytes) -> bool:
    """Text in UTF-16 without a mark has a NUL in nearly every other byte."""
    head = chunk[:1000]
    return max(head[::2].count(0), head[1::2].count(0)) > len(head) * 0.4


def _utf16() -> BadUpload:
    return BadUpload(
        "UPLOAD_NOT_UTF8",
        "The file is UTF-16, not UTF-8.",
        "Convert it, for example with: iconv -f UTF-16 -t UTF-8 IN.csv > OUT.csv",
        offset=0,
        line=1,
    )
