"""Processes and listeners outside the cage, which a program must not reach."""

import contextlib
import json
import os
import pty
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from arclight.sandbox.redteam import bystander as bystander_script

METADATA = ("169.254.169.254", 80)


class Bystander:
    """A process of our user, with a secret in its environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", bystander_script.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(environment),
            text=True,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._files = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.where = self._read()

    def harm(self) -> list[str]:
        """What was done to it, in parts of sentences. Ends it."""
        found: list[str] = []
        if self._process.poll() is not None:
            found.append("was ended by a signal")
        elif psutil.Process(self.pid).status() == psutil.STATUS_STOPPED:
            found.append("was stopped by a signal")
            os.kill(self.pid, signal.SIGCONT)
        said = self._ask()
        found += [f"got the signal {name}" for name in said.get("signals", ()) if name != "SIGCONT"]
        if said and said["buffer"] != bystander_script.QUIET.decode():
            found.append("has foreign bytes in its memory")
        if said and tuple(said["files"]) != self._files:
            found.append("has other limits than before")
        self.close()
        return found

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.communicate()

    def _ask(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write("how are you\n")
            self._process.stdin.flush()
            return self._read()
        return {}

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], 3.0)[0]:
            return {}
        line = self._process.stdout.readline()
        return dict(json.loads(line)) if line else {}


class Listeners:
    """Open ports and sockets on this machine, for one run. Whatever comes is written down."""

    def __init__(self, folder: Path, token: str) -> None:
        self.hits: list[str] = []
        self._sockets: dict[socket.socket, str] = {}
        other = other_address() or "127.0.0.1"
        self.names: dict[str, Any] = {
            "tcp": self._open("TCP port on loopback", "127.0.0.1"),
            "tcp_other": self._open("TCP port on the machine's address", other),
            "tcp_v6": self._open("TCP port on IPv6", "::1", family=socket.AF_INET6),
            "udp": self._open("UDP port on loopback", "127.0.0.1", kind=socket.SOCK_DGRAM),
            "udp_other": self._open(
                "UDP port on the machine's address", other, kind=socket.SOCK_DGRAM
            ),
            "abstract": f"arc-{token}",
            "unix": str(folder / "socket"),
            "metadata": list(METADATA),
        }
        self._unix("abstract Unix socket", "\0" + self.names["abstract"])
        self._unix("Unix socket with a path", self.names["unix"])
        os.chmod(self.names["unix"], 0o777)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listeners", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._done.set()
        self._thread.join(2.0)
        for opened in self._sockets:
            opened.close()

    def _open(
        self,
        name: str,
        host: str,
        *,
        family: socket.AddressFamily = socket.AF_INET,
        kind: socket.SocketKind = socket.SOCK_STREAM,
    ) -> list[Any]:
        opened = socket.socket(family, kind)
        try:
            opened.bind((host, 0))
        except OSError:  # A machine without IPv6.
            opened.close()
            return [host, 9]
        self._keep(opened, name)
        return [host, opened.getsockname()[1]]

    def _unix(self, name: str, address: str) -> None:
        opened = socket.socket(socket.AF_UNIX)
        opened.bind(address)
        self._keep(opened, name)

    def _keep(self, opened: socket.socket, name: str) -> None:
        if opened.type == socket.SOCK_STREAM:
            opened.listen(16)
        opened.setblocking(False)
        self._sockets[opened] = name

    def _listen(self) -> None:
        while not self._done.is_set():
            ready, _, _ = select.select(list(self._sockets), [], [], 0.1)
            for opened in ready:
                self._hear(opened)

    def _hear(self, opened: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if opened.type == socket.SOCK_STREAM:
                opened.accept()[0].close()
            else:
                opened.recv(4096)
            self.hits.append(self._sockets[opened])


class Terminal:
    """A terminal of our own that stands for the operator's."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._said = b""

    def shows(self, token: str) -> bool:
        """The token came out of it."""
        with contextlib.suppress(OSError):
            while piece := os.read(self._ours, 65536):
                self._said += piece
        return token.encode() in self._said

    def close(self) -> None:
        os.close(self._theirs)
        os.close(self._ours)


def other_address() -> str | None:
    """An IPv4 address of this machine besides loopback; None when there is none."""
    for addresses in psutil.net_if_addrs().values():
        for found in addresses:
            if found.family == socket.AF_INET and not found.address.startswith(("127.", "169.254")):
                return found.address
    return None
