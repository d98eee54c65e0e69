"""One service as a supervised child process."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Clock = Callable[[], float]

MAX_PAUSE = 30.0
"""Seconds between two starts of a service that keeps dying."""
HEALTHY_AFTER = 60.0
"""Seconds of life after which the next death counts as the first."""
_TAIL = 4096


class Child:
    """Starts a command with its output in a log file, and starts it again when it dies."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        cwd: Path,
        clock: Clock = time.monotonic,
    ) -> None:
        """`env` is the whole environment."""
        self.name = name
        self.log = log
        self.command = command
        self._env = dict(env)
        self._cwd = cwd
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._deaths = 0
        self._again_at: float | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it is believed to live."""
        return self._process.pid if self._process else None

    def start(self) -> int:
        """Start it now; the process id."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._cwd,
                env=self._env,
                # Ctrl-C in the terminal reaches `up` only, which then stops all in order.
                start_new_session=True,
            )
        self._started = self._clock()
        self._again_at = None
        return self._process.pid

    def died(self) -> str | None:
        """How it ended, once, when it ended since the last call; plans the next start."""
        if self._process is None or (status := self._process.poll()) is None:
            return None
        self._process = None
        lived = self._clock() - self._started
        self._deaths = 1 if lived > HEALTHY_AFTER else self._deaths + 1
        self._again_at = self._clock() + self.pause
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    def reap(self) -> None:
        """Take note of its end, which has come."""
        if self._process is not None:
            self._process.wait()
            self._process = None

    @property
    def pause(self) -> float:
        """Seconds between its last death and the next start: 1, 2, 4 … 30."""
        return float(min(MAX_PAUSE, 2 ** max(0, self._deaths - 1)))

    @property
    def due(self) -> bool:
        """True when it is time to start it again."""
        return self._again_at is not None and self._clock() >= self._again_at

    def last_words(self) -> str:
        """The last line of its log."""
        with self.log.open("rb") as f:
            f.seek(max(0, f.seek(0, os.SEEK_END) - _TAIL))
            lines = f.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"
