"""Processes below the Ray host: starting, reaping, telling who owns which, and ending them.

Standard library only; Linux.
"""

import contextlib
import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

MARK = "ARCLIGHT_RAY_DRIVER"
"""In the environment of a driver and of what it starts: the driver's id."""
_JOB = "RAY_JOB_ID"
"""In the environment of a Ray worker and of what it starts: the hexadecimal id of its Ray job."""
_IO_WORKERS = ("ray::IDLE_SpillWorker", "ray::IDLE_RestoreWorker", "ray::SPILL", "ray::RESTORE")
"""Ray's own helpers, which move objects of all jobs to the disk and back."""
_LONGEST_SWEEP = 2.0
"""Seconds for a program that forks as fast as it is killed."""


def fork(work: Callable[[], Any]) -> tuple[int, int]:
    """Run `work` in a child; its pid, and a descriptor that carries the result as JSON.

    Nothing but the end of the file comes when `work` raised. The caller has one thread only.
    """
    reading, writing = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    code = 1
    try:
        _plain_signals()
        os.close(reading)
        os.set_inheritable(writing, False)
        said = json.dumps(work()).encode()
        with os.fdopen(writing, "wb") as file:
            file.write(said)
        code = 0
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        os._exit(code)


def spawn(argv: Sequence[str], environment: Mapping[str, str], cwd: str, fds: Sequence[int]) -> int:
    """Start `argv` in a session of its own with `fds` as 1, 2, …; everything else is closed."""
    pid = os.fork()
    if pid == 0:
        _become(argv, environment, cwd, fds)
    return pid


def _become(
    argv: Sequence[str], environment: Mapping[str, str], cwd: str, fds: Sequence[int]
) -> NoReturn:
    try:
        _plain_signals()
        os.setsid()
        os.chdir(cwd)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        # First out of the way: a descriptor may have the number of another one's target.
        high = [os.dup2(fd, 100 + n) for n, fd in enumerate(fds)]
        for n, fd in enumerate(high, start=1):
            os.dup2(fd, n)
        os.closerange(len(fds) + 1, 4096)
        os.execve(argv[0], list(argv), dict(environment))
    finally:
        os._exit(127)


def _plain_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def ended() -> Iterator[tuple[int, int, int]]:
    """(pid, wait status, peak resident bytes) of each child that has ended."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status, usage.ru_maxrss * 1024


def state(pid: int) -> str:
    """The letter of proc(5); empty when there is no such process."""
    parts = _stat(pid)
    return parts[0] if parts else ""


def signal_session(leader: int, number: int) -> None:
    """To every process of the session, whatever group it moved to."""
    for pid in _all():
        parts = _stat(pid)
        if parts and int(parts[3]) == leader:
            _kill(pid, number)


def kill_strays(core: Mapping[int, str], drivers: set[int], jobs: set[str], newest: int) -> int:
    """Kill the descendants that belong to no live driver and no live Ray job; how many.

    `core` are Ray's own processes, `jobs` the hexadecimal ids of live jobs; one with a number above
    `newest` began after they were listed. What a program detached from itself belongs to nobody.
    """
    killed: set[int] = set()
    give_up_at = time.monotonic() + _LONGEST_SWEEP
    while time.monotonic() < give_up_at:
        strays = _strays(core, drivers, jobs, newest)
        # All are stopped before one is killed, so that none is left to start another one.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in strays:
                _kill(pid, number)
        if not strays:
            break
        killed.update(strays)
        time.sleep(0.02)
    return len(killed)


def _strays(core: Mapping[int, str], drivers: set[int], jobs: set[str], newest: int) -> list[int]:
    parents = _descendants()
    raylet = next(pid for pid, name in core.items() if name == "raylet")
    workers = {pid for pid, parent in parents.items() if parent == raylet}
    owners = drivers | {pid for pid in workers if _is_needed(pid, jobs, newest)}
    return [
        pid
        for pid in parents
        if pid not in core
        and pid not in owners
        and not _has_ancestor(pid, parents, owners)
        and state(pid) not in ("Z", "")
    ]


def _is_needed(worker: int, jobs: set[str], newest: int) -> bool:
    job = _environment(worker).get(_JOB)
    if job is None:
        return _title(worker).startswith(_IO_WORKERS)
    try:
        number = int.from_bytes(bytes.fromhex(job), "little")
    except ValueError:
        return False
    return job in jobs or number > newest


def kill_all() -> None:
    """Kill every descendant and wait until none is left, at most 1 s."""
    give_up_at = time.monotonic() + 1.0
    while time.monotonic() < give_up_at:
        for _ in ended():
            pass
        left = [pid for pid in _descendants() if pid != os.getpid()]
        if not left:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                _kill(pid, number)
        time.sleep(0.01)


def _descendants() -> dict[int, int]:
    """pid → parent of each process below this one."""
    parents = {}
    for pid in _all():
        parts = _stat(pid)
        if parts:
            parents[pid] = int(parts[1])
    me = {os.getpid()}
    return {pid: parent for pid, parent in parents.items() if _has_ancestor(pid, parents, me)}


def _has_ancestor(pid: int, parents: Mapping[int, int], wanted: set[int]) -> bool:
    for _ in range(1000):
        pid = parents.get(pid, 0)
        if pid in wanted:
            return True
        if pid == 0:
            return False
    return False


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str]:
    """State, parent, group, session, … of proc(5); empty when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _title(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return file.read(200)
    except OSError:
        return ""


def _environment(pid: int) -> dict[str, str]:
    try:
        with open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace") as file:
            return dict(item.split("=", 1) for item in file.read().split("\0") if "=" in item)
    except OSError:
        return {}


def _kill(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
