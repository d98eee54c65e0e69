"""Starting and ending the programs that are measured."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from arclight.cli.stack import tree

START = 240.0
"""Seconds until a program that does not get ready is given up; a busy machine takes its time."""
GRACE = 60.0
"""Seconds from the request to stop to the kill."""


class DidNotWork(RuntimeError):
    """A program that is measured failed; the text ends with the last of what it said."""


def environment(**more: str) -> dict[str, str]:
    """Ours, without settings that would make one side another than the stock one."""
    taken = ("ARCLIGHT_", "SPARK_", "PYSPARK_", "RAY_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(taken)}
    return {**kept, **more}


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], log: Path, ready: Callable[[], bool]
) -> Iterator[psutil.Process]:
    """A program that is ready. Ends with everything that it started. Raises DidNotWork."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    root = psutil.Process(process.pid)
    try:
        give_up = time.monotonic() + START
        while not ready():
            if process.poll() is not None or time.monotonic() > give_up:
                raise DidNotWork(f"{command[0]} did not get ready: {last_words(log)}")
            time.sleep(0.02)
        yield root
    finally:
        if process.poll() is None:
            tree.end([root], GRACE)
        process.wait()


def timed(command: Sequence[str], env: Mapping[str, str], folder: Path) -> float:
    """Seconds from start to end of a program that runs in `folder`. Raises DidNotWork."""
    log = folder / "said.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        code = subprocess.call(
            command,
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        seconds = time.perf_counter() - began
    if code != 0:
        raise DidNotWork(f"{command[0]} ended with {code}: {last_words(log)}")
    return seconds


def last_words(log: Path) -> str:
    """The last lines of what it said."""
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-5:])


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def listens(port: int) -> bool:
    """True when something accepts connections on this port of the machine."""
    with socket.socket() as s:
        s.settimeout(1.0)
        return s.connect_ex(("127.0.0.1", port)) == 0
