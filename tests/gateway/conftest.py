"""The gateway over the store in memory, asked through ASGI, with a clock to turn by hand."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from arclight.contracts.job import utc
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.keys import MemoryKeys, new_key
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from services.gateway.app import create_app
from tests.conftest import FakeClock
from tests.gateway.driver import Driver

PUBLIC = "https://arclight.example"


@pytest.fixture
def gateway_config(config: Settings) -> Settings:
    return config.model_copy(update={"public_url": PUBLIC, "max_upload": 100_000})


@pytest.fixture
def memory(gateway_config: Settings, clock: FakeClock) -> MemoryStore:
    return MemoryStore(gateway_config, clock)


@pytest.fixture
def driver(memory: MemoryStore, artifacts: LocalArtifacts, clock: FakeClock) -> Driver:
    return Driver(memory, artifacts, clock)


@pytest.fixture
def key_and_keys(clock: FakeClock) -> tuple[str, MemoryKeys]:
    plain, record = new_key("test", utc(clock()))
    return plain, MemoryKeys(record)


@pytest.fixture
def app(
    gateway_config: Settings,
    memory: MemoryStore,
    artifacts: LocalArtifacts,
    clock: FakeClock,
    key_and_keys: tuple[str, MemoryKeys],
) -> FastAPI:
    return create_app(
        gateway_config, memory, artifacts, keys=key_and_keys[1], now=lambda: utc(clock())
    )


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


@pytest.fixture
async def client(
    app: FastAPI, key_and_keys: tuple[str, MemoryKeys]
) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {key_and_keys[0]}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://gateway", headers=headers
    ) as client:
        yield client
