"""Reads an answer's part files where a crash or a bomb hurts nobody: a process of its own.

`python -I -m arclight.sandbox.decode`, a request as JSON on standard input, the reply as JSON on
standard output. Every value of every column is read once, so whatever reads the files later reads
what is known to be whole and to fit into memory. Row groups too large to page through are cut
into smaller ones on the way.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

MEMORY = 1024**3
"""Bytes of address space; 220 MB of them are taken by Python and pyarrow."""
SECONDS = 300
"""Of processor time: for gigabytes; ten million rows of three columns take two."""
MAX_FOOTER = 32 * 1024**2
"""Bytes. 2,000 columns in 80 row groups need about 16 MB."""
MAX_LEAVES = 10_000
MAX_COLUMNS = 2_000
"""Their names stand in the job's record."""
MAX_GROUPS = 50_000
MAX_SCHEMA = 1024**2
"""Bytes of JSON that names and types may take in the job's record."""
MAX_TYPE = 1_000
"""Characters of one type."""
GROUP_ROWS = 131_072
"""Rows of a row group: a page somewhere in it is there within some tens of milliseconds."""
GROUP_BYTES = 32 * 1024**2
SPARE = 64 * 1024**2
"""Bytes of a file beyond what a run may write: the reply, and the end of a row group."""
PLAIN_BYTES = 8
"""Of a usual value."""
PREVIEW_STEP = 8
"""Rows that are turned into JSON at once, as one may fill the preview alone."""


class Request(TypedDict):
    paths: list[str]
    names: list[str]
    """What the files were called: for messages."""
    preview_rows: int
    preview_bytes: int
    max_rows: int | None
    max_bytes: int
    memory: int
    """Bytes of address space; see MEMORY."""


class Refused(Exception):
    """The answer cannot be used; the message says why."""


class TooManyRows(Exception):
    """The answer has more rows than it may have: so many, as far as known."""


def main() -> None:
    """One request, one reply."""
    _import_ahead()
    request: Request = json.load(sys.stdin)
    _limit(request["memory"], request["max_bytes"])
    try:
        reply: dict[str, Any] = decode(request)
    except Refused as error:
        reply = {"refused": str(error)}
    except TooManyRows as error:
        reply = {"too_many_rows": error.args[0]}
    except MemoryError:
        reply = {
            "refused": f"Reading the answer takes more than {request['memory'] // 1024**2:,} MiB."
        }
    json.dump(reply, sys.stdout)
    sys.stdout.flush()
    # To take down an interpreter full of Arrow would make the answer wait.
    os._exit(0)


def _import_ahead() -> None:
    """What `decode` imports, while the program still runs: it takes 0.1 s."""
    import pyarrow.parquet  # noqa: F401

    import arclight.sandbox.parts  # noqa: F401


def _limit(memory: int, max_bytes: int) -> None:
    for name, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, max_bytes + SPARE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def decode(request: Request) -> dict[str, Any]:
    """Columns, preview, and for each part its rows and whether it was cut into smaller groups."""
    import pyarrow as pa

    from arclight.sandbox.parts import open_part, schema_of

    schemas, claimed = [], 0
    for path, name in zip(request["paths"], request["names"], strict=True):
        _check_footer(Path(path), name)
        try:
            with open_part(Path(path)) as file:
                _check_shape(file.metadata, name)
                claimed += file.metadata.num_rows
                schemas.append(schema_of(file))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _not_valid(name) from error
    schema = _common(schemas)
    columns = _columns(schema)
    reader = _Reader(request, schema, claimed)
    parts = [
        reader.part(Path(path), name)
        for path, name in zip(request["paths"], request["names"], strict=True)
    ]
    return {"columns": columns, "preview": reader.preview, "parts": parts}


def _not_valid(name: str) -> Refused:
    return Refused(f"The part file {name!r} is not valid Parquet.")


def _check_footer(path: Path, name: str) -> None:
    """Its length, before anything believes it."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        tail = file.read(8)
    if size < 12 or tail[4:] != b"PAR1":
        raise _not_valid(name)
    if int.from_bytes(tail[:4], "little") > MAX_FOOTER:
        raise Refused(f"The part file {name!r} describes itself in more than 32 MiB.")


def _check_shape(metadata: Any, name: str) -> None:
    if metadata.num_columns > MAX_LEAVES:
        raise Refused(f"The part file {name!r} has more than {MAX_LEAVES:,} columns.")
    if metadata.num_row_groups > MAX_GROUPS:
        raise Refused(f"The part file {name!r} has more than {MAX_GROUPS:,} row groups.")


def _common(schemas: Sequence[Any]) -> Any:
    import pyarrow as pa

    from arclight.sandbox.parts import common_schema

    try:
        return common_schema(schemas)
    except pa.ArrowException as error:
        raise Refused(f"The part files of the answer disagree on their columns: {error}") from error
    except ValueError:
        raise Refused("The part files of the answer have different columns.") from None


def _columns(schema: Any) -> list[dict[str, str]]:
    from arclight.sandbox.parts import kind_of

    if len(schema) > MAX_COLUMNS:
        raise Refused(f"The answer has more than {MAX_COLUMNS:,} columns.")
    columns = []
    for field in schema:
        name = str(field.type)
        if "dictionary<" in name.removeprefix("dictionary<"):
            raise Refused(
                f"The column {field.name[:100]!r} has categories inside of a nested type."
            )
        shown = name if len(name) <= MAX_TYPE else f"{name[:MAX_TYPE]}…"
        columns.append({"name": field.name, "type": shown, "kind": kind_of(field.type)})
    if len(json.dumps(columns)) > MAX_SCHEMA:
        raise Refused("The names and types of the answer's columns take more than 1 MiB.")
    return columns


class _Reader:
    """Goes through the parts in order."""

    def __init__(self, request: Request, schema: Any, claimed: int) -> None:
        self.preview: list[tuple[Any, ...]] = []
        self._request = request
        self._schema = schema
        self._claimed = claimed
        self._rows = 0
        self._left = request["preview_bytes"]

    def part(self, path: Path, name: str) -> dict[str, Any]:
        """Read one part to its end, and cut its row groups if they are large."""
        import pyarrow as pa

        from arclight.sandbox.parts import open_part

        try:
            with open_part(path) as file:
                before = self._rows
                rewritten = self._read(file, path)
                return {"rows": self._rows - before, "rewritten": rewritten}
        except MemoryError:
            raise
        except (pa.ArrowException, OSError, ValueError, RecursionError) as error:
            raise Refused(
                f"The part file {name!r} is not valid Parquet, or holds values that cannot be"
                f" read: {str(error)[:300]}"
            ) from error

    def _read(self, file: Any, path: Path) -> bool:
        from arclight.sandbox.parts import is_wide

        metadata = file.metadata
        if not metadata.num_columns:
            return False
        groups = range(metadata.num_row_groups)
        large = any(
            metadata.row_group(n).num_rows > 2 * GROUP_ROWS or is_wide(file, n) for n in groups
        )
        counted = self._counted(file, groups)
        rewritten = large and _rewrite(counted, file, smaller(path), self._request["max_bytes"])
        for _ in counted:
            pass
        return rewritten

    def _counted(self, file: Any, groups: range) -> Iterator[Any]:
        from arclight.sandbox.parts import batches, fitted

        most, wanted = self._request["max_rows"], self._request["preview_rows"]
        for batch in batches(file, groups):
            self._rows += batch.num_rows
            if most is not None and self._rows > most:
                raise TooManyRows(max(self._rows, self._claimed))
            if len(self.preview) < wanted and self._left > 0:
                self._show(fitted(batch.slice(0, wanted - len(self.preview)), self._schema))
            yield batch

    def _show(self, batch: Any) -> None:
        """Add the rows to the preview, as many as may stand in the record."""
        from arclight.sandbox.values import json_rows

        for start in range(0, batch.num_rows, PREVIEW_STEP):
            for row in json_rows(batch.slice(start, PREVIEW_STEP), short=True):
                self._left -= len(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
                if self._left <= 0:
                    return
                self.preview.append(row)


def smaller(path: Path) -> Path:
    """Where the rewritten file of a part lies."""
    return path.with_name(f"{path.name}.smaller")


def _rewrite(batches: Iterator[Any], file: Any, target: Path, most: int) -> bool:
    """Write `batches` in small row groups; False when that takes more than `most` bytes, and the
    file stays as it was."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, metadata = file.schema_arrow, file.metadata
    compression = metadata.row_group(0).column(0).compression
    kept = compression if compression in ("SNAPPY", "ZSTD", "GZIP", "LZ4", "BROTLI") else "SNAPPY"
    with (
        target.open("wb") as sink,
        pq.ParquetWriter(
            sink, schema, compression=kept, use_dictionary=_repetitive(metadata)
        ) as writer,
    ):
        for group in _gathered(batches):
            writer.write_table(pa.Table.from_batches(group, schema), row_group_size=GROUP_ROWS)
            if sink.tell() > most:
                return False
    return True


def _repetitive(metadata: Any) -> list[str]:
    """Columns that take less than half of their plain size. A dictionary for all others would
    cost three times the time and make the file larger."""
    group = metadata.row_group(0)
    columns = [group.column(n) for n in range(group.num_columns)]
    return [
        c.path_in_schema
        for c in columns
        if c.total_uncompressed_size < c.num_values * PLAIN_BYTES // 2
    ]


def _gathered(batches: Iterator[Any]) -> Iterator[list[Any]]:
    group: list[Any] = []
    rows = size = 0
    for batch in batches:
        group.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, rows, size = [], 0, 0
    if group:
        yield group


if __name__ == "__main__":
    main()
