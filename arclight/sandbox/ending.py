"""Finds and kills everything below the supervisor. Standard library only, loaded by path by it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator

LINUX = sys.platform == "linux"
SWEEP_TIME = 5.0
"""Seconds of killing before giving up: only a process stuck in the kernel survives that."""
_QUICK = 8
"""Rounds of direct children between two full lists: who forks every millisecond is in none."""
_BY_USER = 3
"""Rounds after which everything of the run's own user is killed at one stroke."""
_PATIENT = 200
"""Rounds after which nothing is in a hurry any more: something is stuck in the kernel."""


def end_all(main_pid: int, uid: int | None, alone: Callable[[], bool]) -> set[int]:
    """Kill in rounds until we are `alone`; whom. Orphans of the killed become our own children.

    A process that forks and ends every few milliseconds outlives any list of all processes, while
    the list of our children is read in microseconds. `uid` is the run's own user, if it has one.
    """
    until = time.monotonic() + SWEEP_TIME
    killed: set[int] = set()
    rounds = 0
    while not alone() and time.monotonic() < until:
        left = (rounds % _QUICK and _children()) or descendants(main_pid)
        kill(left)
        killed |= left
        rounds += 1
        if uid and rounds % _BY_USER == 0 and _alone(uid):
            _kill_user(uid)
        if rounds > _PATIENT:
            time.sleep(0.01)
    return killed


def _children() -> set[int]:
    """Our own, as the kernel lists them."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", "rb") as f:
            return set(map(int, f.read().split()))
    except OSError:
        return set()


def _kill_user(uid: int) -> None:
    """Become the user and kill all that it may: the kernel lets nobody fork meanwhile."""
    helper = os.fork()
    if helper == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(helper, 0)


def _alone(uid: int) -> bool:
    """False when the user has a process that is certainly not below us: two installations on one
    machine may give out the same users."""
    parents: dict[int, int] = {}
    mine: list[int] = []
    for pid, parent, state, _ in _processes():
        parents[pid] = parent
        if state != "Z" and _user(pid) == uid:
            mine.append(pid)
    for pid in mine:
        while pid in parents and pid != os.getpid():
            pid = parents[pid]
        if pid == 0:
            return False
    return True


def _user(pid: int) -> int | None:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", "rb") as f:
        for line in f:
            if line.startswith(b"Uid:"):
                return int(line.split()[1])
    return None


def descendants(main_pid: int) -> set[int]:
    """Ids of all live processes below this one; without subreaper also of the program's group."""
    below: dict[int, list[int]] = {}
    group: set[int] = set()
    for pid, parent, state, pgid in _processes():
        if state == "Z":
            continue
        below.setdefault(parent, []).append(pid)
        if pgid == main_pid and not LINUX:
            group.add(pid)
    found = set(group)
    todo = [os.getpid(), *group]
    while todo:
        fresh = set(below.get(todo.pop(), ())) - found
        found |= fresh
        todo += fresh
    return found


def _processes() -> Iterator[tuple[int, int, str, int]]:
    """(pid, parent, state, process group) of every process."""
    if not LINUX:
        listing = ["ps", "-A", "-o", "pid=,ppid=,state=,pgid="]
        for line in subprocess.run(listing, capture_output=True, text=True).stdout.splitlines():
            pid, parent, state, pgid = line.split()
            yield int(pid), int(parent), state[:1], int(pgid)
        return
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as f:
                stat = f.read()
        except OSError:
            continue
        # The command's name is in brackets and may hold anything, brackets too.
        status, above, pgid_text = stat[stat.rindex(b")") + 2 :].split()[:3]
        yield int(name), int(above), status.decode(), int(pgid_text)


def signal_all(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def kill(pids: Iterable[int]) -> None:
    """Groups first: the kernel kills one at a stroke, faster than a fork bomb makes the next."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if (group := os.getpgid(pid)) != os.getpgrp():
                os.killpg(group, signal.SIGKILL)
    signal_all(pids, signal.SIGSTOP)
    signal_all(pids, signal.SIGKILL)
