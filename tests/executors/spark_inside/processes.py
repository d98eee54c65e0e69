"""Starts the main programs of Spark's cages, without a cage, and speaks with them."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import psutil

from arclight.sandbox import inside
from services.executor_spark.platforms.spark_home import (
    INSIDE,
    MIB,
    Installation,
    classic_environment,
    client_environment,
    server_environment,
)

MEMBER = Path(inside.__path__[0]) / "member.py"
PYTHON = [sys.executable, "-P", "-s", "-u"]
HEAP = 768 * MIB
PATIENCE = 180.0
AS_THREE = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.execv(sys.argv[2], sys.argv[2:])"
"""Becomes another program, with the descriptor of that number as its third."""


class Running:
    """One process with its control socket. Leaving it ends it and all below it."""

    def __init__(self, slot: Path, argv: list[str], env: Mapping[str, str]) -> None:
        self.slot = slot
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        with theirs, (slot / "said").open("wb") as said:
            number = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-c", AS_THREE, str(number), *argv],
                env={**_common(slot), **env},
                cwd=slot / "work",
                pass_fds=(number,),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.control = ours
        self._lines = ours.makefile("rb")

    def receive(self) -> dict[str, Any]:
        line = self._lines.readline()
        assert line, self.said
        message: dict[str, Any] = json.loads(line)
        return message

    def ask(self, **message: Any) -> dict[str, Any]:
        self.control.sendall(json.dumps(message).encode() + b"\n")
        return self.receive()

    def run(self, program: str) -> list[dict[str, int]]:
        """The progress that was told of; the process has ended then."""
        path = self.slot / "program" / "program.py"
        path.write_text(program)
        order = {
            "program": str(path),
            "arguments": ["--output", str(self.slot / "work" / "output")],
            "failure": str(self.slot / "failure.json"),
        }
        self.control.sendall(json.dumps({"run": order}).encode() + b"\n")
        told = [json.loads(line)["progress"] for line in self._lines]
        self.process.wait(PATIENCE)
        return told

    @property
    def said(self) -> str:
        return (self.slot / "said").read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self.control.close()
        below = []
        with contextlib.suppress(psutil.Error):
            below = psutil.Process(self.process.pid).children(recursive=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5.0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for process in below:
            with contextlib.suppress(psutil.Error):
                process.kill()


def _common(slot: Path) -> dict[str, str]:
    for name in ("program", "work", "home", "tmp"):
        (slot / name).mkdir(parents=True, exist_ok=True)
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(slot / "home"),
        "TMPDIR": str(slot / "tmp"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def classic(made: Installation, slot: Path) -> Running:
    """A warm Spark of its own. Its first message is `ready`."""
    slot.mkdir()
    env = classic_environment(made, slot / "spark", HEAP, 2)
    return Running(slot, [*PYTHON, str(MEMBER), str(INSIDE / "classic.py")], env)


class Shared:
    """A running server, and what belongs to it."""

    def __init__(self, made: Installation, folder: Path) -> None:
        self._made, self._folder, self._clients = made, folder, 0
        self.token = secrets.token_hex(16)
        # Paths of Unix sockets are short: 107 bytes.
        self.socket = Path(f"/tmp/arclight-test-{secrets.token_hex(4)}.sock")
        (folder / "server").mkdir()
        env = server_environment(made, folder / "server" / "spark", HEAP, 2, self.token)
        argv = [*PYTHON, str(INSIDE / "connect_server.py"), str(self.socket)]
        self.server = Running(folder / "server", argv, env)
        try:
            self.ready = self.server.receive()["ready"]
        except BaseException:
            self.server.__exit__()
            raise

    def client(self) -> Running:
        self._clients += 1
        slot = self._folder / f"client-{self._clients}"
        slot.mkdir()
        argv = [*PYTHON, str(MEMBER), str(INSIDE / "connect_client.py")]
        return Running(slot, argv, client_environment(self._made, self.socket, self.token))

    def janitor(self) -> Running:
        (self._folder / "janitor").mkdir()
        argv = [*PYTHON, str(INSIDE / "connect_janitor.py")]
        env = client_environment(self._made, self.socket, self.token)
        return Running(self._folder / "janitor", argv, env)


@contextlib.contextmanager
def shared(made: Installation, folder: Path) -> Iterator[Shared]:
    """The server; it and its socket are gone afterwards."""
    place = Shared(made, folder)
    try:
        with place.server:
            yield place
    finally:
        place.socket.unlink(missing_ok=True)
