"""One connection between executor and runner: JSON lines that both sides can read and write."""

import contextlib
import hmac
import os
import secrets
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from arclight.sandbox.runner.protocol import SAID, Said

MAX_LINE = 64 * 1024**2
"""Bytes. The largest message carries the head of a program's output, bounded by its log limit."""


class Closed(Exception):
    """The other side is gone."""


class Channel:
    """Threads may write at the same time; one reads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._pending = bytearray()

    def send(self, message: Said) -> None:
        """Raises Closed when the other side is gone."""
        data = message.model_dump_json(exclude_defaults=False).encode() + b"\n"
        with self._lock:
            try:
                self._connection.sendall(data)
            except OSError as error:
                raise Closed from error

    def receive(self, timeout: float | None = None) -> Said | None:
        """The next message; None after `timeout` seconds. Raises Closed at the end."""
        while b"\n" not in self._pending:
            try:
                # Not the socket's own timeout: that would also cut short what others send.
                if not select.select([self._connection], [], [], timeout)[0]:
                    return None
                piece = self._connection.recv(65536)
            except (OSError, ValueError) as error:
                raise Closed from error
            if not piece or len(self._pending) > MAX_LINE:
                raise Closed
            self._pending += piece
        line, _, rest = bytes(self._pending).partition(b"\n")
        self._pending = bytearray(rest)
        try:
            return SAID.validate_json(line)
        except ValidationError as error:
            # Another version on the other side: there is nothing to agree on.
            raise Closed from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def address(path: Path) -> Iterator[str]:
    """A name for the socket at `path` that fits into the 107 bytes of a socket's address."""
    if len(os.fsencode(path)) <= _LONGEST or not Path("/proc/self/fd").is_dir():
        yield str(path)
        return
    fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{fd}/{path.name}"
    finally:
        os.close(fd)


_LONGEST = 100


@dataclass(frozen=True)
class Door:
    """The socket of a runner, and the word that opens it.

    Where no name space hides the socket, a program of the same user could knock too: it is kept
    from reading the word, which lies in a file beside the socket.
    """

    path: Path
    word: str

    @classmethod
    def make(cls, path: Path) -> Self:
        """A new word; only this user may read it."""
        door = cls(path, secrets.token_urlsafe(24))
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = door._file.with_suffix(".part")
        partial.unlink(missing_ok=True)
        fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as f:
            f.write(door.word)
        partial.replace(door._file)
        return door

    @classmethod
    def of(cls, path: Path) -> Self:
        """The door of a runner that is there. Raises OSError."""
        return cls(path, cls(path, "")._file.read_text())

    @property
    def _file(self) -> Path:
        return self.path.with_suffix(".word")

    def listen(self) -> socket.socket:
        """A listening socket; an old one of that name goes."""
        self.path.unlink(missing_ok=True)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with address(self.path) as name:
            server.bind(name)
        self.path.chmod(0o600)
        server.listen(128)
        return server

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        self._file.unlink(missing_ok=True)

    def admits(self, connection: socket.socket) -> bool:
        """True for somebody who says the word first."""
        connection.settimeout(_KNOCK)
        said = bytearray()
        try:
            while not said.endswith(b"\n") and len(said) < 100:
                piece = connection.recv(1)
                if not piece:
                    return False
                said += piece
        except OSError:
            return False
        connection.settimeout(None)
        return hmac.compare_digest(bytes(said).strip(), self.word.encode())


_KNOCK = 5.0
"""Seconds to say the word."""


def connect(path: Path) -> Channel:
    """Raises OSError when nobody listens there."""
    door = Door.of(path)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(path) as name:
            connection.connect(name)
        connection.sendall(door.word.encode() + b"\n")
    except OSError:
        connection.close()
        raise
    return Channel(connection)
