"""Starts the process that reads what a program left, and believes only its bounded reply."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

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


class Reader:
    """The process, which may be started before there is anything to read: to import what it needs
    takes it 0.1 s. Reads once. A context manager: leaving it ends the process."""

    def __init__(self, staging: Path) -> None:
        self._out = tempfile.TemporaryFile(dir=staging)  # noqa: SIM115
        self._errors = tempfile.TemporaryFile(dir=staging)  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", decode.__name__],
            stdin=subprocess.PIPE,
            stdout=self._out,
            stderr=self._errors,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: decode.Request) -> dict[str, Any]:
        """The reply. Raises Unusable, or RuntimeError when the reader itself failed."""
        late = threading.Event()
        alarm = threading.Timer(TIMEOUT, self._give_up, [late])
        alarm.start()
        try:
            # Without a timeout: one makes `subprocess` look every 50 ms instead of wait.
            self._process.communicate(json.dumps(request).encode())
        finally:
            alarm.cancel()
        if late.is_set():
            raise Unusable(f"Reading the answer took longer than {TIMEOUT:g} s.")
        code = self._process.returncode
        if code < 0:
            name = signal.Signals(-code).name
            raise Unusable(f"The answer ended the process that read it ({name}).")
        if code > 0:
            raise RuntimeError(f"the reader of answers failed ({code}): {_tail(self._errors)}")
        self._out.seek(0)
        reply: dict[str, Any] = json.loads(self._out.read(MAX_REPLY))
        return reply

    def _give_up(self, late: threading.Event) -> None:
        late.set()
        self._kill()

    def _kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._out.close()
        self._errors.close()


def read_parts(
    paths: Sequence[Path],
    names: Sequence[str],
    *,
    preview_rows: int,
    preview_bytes: int,
    max_rows: int | None,
    max_bytes: int,
    reader: Reader,
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
    reply = reader.ask(request)
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


def _tail(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 1000))
    return errors.read().decode("utf-8", "replace")
