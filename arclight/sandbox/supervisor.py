"""Stands between a worker and a program, and leaves nothing behind. Standard library only.

Started as `python -I -S supervisor.py STATUS_FD` with a pipe as standard input. The first line
there is the order, as JSON: `argv`, `env`, `cwd`, `rlimits`, `grace`, `scratch`, `wall`, then
`control` (descriptor that the program gets as 3) and the fields of `cage.enter.Entry`. Later
bytes are commands: `T` asks the program to end and kills it after the grace, `K` kills at once,
`B` begins the time of the program: it is killed `wall` seconds later, a backstop for a worker that
lives but no longer looks. An engine, or a process that waits for its program, has no such end.
The end of the input means that the worker is gone: all is killed and the scratch folder removed.

On STATUS_FD it writes `{"status": …, "swept": …, "max_rss": …}` (bytes, of one process)
when the last process of the tree is dead. Orphans become children of this process (Linux), so a
daemon that forks twice and opens a session of its own is still found.
"""

import contextlib
import ctypes
import importlib.util
import json
import math
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"
TICK = 0.05
"""Seconds between two looks when nothing happens."""
LEFTOVER_GRACE = 0.4
"""Seconds that helpers (a JVM, Ray's processes) get to end by themselves after the program."""
NICE = 10
"""Priority of programs: whoever watches them, and the services, come first when all cores are
busy. With a group of its own in the kernel's scheduler a program gets one share beside theirs."""


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
        self.deadline = math.inf
        self.kill_at: float | None = None
        self.orphaned = False
        self.max_rss = 0
        self.ending = _module("ending")

    def run(self) -> None:
        self.pid = _start(self.order)
        # The program holds its own copies; ours would keep the worker's readers waiting.
        _close_output()
        while self.status is None:
            self.listen()
            self.reap()
            if time.monotonic() >= min(self.deadline, self.kill_at or self.deadline):
                self.kill_at = self.kill_at or time.monotonic()
                self.ending.kill(self.ending.descendants(self.pid))
        swept = self.sweep()
        if self.orphaned and self.order["scratch"]:
            _module("broom").remove(Path(self.order["scratch"]))
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
        if command == b"B":
            self.deadline = time.monotonic() + self.order["wall"]
            return
        if command == b"T":
            # The end of bubblewrap would be the end of all, without a grace.
            asked = self.ending.descendants(self.pid) - (
                {self.pid} if self.order.get("wrapped") else set()
            )
            self.ending.signal_all(asked, signal.SIGTERM)
            self.ending.signal_all(asked, signal.SIGCONT)
            self.kill_at = self.kill_at or time.monotonic() + self.order["grace"]
            return
        self.orphaned = command == b""
        self.kill_at = time.monotonic()

    def reap(self) -> bool:
        """Bury the dead; True when no child is left, and with it nothing below us: the kernel makes
        orphans our children, so this is exact where any list of processes is late."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False
            self.max_rss = max(self.max_rss, usage.ru_maxrss * (1024 if LINUX else 1))
            if pid == self.pid:
                self.status = self.exit_code(os.waitstatus_to_exitcode(status))

    def alone(self) -> bool:
        """Nothing of the run is left."""
        return self.reap() and (LINUX or not self.ending.descendants(self.pid))

    def exit_code(self, code: int) -> int:
        """bubblewrap says 128 + n when signal n ended the program."""
        told = self.order.get("wrapped") and 128 < code < 128 + signal.NSIG
        return 128 - code if told else code

    def sweep(self) -> int:
        """End what outlived the program; how many processes had to be told."""
        grace = 0.0 if self.kill_at is not None else LEFTOVER_GRACE
        ask_at, kill_at = time.monotonic() + grace / 2, time.monotonic() + grace
        found: set[int] = set()
        while not self.alone() and (now := time.monotonic()) < kill_at:
            if now >= ask_at:
                left = self.ending.descendants(self.pid)
                self.ending.signal_all(left - found, signal.SIGTERM)
                found |= left
            time.sleep(0.01)
        found |= self.ending.end_all(self.pid, self.order.get("uid"), self.alone)
        return len(found)


def _close_output() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for fd in (1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)


def _start(order: dict[str, Any]) -> int:
    """Fork the program; this process has one thread, so code may run before the exec."""
    child = _module("cage", "child")
    control = order.get("control")
    if order.get("own"):
        child.own(order["own"], order["uid"], order["gid"])
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        if control is not None:
            os.close(control)
        return pid
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _descriptors(order, child)
        _confine(order, child)
        if LINUX:
            # After the change of user, which takes it back.
            _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != supervisor:
                os._exit(127)
        os.chdir(order["cwd"])
        os.execve(order["argv"][0], order["argv"], order["env"])
    except OSError as error:
        os.write(2, f"cannot start {order['argv'][0]}: {error}\n".encode())
    finally:
        # Whatever happened, there must not be a second supervisor.
        os._exit(127)


def _descriptors(order: dict[str, Any], child: Any) -> None:
    """Nothing to read on 0, ours on 1 and 2, the control socket on 3, no other."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    wanted = [(child.file_with(text), fd) for fd, text in order.get("files") or ()]
    if order.get("control") is not None:
        wanted.append((order["control"], 3))
    child.keep(wanted)


def _confine(order: dict[str, Any], child: Any) -> None:
    """Limits, then name spaces, then the user: each needs what the next one takes away."""
    if LINUX:
        _prefer_to_be_killed()
    os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    for name, value in order["rlimits"].items():
        _limit(getattr(resource, name), value)
    child.separate(order)
    os.umask(0o077)
    child.become(order.get("uid"), order.get("gid"), bare=bool(order.get("bare")))


def _module(*place: str) -> Any:
    """A module beside this one, without its package."""
    path = Path(__file__).absolute().parent.joinpath(*place).with_suffix(".py")
    spec = importlib.util.spec_from_file_location(f"_arclight_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


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
