"""`run(spec)`: one program in a process tree of its own, under limits, with nothing left after it.

The executors know this function and nothing below it, so the cage can get stronger here alone.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from arclight.sandbox import supervisor as supervisor_script
from arclight.sandbox import tree
from arclight.sandbox.limits import Limits
from arclight.sandbox.logs import Quota, StreamReader
from arclight.sandbox.watch import TICK, Reason, Watch

GRACE = 2.0
"""Seconds from the polite request to end to the kill."""
PATIENCE = 8.0
"""Seconds that the supervisor gets to report the end; then the worker kills the tree itself.
Longer than the supervisor's own sweep, so that both never work at the same time."""
CANCEL_PATIENCE = 3.5
"""The same after a cancel, which must be over within 5 s: it is the grace and a short sweep."""
BACKSTOP = 10.0
"""Seconds past the wall limit at which the supervisor ends the run without being told."""


@dataclass(frozen=True)
class LaunchSpec:
    """What to run. Nothing is inherited: `env` is the whole environment."""

    run: str
    """Unique name of this run; the mark by which its processes are found."""
    argv: Sequence[str]
    """Absolute path of the executable first."""
    env: Mapping[str, str]
    scratch: Path
    """Folder that the run may fill. It exists, and only this run uses it."""
    cwd: Path
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Exit:
    """How a run ended. Every process of it is dead by now."""

    reason: Reason
    code: int | None
    """Exit code; None when a signal ended the program."""
    signal: int | None
    seconds: float
    max_memory: int
    """Bytes, the largest that was seen."""
    survivors: int
    """Processes that outlived the program and had to be ended."""
    stdout: str
    """The head of standard output."""
    log_cut: int = 0
    """Bytes of output that were not kept."""


def run(spec: LaunchSpec, *, log: Callable[[str], None], cancelled: threading.Event) -> Exit:
    """Run the program to its end or to its limit. Blocks; `log` is called from other threads."""
    status_read, status_write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", supervisor_script.__file__, str(status_write)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        cwd="/",
        pass_fds=(status_write,),
        start_new_session=True,
    )
    os.close(status_write)
    with process, os.fdopen(status_read, "rb") as pipe:
        status = _Status(pipe)
        status.start()
        try:
            return _Run(spec, process, log, cancelled).to_the_end(status)
        finally:
            status.join(PATIENCE)


class _Status(threading.Thread):
    """Reads the supervisor's reports; `over` is set by its last word, or by its death."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(name="supervisor-status", daemon=True)
        self._pipe = pipe
        self.over = threading.Event()
        self.status: int | None = None
        self.swept = 0
        self.max_rss = 0

    def run(self) -> None:
        try:
            for line in self._pipe:
                news = json.loads(line)
                if "status" in news:
                    self.status, self.swept = news["status"], news["swept"]
                    self.max_rss = news["max_rss"]
        finally:
            self.over.set()


class _Run:
    """One run, from the order to the last dead process."""

    def __init__(
        self,
        spec: LaunchSpec,
        process: subprocess.Popen[bytes],
        log: Callable[[str], None],
        cancelled: threading.Event,
    ) -> None:
        self._spec = spec
        self._process = process
        self._log = log
        self._quota = Quota(spec.limits.log)
        self._supervisor = psutil.Process(process.pid)
        self._watch = Watch(self._supervisor, spec.limits, spec.scratch, cancelled)

    def to_the_end(self, status: _Status) -> Exit:
        out = self._reader(self._process.stdout, keep=True)
        err = self._reader(self._process.stderr)
        try:
            self._send(json.dumps(self._order()).encode() + b"\n")
            reason = self._until_over_or_broken(status)
            survivors = status.swept + self._make_sure(status)
        finally:
            # The end of its input is the supervisor's order to kill everything.
            self._close_input()
            self._process.wait(PATIENCE)
        for reader in (out, err):
            reader.join(2.0)
        if self._quota.note:
            self._log(self._quota.note)
        if reason is Reason.ENDED and status.status is None:
            reason = Reason.LOST
        elif reason is Reason.ENDED and self._watch.too_much_output():
            reason = Reason.OUTPUT
        code = status.status
        return Exit(
            reason=reason,
            code=code if code is not None and code >= 0 else None,
            signal=-code if code is not None and code < 0 else None,
            seconds=self._watch.seconds,
            max_memory=max(self._watch.max_memory, status.max_rss),
            survivors=survivors,
            stdout=out.text,
            log_cut=self._quota.cut,
        )

    def _until_over_or_broken(self, status: _Status) -> Reason:
        while not status.over.wait(TICK):
            broken = self._watch.look()
            if broken is None:
                continue
            gentle = broken in (Reason.WALL, Reason.CANCELLED)
            self._send(b"T" if gentle else b"K")
            status.over.wait(CANCEL_PATIENCE if broken is Reason.CANCELLED else PATIENCE)
            return broken
        return Reason.ENDED

    def _make_sure(self, status: _Status) -> int:
        """End the tree from here when the supervisor could not; how many were alive."""
        if status.over.is_set() and status.status is not None:
            return 0
        return tree.end({*self._watch.seen, self._supervisor}, self._spec.run)

    def _reader(self, pipe: IO[bytes] | None, *, keep: bool = False) -> StreamReader:
        assert pipe is not None
        reader = StreamReader(pipe, self._log, self._quota, keep=keep)
        reader.start()
        return reader

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # Killed: `_make_sure` sees to the rest.
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _close_input(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def _order(self) -> dict[str, Any]:
        limits = self._spec.limits
        return {
            "argv": list(self._spec.argv),
            "env": {**self._spec.env, tree.MARKER: self._spec.run},
            "cwd": str(self._spec.cwd),
            "scratch": str(self._spec.scratch),
            "grace": GRACE,
            "wall": limits.wall.total_seconds() + BACKSTOP,
            # No limit of address space: it breaks the JVM. Memory is watched instead.
            "rlimits": {
                "RLIMIT_CORE": 0,
                "RLIMIT_NOFILE": limits.open_files,
                "RLIMIT_FSIZE": limits.file_size,
            },
        }
