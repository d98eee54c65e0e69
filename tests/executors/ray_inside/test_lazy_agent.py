"""The stub in place of Ray's agent: it waits for a call, and not for ever."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from arclight.cli.stack.plan import free_port
from services.executor_ray.platforms import local

STUB = local.INSIDE / "lazy_agent.py"
RAYLET = """
import subprocess, sys
process = subprocess.Popen(sys.argv[1:])
print(process.pid, flush=True)
process.wait()
"""


def start(port: int, *command: str) -> tuple["subprocess.Popen[str]", int]:
    """A process that starts the stub as a raylet would, and the stub's id."""
    option = f"--runtime-env-agent-port={port}"
    words = [sys.executable, "-S", "-E", str(STUB), *command, option]
    raylet = subprocess.Popen(
        [sys.executable, "-c", RAYLET, *words], stdout=subprocess.PIPE, text=True
    )
    assert raylet.stdout is not None
    return raylet, int(raylet.stdout.readline())


def until(done: object, seconds: float = 10.0) -> None:
    assert callable(done)
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def connects(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_it_ends_with_its_raylet() -> None:
    port = free_port()
    raylet, stub = start(port, sys.executable, "-c", "raise SystemExit(9)")
    with raylet:
        os.kill(raylet.pid, signal.SIGKILL)

    until(lambda: not alive(stub))


def test_a_call_turns_it_into_the_agent(tmp_path: Path) -> None:
    port, mark = free_port(), tmp_path / "called"
    agent = f"import pathlib; pathlib.Path({str(mark)!r}).touch()"
    raylet, _ = start(port, sys.executable, "-c", agent)
    with raylet:
        until(lambda: connects(port))

    until(mark.exists)
