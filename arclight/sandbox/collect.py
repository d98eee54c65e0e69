"""From the files that a dead program left to the result envelope.

The program chose names, sizes, links and contents, so nothing of that is trusted: regular files
only, reached through an open folder without following links, bounded in number and size, copied
out before they are read, and read by a process that a crash or a bomb may end (see decode.py).
Rows are counted by reading and not by what the files say of themselves.
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.result import Column, Result, ResultFile, ResultKind
from arclight.runtime.artifacts import Artifacts
from arclight.sandbox.decoding import Read, Reader, TooManyRows, Unusable, read_parts
from arclight.sandbox.logs import neutral

MAX_FILES = 2000
"""Part files of one answer. Spark's default of 200 shuffle partitions, ten times over."""
MAX_PREVIEW = 256 * 1024
"""Bytes of JSON inside the job's record, which is read on every poll."""


@dataclass(frozen=True)
class Part:
    """One part file, copied out of the program's reach."""

    path: Path
    name: str
    """What the program called it, shortened."""
    bytes: int


def collect(
    folder_fd: int,
    path: Sequence[str],
    store: Artifacts,
    key: str,
    *,
    preview_rows: int,
    max_bytes: int,
    staging: Path,
    max_rows: int | None = None,
    reader: Reader | None = None,
) -> Result | None:
    """The table in the answer folder, stored under `key`; None when nothing was written there.

    `path` leads from the open folder to the answer; `staging` is a folder the program never had;
    `reader` was started for this one answer.
    Raises StepFailed with kind `code` for an answer that cannot be used, and kind `resource` for
    one of more than `max_rows` rows.
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
        reader = reader or stack.enter_context(Reader(staging))
        read = _read(parts, preview_rows, max_rows, max_bytes, reader)
        return _store(read, store, key)


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
    size = 0
    with os.fdopen(fd, "rb") as source, target.open("wb") as copy:
        while chunk := source.read(1024 * 1024):
            size += len(chunk)
            if size > most:
                raise _refused("The answer is larger than a run may write.")
            copy.write(chunk)
    return Part(path=target, name=shown, bytes=size)


def _read(
    parts: Sequence[Part],
    preview_rows: int,
    max_rows: int | None,
    max_bytes: int,
    reader: Reader,
) -> Read:
    try:
        return read_parts(
            [p.path for p in parts],
            [p.name for p in parts],
            preview_rows=preview_rows,
            preview_bytes=MAX_PREVIEW,
            max_rows=max_rows,
            max_bytes=max_bytes,
            reader=reader,
        )
    except Unusable as error:
        raise _refused(str(error)) from error
    except TooManyRows as error:
        raise _too_many(error.rows, max_rows or 0) from error


def _kept(path: Path, key: str, rows: int, store: Artifacts) -> ResultFile:
    size = path.stat().st_size
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    store.put_file(key, path)
    return ResultFile(key=key, rows=rows, bytes=size, sha256=digest)


def _store(read: Read, store: Artifacts, key: str) -> Result:
    files = tuple(
        _kept(part.path, f"{key}/part-{n:05d}.parquet", part.rows, store)
        for n, part in enumerate(read.parts)
    )
    total = sum(f.rows for f in files)
    result = Result.model_validate(
        {
            "kind": ResultKind.TABLE,
            "columns": tuple(map(_tame, read.columns)),
            "preview": read.preview,
            "total_rows": total,
            "truncated": len(read.preview) < total,
            "files": files,
            "bytes": sum(f.bytes for f in files),
            "sha256": hashlib.sha256("".join(f.sha256 for f in files).encode()).hexdigest(),
            "notes": () if total else ("The answer has no rows: nothing matched.",),
        }
    )
    manifest = result.model_dump_json(exclude={"preview"}, indent=2)
    store.put(f"{key}/manifest.json", manifest.encode())
    return result


def _tame(column: Column) -> Column:
    """Programs choose the names, also of fields within types; the part files keep them as they are.

    A tab or a line break has no place in a name either.
    """
    return column.model_copy(update={k: _shown(getattr(column, k)) for k in ("name", "type")})


def _shown(text: str) -> str:
    return neutral(text).replace("\t", "\\x09")


def _refused(message: str) -> StepFailed:
    return StepFailed(
        Failure(
            kind=FailureKind.CODE,
            code="ANSWER_UNUSABLE",
            message=message,
            hint="Write the answer as plain Parquet files straight into the folder of `--output`.",
        )
    )


def _too_many(rows: int, most: int) -> StepFailed:
    return StepFailed(
        Failure(
            kind=FailureKind.RESOURCE,
            code="TOO_MANY_ROWS",
            message=f"The answer has {rows:,} rows; this run may give {most:,}.",
            hint="Aggregate or filter before writing, ask for more `limits.rows`, or raise"
            " ARCLIGHT_RUN_ROWS.",
            details={"rows": rows, "limit": most},
        )
    )
