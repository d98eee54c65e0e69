"""Runners with engines that really run, with neither Java nor the worker's environment at hand."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import ground_of, socket_of
from services.executor_spark.engine import SparkEngine
from services.executor_spark.shared import shared_spark
from tests.sandbox.running import running

WARM_LIMIT = 240.0
"""Seconds until everything is warm, on two busy cores."""


@pytest.fixture(scope="session")
def engines_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="session")
def engines_config(engines_home: Path) -> Settings:
    return Settings(
        home=engines_home, scratch=engines_home / "s", run_timeout=timedelta(seconds=180)
    )


@pytest.fixture(scope="session")
def spark_runner(engines_config: Settings) -> Iterator[Settings]:
    """A runner with a shared Spark and a one-shot, warm."""
    config = engines_config
    with running(
        SparkEngine(config), config, lambda h, limits: shared_spark(h, limits, config), one_shots=1
    ):
        until_warm(config, "spark")
        yield config


@pytest.fixture(scope="session")
def ray_runner(engines_config: Settings) -> Iterator[Settings]:
    """A runner with a shared Ray, warm."""
    from services.executor_ray.engine import RayEngine
    from services.executor_ray.shared import shared_ray

    config = engines_config
    with running(RayEngine(config), config, lambda h, limits: shared_ray(h, limits, config)):
        until_warm(config, "ray")
        yield config


@pytest.fixture
def artifacts(engines_home: Path) -> LocalArtifacts:
    return LocalArtifacts(engines_home / "artifacts")


def until_warm(config: Settings, engine: str) -> None:
    """Wait until everything that is to be warm is."""

    def warm() -> bool:
        found = health(socket_of(config, engine))
        return found is not None and found.warm

    until(warm, WARM_LIMIT)


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something that comes by itself."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.1)


def occupied(config: Settings, engine: str, slot: str) -> bool:
    """True while the slot of a run is there."""
    return any(p.name == slot for p in ground_of(config, engine).rglob("arc-*"))
