"""A stand-in for the runner: it speaks to a Ray host and to drivers over their sockets."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from arclight.sandbox.inside import member
from arclight.sandbox.limits import Limits
from arclight.sandbox.scratch import Scratch
from services.executor_ray.platforms import local

LIMITS = Limits()
PATIENCE = 120.0
"""Seconds for an answer on a busy machine; most take less than one."""


class Channel:
    """JSON lines over a socket."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        self.connection = connection
        self._rest = b""

    def send(self, message: Mapping[str, Any], fds: tuple[int, ...] = ()) -> None:
        socket.send_fds(self.connection, [json.dumps(message).encode() + b"\n"], fds)

    def receive(self) -> dict[str, Any] | None:
        """None when the other side is gone."""
        while b"\n" not in self._rest:
            try:
                piece = self.connection.recv(65536)
            except ConnectionResetError:
                return None
            if not piece:
                return None
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return dict(json.loads(line))


class Host:
    """A running host process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drivers: list[Driver] = []
        self._ends: dict[str, dict[str, Any]] = {}
        settings = {
            "cpus": 2,
            "memory": local.memory_of(LIMITS),
            "store": 128 * 1024**2,
            "tmp": str(folder / "r"),
            "sweep": [str(folder / "swept")],
        }
        (folder / "swept").mkdir()
        environment = {
            **local.common_environment(LIMITS),
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "ARCLIGHT_RAY": json.dumps(settings),
        }
        self.process, self.channel = start(local.INSIDE / "host.py", environment, folder)
        said = self.channel.receive()
        assert said is not None
        self.ready = said["ready"]

    def driver(self, name: str) -> "Driver":
        """A driver that was asked for; `ready()` waits for it."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        ours, theirs = socket.socketpair()
        environment = {
            **local.common_environment(LIMITS),
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
        }
        argv = [*MEMBER, str(local.INSIDE / "driver.py")]
        order = {"id": name, "env": environment, "cwd": str(folder), "argv": argv}
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err, theirs:
            self.channel.send({"spawn": order}, (out.fileno(), err.fileno(), theirs.fileno()))
        driver = Driver(name, folder, Channel(ours))
        self._drivers.append(driver)
        return driver

    def end_of(self, name: str) -> dict[str, Any]:
        """Its exit, once everything it left is gone, with what the host said of that."""
        while "cleaned" not in self._ends.get(name, {}):
            said = self.channel.receive()
            assert said is not None, "the host is gone"
            for kind, news in said.items():
                self._ends.setdefault(news["id"], {})[kind] = news
        return self._ends[name]

    def process_named(self, name: str) -> psutil.Process:
        """The process of this name. A busy machine shows it late: it is looked for again."""
        deadline = time.monotonic() + 5
        while True:
            found = [p for p in descendants(self.process.pid) if name in p.name()]
            if found:
                return found[0]
            assert time.monotonic() < deadline, f"no process {name!r} below {self.process.pid}"
            time.sleep(0.05)

    def close(self) -> None:
        for channel in (self.channel, *(driver.channel for driver in self._drivers)):
            channel.connection.close()
        self.process.wait(10)


class Driver:
    """A process that waits for one program."""

    def __init__(self, name: str, folder: Path, channel: Channel) -> None:
        self.name = name
        self.folder = folder
        self.channel = channel

    def ready(self) -> dict[str, Any]:
        said = self.channel.receive()
        assert said is not None, self.text("err")
        return dict(said["ready"])

    def run(self, program: str, *arguments: str) -> None:
        path = self.folder / "program.py"
        path.write_text(program)
        failure = str(self.folder / "failure.json")
        run = {"program": str(path), "arguments": list(arguments), "failure": failure}
        self.channel.send({"run": run})

    def text(self, stream: str) -> str:
        return (self.folder / stream).read_text()


MEMBER = (sys.executable, "-P", "-s", "-u", member.__file__)


def start(
    script: Path, environment: Mapping[str, str], folder: Path, *words: str
) -> tuple["subprocess.Popen[bytes]", Channel]:
    """A Python process with a control socket as descriptor 3."""
    ours, theirs = socket.socketpair()
    with theirs:
        fd = theirs.fileno()
        process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-u", str(script), *words],
            env=dict(environment),
            cwd=folder,
            pass_fds=[3],
            preexec_fn=lambda: os.dup2(fd, 3) and None,
        )
    return process, Channel(ours)


def descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def gone(processes: list[psutil.Process], seconds: float) -> bool:
    """Whether all of them ended within `seconds`."""
    give_up_at = time.monotonic() + seconds
    while any(_runs(p) for p in processes):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def host() -> Iterator[Host]:
    # Short: Ray's sockets lie below it.
    with tempfile.TemporaryDirectory(prefix="arc-", ignore_cleanup_errors=True) as folder:
        found = Host(Path(folder))
        try:
            yield found
        finally:
            found.close()


@contextmanager
def fresh(*, started: bool) -> Iterator[tuple["subprocess.Popen[bytes]", Driver]]:
    """A process with a Ray of its own."""
    with tempfile.TemporaryDirectory(prefix="arc-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        environment = {
            **local.own_environment(Scratch(folder, -1), LIMITS, private_tmp=False),
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "ARCLIGHT_RAY_START": str(int(started)),
        }
        prepare = str(local.INSIDE / "fresh.py")
        process, channel = start(Path(member.__file__), environment, folder, prepare)
        try:
            yield process, Driver("fresh", folder, channel)
        finally:
            channel.connection.close()
            below = descendants(process.pid)
            process.kill()
            process.wait()
            assert gone(below, 5), "Ray outlived its only program"


def strangers(marker: str) -> list[int]:
    """Processes whose command line has the word `marker`."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = Path("/proc", name, "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if marker.encode() in words:
            found.append(int(name))
    return found


def inside(name: str) -> types.ModuleType:
    """A module of the cage, loaded by its path as there."""
    spec = importlib.util.spec_from_file_location(f"_test_{name}", local.INSIDE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
