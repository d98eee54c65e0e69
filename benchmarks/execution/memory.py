"""What a process family holds: proportional set size, in which shared pages count once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from arclight.cli.stack import tree

EVERY = 0.25
"""Seconds between two looks for a peak. A look at fifty processes takes about a tenth of that."""


def pss(root: psutil.Process) -> int:
    """Bytes over the process and everything below it.

    Raises psutil.AccessDenied where a process of the family may not be looked at: a sum without it
    would say less than the truth.
    """
    total = 0
    for process in tree.family([root]):
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return total


@dataclass
class Peak:
    """The most that was seen."""

    bytes: int = 0


@contextmanager
def peak(root: psutil.Process) -> Iterator[Peak]:
    """Watch the family of a process meanwhile. It costs time: nothing is timed beside it."""
    seen, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            seen.bytes = max(seen.bytes, pss(root))

    thread = threading.Thread(target=watch, name="peak", daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
