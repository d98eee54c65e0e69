"""The folder of one run: made before it, opened once, removed whole after it."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scratch:
    """One run's private folder."""

    root: Path
    root_fd: int
    """Open descriptor of `root`: results are reached through it, so that a program that moves the
    folder away and puts a link in its place gains nothing."""

    @property
    def program(self) -> Path:
        return self.root / "program" / "program.py"

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


PREFIX = "arc-"
ABANDONED_AFTER = 60.0
"""Seconds of age before an unlocked folder is taken for abandoned: a new one is locked in ms."""


@contextlib.contextmanager
def scratch(parent: Path) -> Iterator[Scratch]:
    """A fresh folder that nobody else may enter; gone, with all that is in it, afterwards.

    It is locked while its worker lives. Folders of workers that were killed together with their
    supervisors are removed here, by the next run.
    """
    remove_abandoned(parent)
    root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()
    root_fd = os.open(root, _FOLDER)
    try:
        fcntl.flock(root_fd, fcntl.LOCK_EX)
        for name in ("program", "work", "home", "tmp"):
            (root / name).mkdir(mode=0o700)
        yield Scratch(root=root, root_fd=root_fd)
    finally:
        os.close(root_fd)
        _remove(root)


_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_abandoned(parent: Path, clock: Callable[[], float] = time.time) -> None:
    """Remove the folders whose workers are dead."""
    for path in parent.glob(f"{PREFIX}*"):
        try:
            fd = os.open(path, _FOLDER)
        except OSError:
            continue  # Gone in the meantime, or not ours.
        try:
            found = os.fstat(fd)
            if found.st_uid == os.getuid() and clock() - found.st_mtime > ABANDONED_AFTER:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
        except BlockingIOError:
            continue  # Its worker lives.
        finally:
            os.close(fd)


def _remove(root: Path) -> None:
    """Remove a folder, also one whose program took its own rights away; links are not followed."""
    if root.is_symlink():
        root.unlink()
        return
    with contextlib.suppress(FileNotFoundError):
        root.chmod(0o700)
    for folder, names, _ in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o700)
    # What still resists is tried again by later runs.
    shutil.rmtree(root, ignore_errors=True)
