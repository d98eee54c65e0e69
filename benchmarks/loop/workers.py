"""Starts the workers of both sides, each queue with one process, and stops them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from arclight.contracts.names import Queue

STEPS = (Queue.CODEGEN, Queue.VALIDATOR, Queue.EXECUTOR_RAY)


def _command(app: str, queue: str) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    worker = ["celery", "-A", app, "worker", "-Q", queue, "-n", f"{queue}-{app}@%h", "-c", "1"]
    return [sys.executable, "-m", *worker, *quiet]


@contextmanager
def workers(env: dict[str, str]) -> Iterator[None]:
    """Six worker processes: three bare, three of the loop."""
    base = {**os.environ, **env}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen(
            _command("benchmarks.loop.noop", q), env={**base, "NOOP_QUEUE": q}, **quiet
        )
        for q in STEPS
    ] + [
        subprocess.Popen(_command("benchmarks.loop.bare", q), env=base, **quiet)
        for q in ("first", "second", "third")
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
