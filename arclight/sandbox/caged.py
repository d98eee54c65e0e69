"""A started program: follow it to its end, or end it."""

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Self

import psutil

from arclight.contracts.names import LogStream
from arclight.sandbox import tree
from arclight.sandbox.limits import Limits
from arclight.sandbox.logs import FullLog, Output, Quota
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

Log = Callable[[str, LogStream], None]


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
    """Bytes of output that were not passed on."""


class Caged:
    """One process tree. A context manager: leaving it ends everything."""

    def __init__(
        self,
        name: str,
        scratch: Path,
        process: subprocess.Popen[bytes],
        order: Mapping[str, Any],
        status: int,
        control: socket.socket,
    ) -> None:
        self.name = name
        self.control = control
        """Our end of the program's file descriptor 3."""
        self._scratch = scratch
        self._process = process
        self._supervisor = psutil.Process(process.pid)
        self._status = _Status(os.fdopen(status, "rb"))
        self._status.start()
        self.output = Output(process.stdout, process.stderr)
        self._seen: set[psutil.Process] = set()
        self._send(json.dumps(order).encode() + b"\n")

    @property
    def over(self) -> bool:
        """True when the program has ended, or its supervisor has."""
        return self._status.over.is_set()

    def memory(self) -> int:
        """Bytes that the whole tree holds now; shared pages count once."""
        return tree.memory(tree.below(self._supervisor), 0)

    def processes(self) -> set[psutil.Process]:
        """The live processes below the supervisor."""
        return set(tree.below(self._supervisor))

    def follow(
        self,
        limits: Limits,
        *,
        log: Log,
        cancelled: threading.Event,
        full: Mapping[LogStream, FullLog] = MappingProxyType({}),
    ) -> Exit:
        """Look after the program from now on, to its end or to its limit. Blocks.

        `log` gets what the program prints from now on, from other threads; `full` the whole of it.
        """
        quota = Quota(limits.log)
        self.output.pass_to(log, quota, full)
        self._send(b"B")
        watch = Watch(self._supervisor, limits, self._scratch, cancelled)
        reason = self._until_over_or_broken(watch)
        self._seen |= watch.seen
        # The supervisor had its time; if it is silent, it was killed or stopped.
        survivors = self._status.swept + self.end(patience=0.0)
        if quota.note:
            log(quota.note, LogStream.SYSTEM)
        if reason is Reason.ENDED and self._status.status is None:
            reason = Reason.LOST
        elif reason is Reason.ENDED and watch.too_much_output():
            reason = Reason.OUTPUT
        code = self._status.status
        return Exit(
            reason=reason,
            code=code if code is not None and code >= 0 else None,
            signal=-code if code is not None and code < 0 else None,
            seconds=watch.seconds,
            max_memory=max(watch.max_memory, self._status.max_rss),
            survivors=survivors,
            stdout=self.output.text,
            log_cut=quota.cut,
        )

    def end(self, patience: float = PATIENCE) -> int:
        """End everything now; idempotent. How many the supervisor could not end itself.

        It gets `patience` seconds to do so.
        """
        if not self.over:
            self._send(b"K")
            self._status.over.wait(patience)
        left = self._make_sure()
        # The end of its input is the supervisor's order to kill everything.
        self._close_input()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._status.join(PATIENCE)
        self.output.join(2.0)
        self.control.close()
        return left

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _until_over_or_broken(self, watch: Watch) -> Reason:
        over = self._status.over
        while not over.wait(TICK):
            broken = watch.look()
            if broken is None:
                continue
            gentle = broken in (Reason.WALL, Reason.CANCELLED)
            self._send(b"T" if gentle else b"K")
            over.wait(CANCEL_PATIENCE if broken is Reason.CANCELLED else PATIENCE)
            return broken
        return Reason.ENDED

    def _make_sure(self) -> int:
        """End the tree from here when the supervisor could not; how many were alive."""
        if self.over and self._status.status is not None:
            return 0
        return tree.end({*self._seen, self._supervisor}, self.name)

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ValueError):  # Killed, or closed already.
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _close_input(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()


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
            with self._pipe:
                for line in self._pipe:
                    news = json.loads(line)
                    if "status" in news:
                        self.status, self.swept = news["status"], news["swept"]
                        self.max_rss = news["max_rss"]
        finally:
            self.over.set()
