"""A target of the Dockerfile carried out without Docker: its files, its install, its command."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.deploy.manifests import ROOT, Target

STOP_WITHIN = 30.0
"""Seconds that compose gives before it kills (its own default is 10, ours are longer)."""


@dataclass(frozen=True)
class Place:
    """Where a target's command runs: which Python stands for the image's, and the environment."""

    python: Path
    folder: Path
    env: Mapping[str, str]
    swaps: Mapping[str, str]
    """Text of a command → what stands for it here, such as a port."""

    def command(self, given: Sequence[str]) -> list[str]:
        """`given` as it runs here; `python` and console scripts are those of the environment."""
        words = [self._swapped(w) for w in given]
        local = self.python.parent / words[0]
        return [str(local) if local.exists() else words[0], *words[1:]]

    def _swapped(self, word: str) -> str:
        for text, here in self.swaps.items():
            word = word.replace(text, here)
        return word

    def run(self, given: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
        """Run to its end, as a health check is."""
        return subprocess.run(
            self.command(given),
            env=self._env(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @contextmanager
    def started(self, target: Target) -> Iterator["Started"]:
        """The target's command, stopped at the end with whatever it left."""
        log = self.folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(target.command),
                env=self._env(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = Started(process, log)
        try:
            yield started
        finally:
            started.kill()

    def _env(self) -> dict[str, str]:
        # Nothing of the test's own environment but where the system's programs are.
        path = f"{self.python.parent}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.folder), "TMPDIR": str(self.folder), **self.env}


@dataclass(frozen=True)
class Started:
    """A running command."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, well: Callable[[], bool], timeout: float) -> None:
        """Wait for `well`. Fails with the command's output when it ends or stays ill."""
        give_up = time.monotonic() + timeout
        while not well():
            time.sleep(0.2)
            assert self.process.poll() is None, f"it ended:\n{self.said[-4000:]}"
            assert time.monotonic() < give_up, f"not well in {timeout} s:\n{self.said[-4000:]}"

    def stop(self) -> int:
        """SIGTERM, as every orchestrator does; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_WITHIN)

    def kill(self) -> None:
        try:
            family = [psutil.Process(self.process.pid)]
            family += family[0].children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        for member in family:
            member.kill()
        self.process.wait()


@contextmanager
def built(target: Target, folder: Path) -> Iterator[Path]:
    """The target's files laid out, its install done in an empty environment; its Python."""
    try:
        yield _install(target, folder / "src", folder / "venv")
    finally:
        # Up to 2 GB, which pytest would keep for three runs.
        shutil.rmtree(folder / "venv", ignore_errors=True)


def _install(target: Target, source: Path, venv: Path) -> Path:
    for sources, to in target.copies:
        _copy(sources, source / to)
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    (install,) = (r for r in target.runs if "pip install" in r)
    words = shlex.split(install)
    assert words[:2] == ["pip", "install"]
    done = subprocess.run(
        [str(python), "-m", *words], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return python


def _copy(sources: Sequence[str], to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name in sources:
        if (ROOT / name).is_dir():
            skip = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(ROOT / name, to, dirs_exist_ok=True, ignore=skip)
        else:
            shutil.copy(ROOT / name, to)
