"""A real `arclight up` as a child process, and the question what is left of it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from arclight.cli.stack import tree
from arclight.cli.stack.home import Home
from arclight.cli.stack.plan import free_port
from arclight.client import Client

START_TIMEOUT = 180.0


@dataclass(frozen=True)
class Up:
    """One running stack."""

    process: subprocess.Popen[bytes]
    home: Home
    url: str
    said: Path

    def client(self) -> Client:
        return Client(self.url, self.home.api_key() or "")

    def processes(self) -> set[psutil.Process]:
        """`up` and everything below it, now."""
        return tree.family([psutil.Process(self.process.pid)])

    def heard(self, text: str, timeout: float = 30.0) -> bool:
        """True once `up` has said this."""
        return eventually(lambda: text in self.said.read_text(), timeout)


def eventually(holds: object, timeout: float) -> bool:
    """True when `holds()` becomes true in time."""
    assert callable(holds)
    give_up = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def up(folder: Path, *options: str) -> Iterator[Up]:
    """Start one that is ready; whatever the test leaves running is ended."""
    home = Home(folder / "home")
    said = folder / "up.log"
    command = [sys.executable, "-m", "arclight.cli", "up", "--home", str(home.path)]
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--port", str(free_port()), *options],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        assert eventually(lambda: home.running() or process.poll() is not None, START_TIMEOUT), (
            said.read_text()
        )
        endpoint = home.running()
        assert endpoint, said.read_text()
        yield Up(process, home, endpoint.url, said)
    finally:
        if process.poll() is None:
            tree.end([psutil.Process(process.pid)], grace=60)
        process.wait()


def mentions(home: Home) -> list[str]:
    """Processes of any ancestry that have to do with this home."""
    found = []
    for process in psutil.process_iter():
        try:
            told = " ".join(process.cmdline()) + process.environ().get("ARCLIGHT_HOME", "")
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        if str(home.path) in told:
            found.append(f"{process.pid}: {told[:200]}")
    return found
