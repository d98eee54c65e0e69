"""Warm engines in their cages: the runners of Spark and Ray as processes of their own."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings
from arclight.runtime.work import StepFunction
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import socket_of
from benchmarks.execution.processes import DidNotWork, environment, running
from services.executor_ray.execute import execute as execute_ray
from services.executor_spark.execute import execute as execute_spark

EXECUTE: Mapping[Queue, StepFunction] = {
    Queue.EXECUTOR_SPARK: execute_spark,
    Queue.EXECUTOR_RAY: execute_ray,
}
WARM = 240.0
"""Seconds until an engine is warm, on two busy cores."""


@contextmanager
def warm(settings: Settings, engines: Sequence[str] = ("spark", "ray")) -> Iterator[None]:
    """Runners that are warm, until the block ends. Raises DidNotWork."""
    settings.home_dir.mkdir(parents=True, exist_ok=True)
    given = environment(
        ARCLIGHT_HOME=str(settings.home_dir), ARCLIGHT_SCRATCH=str(settings.scratch_dir)
    )
    with ExitStack() as stack:
        for engine in engines:
            command = [sys.executable, "-m", f"services.executor_{engine}.runner"]
            log = settings.home_dir / f"runner_{engine}.log"
            stack.enter_context(running(command, given, log, partial(_up, settings, engine)))
        for engine in engines:
            wait_until_warm(settings, engine)
        yield


def wait_until_warm(settings: Settings, engine: str) -> None:
    """Raises DidNotWork after WARM seconds."""
    give_up = time.monotonic() + WARM
    while not ((said := health(socket_of(settings, engine))) and said.warm):
        if time.monotonic() > give_up:
            raise DidNotWork(f"The runner of {engine} is not warm: {said}.")
        time.sleep(0.2)


def _up(settings: Settings, engine: str) -> bool:
    return health(socket_of(settings, engine)) is not None
