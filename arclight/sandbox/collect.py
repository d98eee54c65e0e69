"""From the files that a dead program left to the result envelope.

The program chose names, sizes, links and contents, so nothing of that is trusted: regular files
only, reached through an open folder without following links, bounded in number and size, copied
out before they are read, counted by reading and not by what they say of themselves.
"""

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.result import Column, Result, ResultFile, ResultKind
from arclight.runtime.artifacts import Artifacts
from arclight.sandbox.values import json_rows

MAX_FILES = 2000
"""Part files of one answer. Spark's default of 200 shuffle partitions, ten times over."""
MAX_COLUMNS = 2000
"""Their names stand in the job's record."""
MAX_PREVIEW = 256 * 1024
"""Bytes of JSON inside the job's record, which is read on every poll."""


@dataclass(frozen=True)
class Part:
    """One part file, copied out of the program's reach."""

    path: Path
    rows: int
    bytes: int
    sha256: str
    schema: pa.Schema


def collect(
    folder_fd: int,
    path: Sequence[str],
    store: Artifacts,
    key: str,
    *,
    preview_rows: int,
    max_bytes: int,
    staging: Path,
) -> Result | None:
    """The table in the answer folder, stored under `key`; None when nothing was written there.

    `path` leads from the open folder to the answer; `staging` is a folder the program never had.
    Raises StepFailed with kind `code` for an answer that cannot be used.
    """
    with ExitStack() as stack:
        fd = folder_fd
        for name in path:
            opened = _open_folder(fd, name)
            if opened is None:
                return None
            stack.callback(os.close, opened)
            fd = opened
        names = _part_names(fd)
        if not names:
            # Even an empty table has a file, with its columns.
            return None
        copied = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=staging)))
        parts = _copy_all(fd, names, copied, max_bytes)
        columns = _columns(parts)
        preview = _preview(parts, preview_rows)
        return _store(parts, columns, preview, store, key)


def _open_folder(parent: int, name: str) -> int | None:
    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise _refused(f"The answer {name!r} is not a folder.") from None
    except OSError as error:
        raise _refused(f"The answer folder cannot be opened: {error.strerror}.") from error


def _part_names(fd: int) -> list[str]:
    names: list[str] = []
    others: list[str] = []
    folders = 0
    with os.scandir(fd) as entries:
        for entry in entries:
            if entry.name.startswith((".", "_")):
                continue
            if entry.name.endswith(".parquet"):
                names.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders += 1
            else:
                others.append(entry.name)
            if len(names) > MAX_FILES:
                raise _refused(f"The answer has more than {MAX_FILES:,} part files.")
    if folders and not names:
        raise _refused("The answer is split into folders, and only files are read.")
    if others and not names:
        # Without this, a program that writes CSV would seem to have found nothing.
        raise _refused(f"The answer is no Parquet: the program wrote {min(others)[:100]!r}.")
    return sorted(names)


def _copy_all(fd: int, names: Sequence[str], staging: Path, max_bytes: int) -> list[Part]:
    parts: list[Part] = []
    left = max_bytes
    for number, name in enumerate(names):
        part = _copy(fd, name, staging / f"part-{number:05d}.parquet", left)
        left -= part.bytes
        parts.append(part)
    return parts


def _copy(folder: int, name: str, target: Path, most: int) -> Part:
    shown = name[:100]
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _refused(f"The part file {shown!r} cannot be read: {error.strerror}.") from error
    status = os.fstat(fd)
    # A second name could be a file outside that the program may not read itself.
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        os.close(fd)
        raise _refused(f"The part file {shown!r} is a link or no regular file.")
    digest = hashlib.sha256()
    size = 0
    with os.fdopen(fd, "rb") as source, target.open("wb") as copy:
        while chunk := source.read(1024 * 1024):
            size += len(chunk)
            if size > most:
                raise _refused("The answer is larger than a run may write.")
            digest.update(chunk)
            copy.write(chunk)
    try:
        rows, schema = _count(target)
    except (pa.ArrowException, OSError) as error:
        raise _refused(f"The part file {shown!r} is not valid Parquet.") from error
    return Part(path=target, rows=rows, bytes=size, sha256=digest.hexdigest(), schema=schema)


def _count(path: Path) -> tuple[int, pa.Schema]:
    """Rows by reading the first column, and the schema."""
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        if not schema.names:
            return 0, schema
        leaf = file.schema.column(0).path
        return sum(b.num_rows for b in file.iter_batches(columns=[leaf])), schema


def _columns(parts: Sequence[Part]) -> tuple[Column, ...]:
    schema = _common([p.schema for p in parts])
    if len(schema) > MAX_COLUMNS:
        raise _refused(f"The answer has more than {MAX_COLUMNS:,} columns.")
    return tuple(Column(name=f.name, type=str(f.type)) for f in schema)


def _common(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema for all parts: the same columns in the same order, types widened."""
    first, *others = schemas
    if all(first.equals(other) for other in others):
        return first
    if any(first.names != other.names for other in others):
        raise _refused("The part files of the answer have different columns.")
    try:
        return pa.unify_schemas(list(schemas), promote_options="permissive")
    except pa.ArrowException as error:
        raise _refused(
            f"The part files of the answer disagree on their columns: {error}"
        ) from error


def _preview(parts: Sequence[Part], most: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    try:
        for part in parts:
            with pq.ParquetFile(part.path) as file:
                for batch in file.iter_batches(batch_size=most):
                    rows += json_rows(pa.Table.from_batches([batch]))
                    if len(rows) >= most:
                        return _fitting(rows[:most])
    except (pa.ArrowException, ValueError) as error:
        raise _refused(f"The answer holds values that cannot be read: {error}") from error
    return _fitting(rows)


def _fitting(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """As many first rows as may stand in the record."""
    size = 0
    for number, row in enumerate(rows):
        size += len(json.dumps(row, ensure_ascii=False).encode())
        if size > MAX_PREVIEW:
            return rows[:number]
    return rows


def _store(
    parts: Sequence[Part],
    columns: tuple[Column, ...],
    preview: list[tuple[object, ...]],
    store: Artifacts,
    key: str,
) -> Result:
    files = tuple(
        ResultFile(key=f"{key}/part-{n:05d}.parquet", rows=p.rows, bytes=p.bytes, sha256=p.sha256)
        for n, p in enumerate(parts)
    )
    for file, part in zip(files, parts, strict=True):
        store.put_file(file.key, part.path)
    total = sum(f.rows for f in files)
    result = Result.model_validate(
        {
            "kind": ResultKind.TABLE,
            "columns": columns,
            "preview": preview,
            "total_rows": total,
            "truncated": len(preview) < total,
            "files": files,
            "bytes": sum(f.bytes for f in files),
            "sha256": hashlib.sha256("".join(f.sha256 for f in files).encode()).hexdigest(),
            "notes": () if total else ("The answer has no rows: nothing matched.",),
        }
    )
    manifest = result.model_dump_json(exclude={"preview"}, indent=2)
    store.put(f"{key}/manifest.json", manifest.encode())
    return result


def _refused(message: str) -> StepFailed:
    return StepFailed(
        Failure(
            kind=FailureKind.CODE,
            code="ANSWER_UNUSABLE",
            message=message,
            hint="Write the answer as plain Parquet files straight into the folder of `--output`.",
        )
    )
