"""Looks at a running program from outside until it ends or breaks a limit."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from arclight.sandbox import tree
from arclight.sandbox.limits import Limits

TICK = 0.25
"""Seconds between two looks at memory: at 4 GB/s of page faults, 1 GiB of overshoot."""
OUTPUT_EVERY = 4
"""Ticks between two looks at the scratch folder, which costs one `stat` per file."""


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

    supervisor: psutil.Process
    limits: Limits
    scratch: Path
    cancelled: threading.Event
    clock: Callable[[], float] = time.monotonic
    max_memory: int = 0

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._ticks = 0
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
        processes = tree.below(self.supervisor)
        self.seen.update(processes)
        if len(processes) > self.limits.processes:
            return Reason.PROCESSES
        used = tree.memory(processes, self.limits.memory)
        self.max_memory = max(self.max_memory, used)
        if used > self.limits.memory:
            return Reason.MEMORY
        self._ticks += 1
        if self._ticks % OUTPUT_EVERY == 0 and self.too_much_output():
            return Reason.OUTPUT
        return None

    def too_much_output(self) -> bool:
        """True when the scratch folder holds more bytes or entries than allowed."""
        size, entries = usage(self.scratch, self.limits.files + 1)
        return size > self.limits.output or entries > self.limits.files


def usage(folder: Path, most: int) -> tuple[int, int]:
    """(bytes on disk, directory entries) below `folder`; stops counting at `most` entries.

    Links are counted, never followed. A folder that vanishes or cannot be read counts as empty.
    """
    size = entries = 0
    todo = [os.fspath(folder)]
    while todo and entries < most:
        try:
            with os.scandir(todo.pop()) as found:
                for entry in found:
                    entries += 1
                    stat = entry.stat(follow_symlinks=False)
                    size += stat.st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    if entries >= most:
                        break
        except OSError:
            continue
    return size, entries
