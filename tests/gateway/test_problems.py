"""Every refusal is a problem that says what happened and what to do next."""

import httpx
import pytest
from fastapi import FastAPI
from redis.exceptions import ConnectionError as StoreDown

from arclight.runtime.store.memory import MemoryStore
from services.gateway.problem_types import PROBLEMS
from tests.gateway.asking import problem, submitted
from tests.gateway.bad_requests import REFUSED, Refused


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_a_bad_request_says_what_to_do(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, case: Refused
) -> None:
    answer = await client.request(case.method, case.path, **case.send)

    body = problem(answer, case.status, case.code)
    for words in case.says:
        assert words in answer.text.replace("\\", ""), answer.text
    assert len(answer.content) < 5_000
    meaning = await stranger.get(body["type"].removeprefix("https://arclight.example"))
    assert meaning.status_code == 200
    assert meaning.json()["title"] == body["title"]
    assert meaning.json()["type"] == body["type"]


async def test_the_methods_of_an_address_are_named(client: httpx.AsyncClient) -> None:
    assert (await client.delete("/v1/jobs")).headers["allow"] == "GET, POST"
    assert (await client.post("/health")).headers["allow"] == "GET"
    assert (await client.post("/docs")).headers["allow"] == "GET, HEAD"


async def test_a_body_that_grows_past_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    async def endless() -> "object":
        while True:
            yield b" " * 100_000

    answer = await client.post(
        "/v1/jobs", content=endless(), headers={"Content-Type": "application/json"}
    )

    problem(answer, 413, "BODY_TOO_LARGE")


async def test_a_fault_inside_shows_an_incident_and_nothing_else(
    client: httpx.AsyncClient, memory: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(memory, "get", broken)

    answer = await client.get(f"/v1/jobs/job_{'0' * 28}")

    body = problem(answer, 500, "INTERNAL_ERROR")
    assert body["incident"] in body["detail"]
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_store_that_is_away_is_503(
    client: httpx.AsyncClient, memory: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreDown("connection refused")

    monkeypatch.setattr(memory, "submit", away)

    answer = await client.post("/v1/jobs", json={"prompt": "x"})

    problem(answer, 503, "STORE_UNAVAILABLE")
    assert answer.headers["retry-after"] == "2"


async def test_all_problem_types_are_listed(stranger: httpx.AsyncClient) -> None:
    listed = (await stranger.get("/problems")).json()

    assert {p["code"] for p in listed} == set(PROBLEMS)
    for row in listed:
        assert (
            await stranger.get(row["type"].removeprefix("https://arclight.example"))
        ).json() == row


async def test_a_job_that_failed_is_no_problem(client: httpx.AsyncClient, app: FastAPI) -> None:
    job_id = await submitted(client)
    await client.post(f"/v1/jobs/{job_id}/cancel")

    assert (await client.get(f"/v1/jobs/{job_id}")).status_code == 200
