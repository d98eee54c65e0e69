"""The folder of one run: made before it, opened once, removed whole after it."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from arclight.contracts.failure import ArclightError
from arclight.sandbox.broom import remove

__all__ = ["Ground", "GroundInUse", "Scratch", "remove"]


@dataclass(frozen=True)
class Scratch:
    """One run's private folder."""

    root: Path
    root_fd: int
    """Open descriptor of `root`: results are reached through it, so that a program that moves the
    folder away and puts a link in its place gains nothing."""

    @classmethod
    @contextlib.contextmanager
    def opened(cls, root: Path) -> Iterator[Self]:
        """The folder at `root`, before any program runs in it."""
        fd = os.open(root, _FOLDER)
        try:
            yield cls(root, fd)
        finally:
            os.close(fd)

    @property
    def program(self) -> Path:
        return self.root / "program" / "program.py"

    @property
    def granted(self) -> Path:
        """Inputs that the program may read."""
        return self.root / "in"

    @property
    def work(self) -> Path:
        """Current folder of the program."""
        return self.root / "work"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def failure(self) -> Path:
        return self.root / "failure.json"

    @property
    def output(self) -> Path:
        """Where the program writes its answer. Not made: Spark refuses a folder that exists."""
        return self.work / "output"

    def hide(self, text: str) -> str:
        """The text without this run's random paths, so that equal failures read equal."""
        return text.replace(f"file://{self.root}", "<run>").replace(str(self.root), "<run>")


_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_OURS = ("program", "in")
"""Written by the executor, read by the program."""
_ITS = ("work", "home", "tmp")


class GroundInUse(ArclightError):
    """Another runner works in this folder."""


class Ground:
    """The folder below which one runner keeps its slots. Locked while the runner lives."""

    def __init__(self, root: Path) -> None:
        """Empties the folder: what lies there was left by a runner that was killed.

        Raises GroundInUse.
        """
        root.mkdir(parents=True, exist_ok=True)
        self.root = root.resolve()
        # Other users, as which programs may run, pass through and see nothing.
        self.root.chmod(0o711)
        self._fd = os.open(self.root, _FOLDER)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._fd)
            raise GroundInUse(
                f"Another runner works in {self.root}. Stop it first, or set ARCLIGHT_SCRATCH."
            ) from None
        for left in self.root.iterdir():
            remove(left)

    def slot(self, uid: int | None = None, parent: str = "") -> Path:
        """A fresh folder for one run, which belongs to `uid` where this process is root."""
        within = self.root / parent
        within.mkdir(mode=0o711, exist_ok=True)
        root = Path(tempfile.mkdtemp(prefix="arc-", dir=within))
        for name in _OURS:
            (root / name).mkdir()
            (root / name).chmod(0o755)
        for name in _ITS:
            (root / name).mkdir(mode=0o700)
            _give(root / name, uid)
        _give(root, uid)
        return root

    def folder(self, name: str, uid: int | None = None, mode: int = 0o755) -> Path:
        """A folder that several runs share."""
        path = self.root / name
        path.mkdir(exist_ok=True)
        path.chmod(mode)
        _give(path, uid)
        return path

    def close(self) -> None:
        """Remove everything and let go."""
        for left in self.root.iterdir():
            remove(left)
        os.close(self._fd)


def _give(path: Path, uid: int | None) -> None:
    if uid is not None:
        os.chown(path, uid, uid)
