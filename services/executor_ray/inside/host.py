"""Main program of a cage that keeps one Ray for many programs, each in a driver process of its own.

`python -P -s -u host.py` with a Unix stream socket as file descriptor 3 that carries JSON lines.
Meant to be the first process of its process namespace; elsewhere it makes itself the reaper of its
descendants. Standard library and Ray only.

    ← {"ready": {"address": …, "session": …}}
    → {"spawn": {"id": …, "env": {…}, "cwd": …, "argv": […]}}   with the driver's fds 1, 2 and 3
    ← {"exit": {"id": …, "code": 0, "signal": null, "max_rss": bytes}}
    ← {"cleaned": {"id": …, "actors": 1, "processes": 2, "left": 0}}
                                          the job is cleared away, but for what `left` counts
    → {"end": {"id": …, "grace": seconds}}                      SIGTERM, then SIGKILL
    ← {"broken": "…"}                                           Ray died; this process ends

Everything in here is one trust domain: a program can kill Ray, and this process too. What it cannot
do is stay unnoticed, or outlive the cage.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import sys
import time
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTROL = 3
TICK = 0.25
"""Seconds between two looks at what tells nobody by itself: deadlines, a stopped raylet."""
_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""
_PASSED = 3
"""File descriptors with each `spawn`."""
_FDS = 64
"""Descriptors that one message may bring; more than _PASSED so that pipelined orders fit."""


def _neighbour(name: str) -> types.ModuleType:
    """The module beside this one: nothing of the installation is importable by name in a cage."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        f"_arclight_ray_{name}", Path(__file__).with_name(f"{name}.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


processes = _neighbour("processes")
cluster = _neighbour("cluster")
folders = _neighbour("folders")
keys = _neighbour("keys")
slim = _neighbour("slim")


class Broken(Exception):
    """Ray is gone; the message says what was seen."""


@dataclass
class Driver:
    """A driver process that was asked for and has not been cleaned up after."""

    id: str
    pid: int
    started: float
    kill_at: float | None = None


@dataclass
class Cleaning:
    """The child that asks Ray for leftovers, and for whom."""

    pid: int
    reply: int
    give_up_at: float
    ids: list[str]
    said: bytearray = field(default_factory=bytearray)


class Host:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = bytearray()
        self._passed: list[int] = []
        self._drivers: dict[str, Driver] = {}
        self._ended: list[str] = []
        self._cleaning: Cleaning | None = None
        self._ray: Any = None

    def run(self) -> None:
        """Until the other side is gone or SIGTERM. Raises Broken."""
        wake, woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        self._ray = cluster.start(processes.fork, slim.slim, keys.all_keys)
        self._send({"ready": {**self._ray.said, "pid": os.getpid()}})
        while True:
            watched = [CONTROL, wake]
            if self._cleaning is not None:
                watched.append(self._cleaning.reply)
            readable, _, _ = select.select(watched, [], [], TICK)
            if wake in readable:
                os.read(wake, 4096)
            self._reap()
            if CONTROL in readable and not self._receive():
                return
            self._collect_cleaning(readable)
            self._tick()

    def _receive(self) -> bool:
        """False when nobody is there any more."""
        try:
            data, fds, _, _ = socket.recv_fds(self._connection, 65536, _FDS)
        except ConnectionResetError:
            return False
        for fd in fds:
            os.set_inheritable(fd, False)
        self._passed += fds
        if not data:
            return False
        self._received += data
        while (end := self._received.find(b"\n")) >= 0:
            line = bytes(self._received[:end])
            del self._received[: end + 1]
            self._obey(json.loads(line))
        return True

    def _obey(self, order: dict[str, Any]) -> None:
        if "spawn" in order:
            self._spawn(order["spawn"])
        elif "end" in order:
            self._end(order["end"]["id"], float(order["end"].get("grace", 0)))

    def _spawn(self, order: dict[str, Any]) -> None:
        fds, self._passed = self._passed[:_PASSED], self._passed[_PASSED:]
        environment = {**order["env"], **self._ray.environment, processes.MARK: order["id"]}
        try:
            pid = processes.spawn(order["argv"], environment, order["cwd"], fds)
        finally:
            for fd in fds:
                os.close(fd)
        self._drivers[order["id"]] = Driver(order["id"], pid, time.time())

    def _end(self, name: str, grace: float) -> None:
        driver = self._drivers.get(name)
        if driver is None:
            return
        if grace > 0:
            processes.signal_session(driver.pid, signal.SIGTERM)
            driver.kill_at = time.monotonic() + grace
        else:
            processes.signal_session(driver.pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Every child that has ended, adopted ones too. Raises Broken when it was Ray's."""
        for pid, status, max_rss in processes.ended():
            if pid in self._ray.pids:
                raise Broken(f"Ray's {self._ray.pids[pid]} ended with {_words(status)}.")
            driver = next((d for d in self._drivers.values() if d.pid == pid), None)
            if driver is not None:
                self._driver_ended(driver, status, max_rss)

    def _driver_ended(self, driver: Driver, status: int, max_rss: int) -> None:
        del self._drivers[driver.id]
        processes.signal_session(driver.pid, signal.SIGKILL)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        said = {"id": driver.id, "code": code, "signal": killed, "max_rss": max_rss}
        self._send({"exit": said})
        self._ended.append(driver.id)

    def _tick(self) -> None:
        now = time.monotonic()
        for driver in self._drivers.values():
            if driver.kill_at is not None and now >= driver.kill_at:
                processes.signal_session(driver.pid, signal.SIGKILL)
        for pid, name in self._ray.pids.items():
            if processes.state(pid) in ("T", "t", "Z", ""):
                raise Broken(f"Ray's {name} was stopped.")
        if self._cleaning is not None and now >= self._cleaning.give_up_at:
            raise Broken("Ray did not answer when it was asked for a job's leftovers.")
        if self._ended and self._cleaning is None:
            self._start_cleaning(now)

    def _start_cleaning(self, now: float) -> None:
        live = [driver.pid for driver in self._drivers.values()]
        pid, reply = processes.fork(lambda: cluster.clean(self._ray, live, keys.clear))
        self._cleaning = Cleaning(pid, reply, now + cluster.ANSWER, self._ended)
        self._ended = []

    def _collect_cleaning(self, readable: list[int]) -> None:
        cleaning = self._cleaning
        if cleaning is None or cleaning.reply not in readable:
            return
        piece = os.read(cleaning.reply, 65536)
        cleaning.said += piece
        if piece:
            return
        os.close(cleaning.reply)
        self._cleaning = None
        if not cleaning.said:
            raise Broken("Ray could not be asked for a job's leftovers.")
        self._sweep(cleaning.ids, json.loads(cleaning.said))

    def _sweep(self, ids: list[str], said: dict[str, Any]) -> None:
        """What no live job owns goes; counted for the first of the jobs that ended together."""
        live = set(said["live_jobs"])
        drivers = {driver.pid for driver in self._drivers.values()}
        killed = processes.kill_strays(self._ray.pids, drivers, live, said["newest"])
        oldest = min((d.started for d in self._drivers.values()), default=time.time())
        folders.remove_logs(self._ray.session, live)
        folders.remove_older(self._ray.sweep, oldest, self._ray.kept)
        for name in ids:
            counts = {"actors": said["actors"], "processes": killed, "left": said["left"]}
            self._send({"cleaned": {"id": name, **counts}})
            said["actors"] = killed = 0

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._connection.sendall(json.dumps(message).encode() + b"\n")

    def remove_session(self) -> None:
        if self._ray is not None:
            folders.remove(self._ray.session)

    def broken(self, reason: str) -> None:
        self._send({"broken": reason})


def _words(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.WEXITSTATUS(status)}"


def main() -> None:
    os.set_inheritable(CONTROL, False)
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
    host = Host(socket.socket(fileno=CONTROL))
    code = 0
    try:
        host.run()
    except (Broken, cluster.NoStart) as error:
        host.broken(str(error))
        code = 3
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes.kill_all()
        host.remove_session()
    os._exit(code)


if __name__ == "__main__":
    main()
