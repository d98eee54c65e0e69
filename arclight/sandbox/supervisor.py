"""Stands between a worker and a program, and leaves nothing behind. Standard library only.

Started as `python -I -S supervisor.py STATUS_FD` with a pipe as standard input. The first line
there is the order, as JSON: `argv`, `env`, `cwd`, `rlimits`, `grace`, `scratch`, `wall`. Later
bytes are commands: `T` asks the program to end and kills it after the grace, `K` kills at once.
The end of the input means that the worker is gone: all is killed and the scratch folder removed.
`wall` is in seconds: a backstop for a worker that lives but no longer looks.

On STATUS_FD it writes `{"status": …, "swept": …, "max_rss": …}` (bytes, of one process)
when the last process of the tree is dead. Orphans become children of this process (Linux), so a
daemon that forks twice and opens a session of its own is still found.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"
TICK = 0.05
"""Seconds between two looks when nothing happens."""
LEFTOVER_GRACE = 0.4
"""Seconds that helpers (a JVM, Ray's processes) get to end by themselves after the program."""
SWEEP_TIME = 5.0
"""Seconds of killing before giving up: only a process stuck in the kernel survives that."""


def main(status_fd: int) -> None:
    """Run the order on standard input to its end."""
    os.set_inheritable(status_fd, False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wake, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    if LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
    order = json.loads(_line(0))
    Supervisor(order, status_fd, wake).run()


class Supervisor:
    """One program and all that it starts."""

    def __init__(self, order: dict[str, Any], status_fd: int, wake: int) -> None:
        self.order = order
        self.status_fd = status_fd
        self.wake = wake
        self.pid = 0
        self.status: int | None = None
        self.deadline = time.monotonic() + order["wall"]
        self.kill_at: float | None = None
        self.orphaned = False
        self.max_rss = 0

    def run(self) -> None:
        self.pid = _start(self.order)
        # The program holds its own copies; ours would keep the worker's readers waiting.
        _close_output()
        while self.status is None:
            self.listen()
            self.reap()
            if time.monotonic() >= min(self.deadline, self.kill_at or self.deadline):
                self.kill_at = self.kill_at or time.monotonic()
                _signal_all(signal.SIGKILL, self.pid)
        swept = self.sweep()
        if self.orphaned and self.order["scratch"]:
            shutil.rmtree(self.order["scratch"], ignore_errors=True)
        self.tell(status=self.status, swept=swept, max_rss=self.max_rss)

    def tell(self, **news: int | None) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self.status_fd, json.dumps(news).encode() + b"\n")

    def listen(self) -> None:
        """Wait for a command, a dead child or the next tick."""
        sources = [self.wake] if self.orphaned else [self.wake, 0]
        ready, _, _ = select.select(sources, [], [], TICK if self.kill_at else 1.0)
        if self.wake in ready:
            os.read(self.wake, 4096)
        if 0 not in ready:
            return
        command = os.read(0, 1)
        if command == b"T":
            _signal_all(signal.SIGTERM, self.pid)
            _signal_all(signal.SIGCONT, self.pid)
            self.kill_at = self.kill_at or time.monotonic() + self.order["grace"]
            return
        self.orphaned = command == b""
        self.kill_at = time.monotonic()

    def reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.max_rss = max(self.max_rss, usage.ru_maxrss * (1024 if LINUX else 1))
            if pid == self.pid:
                self.status = os.waitstatus_to_exitcode(status)

    def sweep(self) -> int:
        """End what outlived the program; how many processes had to be told."""
        began = time.monotonic()
        grace = 0.0 if self.kill_at is not None else LEFTOVER_GRACE
        found: set[int] = set()
        asked = False
        while (left := descendants(self.pid)) and time.monotonic() < began + SWEEP_TIME:
            waited = time.monotonic() - began
            if waited >= grace / 2:
                found |= left
            if waited >= grace:
                _signal(left, signal.SIGSTOP)
                _signal(left, signal.SIGKILL)
            elif waited >= grace / 2 and not asked:
                asked = True
                _signal(left, signal.SIGTERM)
            time.sleep(0.01)
            self.reap()
        self.reap()
        return len(found)


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


def _close_output() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for fd in (1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)


def _signal_all(number: int, main_pid: int) -> None:
    _signal(descendants(main_pid), number)


def _signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _start(order: dict[str, Any]) -> int:
    """Fork the program; this process has one thread, so code may run before the exec."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        os.close(nothing)
        return pid
    try:
        os.setsid()
        os.dup2(nothing, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        if LINUX:
            _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != supervisor:
                os._exit(127)
            _prefer_to_be_killed()
        os.umask(0o077)
        for name, value in order["rlimits"].items():
            _limit(getattr(resource, name), value)
        os.chdir(order["cwd"])
        os.execve(order["argv"][0], order["argv"], order["env"])
    except OSError as error:
        os.write(2, f"cannot start {order['argv'][0]}: {error}\n".encode())
    finally:
        # Whatever happened, there must not be a second supervisor.
        os._exit(127)


def _limit(number: int, value: int) -> None:
    """Lower both limits, so that the program cannot raise its own again."""
    _, hard = resource.getrlimit(number)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (value, value))


def _prefer_to_be_killed() -> None:
    """When the machine runs out of memory, the kernel takes the program, not the worker."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as f:
        f.write("1000")


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _line(fd: int) -> bytes:
    """The first line, byte by byte: what follows are commands."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(fd, 1)
        if not byte:
            sys.exit("the worker went away before it gave an order")
        line += byte
    return bytes(line)


if __name__ == "__main__":
    main(int(sys.argv[1]))
