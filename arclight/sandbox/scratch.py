"""The folder of one run: made before it, opened once, removed whole after it."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
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


@contextlib.contextmanager
def scratch(parent: Path) -> Iterator[Scratch]:
    """A fresh folder that nobody else may enter; gone, with all that is in it, afterwards."""
    root = Path(tempfile.mkdtemp(prefix="arc-", dir=parent)).resolve()
    root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for name in ("program", "work", "home", "tmp"):
            (root / name).mkdir(mode=0o700)
        yield Scratch(root=root, root_fd=root_fd)
    finally:
        os.close(root_fd)
        _remove(root)


def _remove(root: Path) -> None:
    """Remove a folder whose owner may have taken its own rights away."""

    def again(function: object, path: str, _error: object) -> None:
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), stat.S_IRWXU)
            if not os.path.islink(path):
                os.chmod(path, stat.S_IRWXU)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)

    if root.is_symlink():
        root.unlink()
    elif root.exists():
        shutil.rmtree(root, onerror=again)
