"""A loop made of real processes, with leases short enough for a test."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from tests.faults.gateway import free_port
from tests.faults.processes import Processes


@pytest.fixture
def fault_config(redis_config: Settings) -> Settings:
    return redis_config.model_copy(update={"lease": timedelta(seconds=3)})


@pytest.fixture
def processes(fault_config: Settings, tmp_path: Path) -> Iterator[Processes]:
    started = Processes(fault_config, tmp_path / "hold", free_port())
    yield started
    started.stop()


@pytest.fixture
async def real_store(fault_config: Settings) -> AsyncIterator[RedisStore]:
    store = RedisStore.from_settings(fault_config)
    yield store
    await store.close()
