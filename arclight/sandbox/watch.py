"""Looks at a running program from outside until it ends or breaks a limit."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from arclight.sandbox import tree
from arclight.sandbox.limits import Limits
from arclight.sandbox.usage import Nameless, nameless, usage

TICK = 0.25
"""Seconds between two looks at memory: at 4 GB/s of page faults, 1 GiB of overshoot."""
OUTPUT_EVERY = 4
"""Ticks between two looks at the scratch folder and at open files, which cost a `stat` per file."""


class Reason(StrEnum):
    """Why a run ended."""

    ENDED = "ended"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    PROCESSES = "processes"
    CANCELLED = "cancelled"
    LOST = "lost"
    """The supervisor was killed: by the machine, or by the program."""


@dataclass
class Watch:
    """One run under observation."""

    supervisor: psutil.Process | None
    """None where the processes of this run cannot be told from those of others."""
    limits: Limits
    scratch: Path
    cancelled: threading.Event
    clock: Callable[[], float] = time.monotonic
    max_memory: int = 0

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._ticks = 0
        self._nameless = Nameless()
        self.seen: set[psutil.Process] = set()
        """Every process that was ever seen, for the case that the supervisor gets killed."""

    @property
    def seconds(self) -> float:
        return self.clock() - self._began

    def look(self) -> Reason | None:
        """The limit that is broken now, if one is."""
        if self.cancelled.is_set():
            return Reason.CANCELLED
        if self.seconds >= self.limits.wall.total_seconds():
            return Reason.WALL
        self._ticks += 1
        files = self._ticks % OUTPUT_EVERY == 0
        if self.supervisor is not None and (broken := self._processes(self.supervisor, files)):
            return broken
        if files and self.too_much_output(self._nameless.disk):
            return Reason.OUTPUT
        return None

    def _processes(self, supervisor: psutil.Process, files: bool) -> Reason | None:
        processes = tree.below(supervisor)
        self.seen.update(processes)
        if len(processes) > self.limits.processes:
            return Reason.PROCESSES
        if files:
            self._nameless = nameless((p.pid for p in processes), self.scratch)
        used = tree.memory(processes, self.limits.memory, self._nameless.memory)
        self.max_memory = max(self.max_memory, used)
        return Reason.MEMORY if used > self.limits.memory else None

    def too_much_output(self, nameless: int = 0) -> bool:
        """True when the folder holds more bytes or entries than allowed, `nameless` bytes in files
        that are not in it any more."""
        size, entries = usage(self.scratch, self.limits.files + 1)
        return size + nameless > self.limits.output or entries > self.limits.files
