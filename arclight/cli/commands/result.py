"""`arclight result JOB`: the whole answer."""

import itertools
import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.connect import ApiKey, HomePath, JobId, Url, connect
from arclight.cli.exits import CliError, Exit

if TYPE_CHECKING:
    from arclight.client import Client
    from arclight.client_views import ResultPage

TABLE_ROWS = 1000
"""Rows that a table shows; more are for files and pipes."""


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def result(
    job: JobId,
    format: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write to.")] = None,
    safe: Annotated[
        bool,
        typer.Option("--safe", help="CSV for spreadsheets: no text in it can run as a formula."),
    ] = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Print or save all rows of an answer."""
    if format is Format.PARQUET and output is None and sys.stdout.isatty():
        raise CliError("Parquet is not for a terminal.", "Name a file with --output.")
    if safe and format is not Format.CSV:
        raise CliError("--safe is for CSV.", "Add --format csv.", Exit.USAGE)
    with connect(url, api_key, home) as client:
        if format is Format.TABLE:
            _readable(client, job, output)
        elif format is Format.JSON:
            _write([_json(client, job).encode()], output)
        else:
            with client.download(job, format, safe=safe) as chunks:
                _write(chunks, output)


def _readable(client: "Client", job: str, output: Path | None) -> None:
    """A table as a table, a text or a program as it is."""
    page = next(client.result_pages(job, page_size=TABLE_ROWS))
    if page.kind == "text":
        with client.download(job, "text") as chunks:
            _write(_for_reading(itertools.chain(chunks, [b"\n"]), output), output)
        return
    text = _table(page) if page.kind == "table" else (page.text or "").rstrip("\n") + "\n"
    _write([text.encode()], output)


def _for_reading(chunks: Iterable[bytes], output: Path | None) -> Iterable[bytes]:
    """As it is for a file or a pipe; on a terminal with nothing in it that acts there."""
    if output is not None or not sys.stdout.isatty():
        return chunks
    from arclight.cli.table import tame

    return [tame(b"".join(chunks).decode(errors="backslashreplace")).encode()]


def _table(page: "ResultPage") -> str:
    from arclight.cli.table import table
    from arclight.cli.term import Terminal

    if len(page.rows) < page.total_rows:
        Terminal().say(
            f"{len(page.rows)} of {page.total_rows} rows shown; all with --format csv or json."
        )
    return "\n".join(table([c.name for c in page.columns], page.rows)) + "\n"


def _json(client: "Client", job: str) -> str:
    pages = list(client.result_pages(job, page_size=10_000))
    first: ResultPage = pages[0]
    whole = {
        "kind": first.kind,
        "columns": [{"name": c.name, "type": c.type, "kind": c.kind} for c in first.columns],
        "rows": [list(row) for page in pages for row in page.rows],
        "total_rows": first.total_rows,
        **({"text": first.text} if first.text else {}),
    }
    return json.dumps(whole, ensure_ascii=False) + "\n"


def _write(chunks: Iterable[bytes], output: Path | None) -> None:
    """Standard output, or a file that appears whole or not at all."""
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    partial = output.with_name(f".{output.name}.part")
    try:
        with partial.open("wb") as f:
            f.writelines(chunks)
        partial.replace(output)
    except OSError as error:
        raise CliError(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
