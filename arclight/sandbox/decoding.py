"""Starts the process that reads what a program left, and believes only its bounded reply."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from arclight.contracts.result import Column
from arclight.sandbox import decode

TIMEOUT = 300.0
"""Seconds. As for processor time; a reader that waits for a disk is no better."""
MAX_REPLY = 4 * 1024**2
"""Bytes: columns of 1 MiB and a preview of 256 KiB, with room for JSON's escapes."""

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Plain malloc: other allocators reserve address space, which is what is limited.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Unusable(Exception):
    """The answer cannot be read; the message says why."""


class TooManyRows(Exception):
    """The answer has more rows than it may have."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows:,} rows")
        self.rows = rows


@dataclass(frozen=True)
class PartRead:
    """One part file: its rows, counted, and the file to keep."""

    path: Path
    rows: int


@dataclass(frozen=True)
class Read:
    """What the reader saw."""

    columns: tuple[Column, ...]
    preview: list[tuple[Any, ...]]
    parts: tuple[PartRead, ...]


def read_parts(
    paths: Sequence[Path],
    names: Sequence[str],
    *,
    preview_rows: int,
    preview_bytes: int,
    max_rows: int | None,
    max_bytes: int,
) -> Read:
    """Read every value of these files in a process of its own, within 1 GiB and five minutes.

    Raises Unusable or TooManyRows for the files' faults, RuntimeError for one of ours.
    """
    request = decode.Request(
        paths=[str(p) for p in paths],
        names=list(names),
        preview_rows=preview_rows,
        preview_bytes=preview_bytes,
        max_rows=max_rows,
        max_bytes=max_bytes,
        memory=decode.MEMORY,
    )
    reply = _ask(request, paths[0].parent)
    if "refused" in reply:
        raise Unusable(reply["refused"])
    if "too_many_rows" in reply:
        raise TooManyRows(reply["too_many_rows"])
    return Read(
        columns=tuple(Column.model_validate(c) for c in reply["columns"]),
        preview=[tuple(row) for row in reply["preview"]],
        parts=tuple(
            PartRead(decode.smaller(path) if part["rewritten"] else path, part["rows"])
            for path, part in zip(paths, reply["parts"], strict=True)
        ),
    )


def _ask(request: decode.Request, staging: Path) -> dict[str, Any]:
    with (
        tempfile.TemporaryFile(dir=staging) as out,
        tempfile.TemporaryFile(dir=staging) as errors,
    ):
        code = _run(json.dumps(request).encode(), out, errors)
        if code < 0:
            name = signal.Signals(-code).name
            raise Unusable(f"The answer ended the process that read it ({name}).")
        if code > 0:
            raise RuntimeError(f"the reader of answers failed ({code}): {_tail(errors)}")
        out.seek(0)
        reply: dict[str, Any] = json.loads(out.read(MAX_REPLY))
        return reply


def _run(request: bytes, out: IO[bytes], errors: IO[bytes]) -> int:
    """The exit status, negative for a signal."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", decode.__name__],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=errors,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    try:
        process.communicate(request, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        raise Unusable(f"Reading the answer took longer than {TIMEOUT:g} s.") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode


def _tail(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 1000))
    return errors.read().decode("utf-8", "replace")
