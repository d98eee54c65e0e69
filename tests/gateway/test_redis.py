"""The gateway over a real store: what differs from memory is time, blocking and connections."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.keys import RedisKeys, ensure_first_key
from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from services.gateway.app import create_app
from tests.gateway.asking import problem, submitted

pytestmark = pytest.mark.redis


@pytest.fixture
async def real(
    redis_config: Settings, artifacts: LocalArtifacts
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the first key of an installation."""
    plain = ensure_first_key(redis_config)
    config = redis_config.model_copy(update={"public_url": "https://arclight.example"})
    store, keys = RedisStore.from_settings(config), RedisKeys.from_settings(config)
    app = create_app(config, store, artifacts, keys=keys)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://gateway", headers={"X-API-Key": plain or ""}
    ) as client:
        yield client
    await store.close()
    await keys.close()


async def test_a_job_lives_its_life(real: httpx.AsyncClient) -> None:
    job_id = await submitted(real)
    url = f"/v1/jobs/{job_id}"

    stream = asyncio.create_task(real.get(f"{url}/events"))
    poll = asyncio.create_task(real.get(f"{url}?wait=20"))
    await asyncio.sleep(0.2)
    cancelled = await real.post(f"{url}/cancel")

    assert cancelled.json()["state"] == "cancelled"
    assert (await asyncio.wait_for(poll, 5)).json()["version"] == 2
    told = (await asyncio.wait_for(stream, 5)).text
    assert told.index("event: job.submitted") < told.index("event: job.finished")
    assert [j["id"] for j in (await real.get("/v1/jobs")).json()["jobs"]] == [job_id]


async def test_the_same_key_is_the_same_job_even_at_once(real: httpx.AsyncClient) -> None:
    async def post(prompt: str = "x") -> httpx.Response:
        headers = {"Idempotency-Key": "k"}
        return await real.post("/v1/jobs", json={"prompt": prompt}, headers=headers)

    answers = await asyncio.gather(*(post() for _ in range(8)))

    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["id"] for a in answers}) == 1
    problem(await post("y"), 422, "IDEMPOTENCY_KEY_REUSED")


async def test_a_malformed_token_and_an_unknown_job_are_refused(real: httpx.AsyncClient) -> None:
    problem(await real.get("/v1/jobs?page_token=zz"), 422, "MALFORMED_PAGE_TOKEN")
    problem(await real.get(f"/v1/jobs/job_{'0' * 28}/logs"), 404, "JOB_NOT_FOUND")


async def test_a_store_that_is_away_is_said(config: Settings, artifacts: LocalArtifacts) -> None:
    away = config.model_copy(
        update={"redis_url": "redis://127.0.0.1:1/0", "public_url": "https://arclight.example"}
    )
    keys, store = RedisKeys.from_settings(away), RedisStore.from_settings(away)
    transport = httpx.ASGITransport(create_app(away, store, artifacts, keys=keys))
    headers = {"X-API-Key": f"arc_00000000_{'0' * 48}"}

    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        problem(await client.get("/v1/jobs", headers=headers), 503, "STORE_UNAVAILABLE")
        assert (await client.get("/health")).status_code == 200
    await store.close()
    await keys.close()
