"""`python -m arclight.cli.stack.warden GRACE`: ends the stack when `arclight up` is killed.

It reads `service PID` and `store PID` lines from standard input. The end of the input without
`bye` means that `up` died without a goodbye: the warden then does what `up` would have done. It
inherits the lock of the home, so the next start waits until nothing is left.
"""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil

from arclight.cli.stack.tree import end

BYE = "bye"
_STORE = "store"


class Warden:
    """The side of `up`: tells the warden which processes there are."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    def start(cls, cwd: Path, lock: int, grace: float) -> Self:
        """Start one; it keeps `lock`, a file descriptor, open until it ends."""
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(grace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=cwd,
            text=True,
            pass_fds=(lock,),
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, pid: int, *, store: bool = False) -> None:
        """Remember a process; the store ends after the services that write to it."""
        self._say(f"{_STORE if store else 'service'} {pid}")

    def dismiss(self) -> None:
        """All has ended in order."""
        self._say(BYE)
        self.abandon()

    def abandon(self) -> None:
        """What the warden sees when `up` is killed; returns when it has ended the rest."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def main(grace: float) -> None:
    """Returns when `up` said goodbye, or when nothing of the stack is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    services: list[psutil.Process] = []
    stores: list[psutil.Process] = []
    for line in sys.stdin:
        if line.strip() == BYE:
            return
        kind, pid = line.split()
        try:
            (stores if kind == _STORE else services).append(psutil.Process(int(pid)))
        except psutil.NoSuchProcess:
            continue
    end(services, grace)
    end(stores, grace)


if __name__ == "__main__":
    main(float(sys.argv[1]))
