"""Fixtures that every part shares: a clock to turn by hand, a real Valkey, both stores."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.embedded import start_valkey
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.store.port import JobStore
from arclight.runtime.store.redis import RedisStore


class FakeClock:
    """Unix time that moves only when told."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One real server for the whole run; tests keep apart by namespace."""
    running = start_valkey(tmp_path_factory.mktemp("valkey"), 0)
    yield running.url
    running.stop()


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, namespace=f"t{uuid.uuid4().hex[:12]}")


@pytest.fixture
def redis_config(config: Settings, valkey_url: str) -> Settings:
    return config.model_copy(update={"redis_url": valkey_url})


@pytest.fixture
def artifacts(tmp_path: Path) -> LocalArtifacts:
    return LocalArtifacts(tmp_path / "artifacts")


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def store(
    request: pytest.FixtureRequest, config: Settings, clock: FakeClock
) -> AsyncIterator[JobStore]:
    """Every adapter of the port, on the same clock."""
    if request.param == "memory":
        yield MemoryStore(config, clock)
        return
    redis_config = request.getfixturevalue("redis_config")
    adapter = RedisStore.from_settings(redis_config, clock)
    yield adapter
    await adapter.close()
