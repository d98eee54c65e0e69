"""One machine's folder: the lock against two stacks, who runs now, this user's API key, logs."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from arclight.contracts.failure import ArclightError

LEFTOVER_TIMEOUT = 30.0
"""Seconds: the grace period of the services, that of the store, and the kill."""
MAX_LOG = 10 * 1024**2
"""Bytes; a larger log is set aside once, at the start."""


class HomeInUse(ArclightError):
    """A stack runs on this home already."""


@dataclass(frozen=True)
class Endpoint:
    """The stack that runs on a home."""

    url: str
    pid: int


@dataclass(frozen=True)
class Home:
    """The folder that `--home` names."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the home; yields the lock's file descriptor, which a child may inherit.

        Waits for what a killed `up` left behind, whose warden is at work. Raises HomeInUse.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(fd)
            self._endpoint.unlink(missing_ok=True)
            yield fd
            self._endpoint.unlink(missing_ok=True)
        finally:
            os.close(fd)

    def publish(self, endpoint: Endpoint) -> None:
        """Tell other commands of this user where the stack answers."""
        _write(self._endpoint, json.dumps(asdict(endpoint)))

    def running(self) -> Endpoint | None:
        """The stack that runs on this home and has said where it answers."""
        try:
            found = json.loads(self._endpoint.read_text())
        except FileNotFoundError:
            return None
        endpoint = Endpoint(url=str(found["url"]), pid=int(found["pid"]))
        return endpoint if endpoint.pid == self.owner() else None

    def owner(self) -> int | None:
        """The live process that holds the home."""
        try:
            text = self._lock.read_text()
        except FileNotFoundError:
            return None
        pid = int(text) if text.isdecimal() else 0
        return pid if pid and psutil.pid_exists(pid) and self._held() else None

    def api_key(self) -> str | None:
        """The key that this user's commands send."""
        try:
            return self._credentials.read_text().strip() or None
        except FileNotFoundError:
            return None

    def keep_api_key(self, key: str) -> None:
        """Store the key, readable by this user only."""
        _write(self._credentials, key + "\n")

    def log(self, service: str) -> Path:
        """The log file of one service, fresh when the old one grew too large."""
        self.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.logs / f"{service}.log"
        if path.exists() and path.stat().st_size > MAX_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def _take(self, fd: int) -> None:
        give_up = time.monotonic() + LEFTOVER_TIMEOUT
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                if self.owner() is not None or time.monotonic() > give_up:
                    raise HomeInUse(
                        f"Arclight runs on {self.path} already (process {self.owner() or '?'}). "
                        "Stop it first, or choose another folder with --home."
                    ) from busy
                time.sleep(0.1)
            else:
                os.ftruncate(fd, 0)
                os.pwrite(fd, str(os.getpid()).encode(), 0)
                return

    def _held(self) -> bool:
        with self._lock.open("rb") as f:
            try:
                fcntl.flock(f, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    @property
    def _lock(self) -> Path:
        return self.path / "up.lock"

    @property
    def _endpoint(self) -> Path:
        return self.path / "up.json"

    @property
    def _credentials(self) -> Path:
        return self.path / "credentials"


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as f:
        f.write(text)
    partial.replace(path)
