"""Ending processes with everything that they started."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterable, Set
from contextlib import suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_KILL_TIMEOUT = 5.0
"""Seconds; a process deep in the kernel may need a moment to go."""


def adopt_orphans() -> None:
    """Linux: orphans below this process become its children, so that none can hide."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def family(roots: Iterable[psutil.Process]) -> set[psutil.Process]:
    """The processes and all their descendants that live now."""
    found: set[psutil.Process] = set()
    for root in roots:
        try:
            found.update([root, *root.children(recursive=True)])
        except psutil.NoSuchProcess:
            continue
    return found


def end(
    roots: Iterable[psutil.Process], grace: float, hurry: Callable[[], bool] = lambda: False
) -> None:
    """Ask the roots to stop; after `grace` seconds, or on `hurry`, kill what is left below them.

    Only the roots are asked: a worker ends its own children in order.
    """
    roots = list(roots)
    seen = family(roots)
    for root in roots:
        _ask(root)
    give_up = time.monotonic() + grace
    while any(alive(r) for r in roots) and time.monotonic() < give_up and not hurry():
        seen |= family(roots)
        time.sleep(0.05)
    kill(seen | family(roots))


def kill(processes: Iterable[psutil.Process]) -> None:
    """End at once; a process whose id was given to another is left alone (psutil checks)."""
    processes = set(processes)
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    give_up = time.monotonic() + _KILL_TIMEOUT
    while any(alive(p) for p in processes) and time.monotonic() < give_up:
        time.sleep(0.02)


def sweep(known: Set[int]) -> None:
    """End every child of this process that it did not start itself, with all below them.

    Such children are orphans that were adopted; ending one may bring the next.
    """
    me = psutil.Process()
    while orphans := [c for c in me.children() if c.pid not in known]:
        kill(family(orphans))
        for orphan in orphans:
            with suppress(ChildProcessError):
                os.waitpid(orphan.pid, os.WNOHANG)


def _ask(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return


def alive(process: psutil.Process) -> bool:
    """False for a process that has ended and waits for its parent to notice, too."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
