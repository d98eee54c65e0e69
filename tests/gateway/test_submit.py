"""Submitting, repeating and retrying jobs."""

import re
from datetime import timedelta

import httpx

from arclight.contracts.names import Queue
from arclight.runtime.artifacts import LocalArtifacts, get_program
from arclight.runtime.store.memory import MemoryStore
from tests.conftest import FakeClock
from tests.gateway.asking import problem, submitted, uploaded
from tests.gateway.driver import Driver


async def test_a_prompt_is_accepted_with_the_whole_job(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    answer = await client.post(
        "/v1/jobs",
        json={
            "prompt": "total cost by size",
            "framework": "ray",
            "max_attempts": 3,
            "timeout": 90,
            "session": "s1",
            "callback_url": "https://example.com/hook",
        },
    )

    assert answer.status_code == 202
    job = answer.json()
    assert re.fullmatch(r"job_[0-9a-f]{28}", job["id"])
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert answer.headers["retry-after"] == "1"
    assert (job["state"], job["version"], job["framework"]) == ("queued", 1, "ray")
    assert job["budget"] == {
        "max_attempts": 3,
        "wall": "PT1M30S",
        "review": "P7D",
        "attempts_used": 1,
        "attempts_left": 2,
        "failures": {},
    }
    assert job["session"] == "s1"
    assert job["progress"]["step"] == "codegen"
    assert job["progress"]["doing"] == "waiting"
    assert "result" not in job
    assert "error" not in job
    assert [m.job_id for m in memory.queues[Queue.CODEGEN] if m] == [job["id"]]
    listed = (await client.get("/v1/jobs")).json()
    assert listed["jobs"] == [job]


async def test_a_timeout_may_be_written_as_iso_8601(client: httpx.AsyncClient) -> None:
    job = (await client.post("/v1/jobs", json={"prompt": "x", "timeout": "PT5M"})).json()

    assert job["budget"]["wall"] == "PT5M"
    assert job["deadline"] == "2027-01-15T08:05:00Z"


async def test_limits_and_isolation_are_on_the_record(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    asked = {"memory": 2 * 1024**3, "cores": 1, "wall": 90, "rows": 1000}

    job = (
        await client.post("/v1/jobs", json={"prompt": "x", "limits": asked, "isolation": "job"})
    ).json()

    assert job["limits"] == {**asked, "wall": "PT1M30S"}
    assert job["isolation"] == "job"
    record = await memory.get(job["id"])
    assert record.request.limits.wall == timedelta(seconds=90)
    again = (await client.get(f"/v1/jobs/{await submitted(client)}")).json()
    assert again["limits"] == {}
    assert "isolation" not in again


async def test_repair_and_rehearsal_are_on_the_record_when_they_are_asked_for(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    body = {"program": "print(1)", "framework": "ray", "repair": True, "rehearse": True}

    asked = (await client.post("/v1/jobs", json=body)).json()

    request = (await memory.get(asked["id"])).request
    assert (request.repair, request.rehearse) == (True, True)
    without = (await memory.get(await submitted(client))).request
    assert (without.repair, without.rehearse) == (False, False)
    refused = await client.post("/v1/jobs", json={**body, "repair": "perhaps"})
    assert refused.status_code == 422


async def test_a_limit_above_the_ceiling_is_refused_by_name_and_number(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    asked = {"memory": 8 * 1024**3, "cores": 1, "wall": "PT1H"}

    answer = await client.post("/v1/jobs", json={"prompt": "x", "limits": asked})

    body = problem(answer, 422, "LIMIT_ABOVE_CEILING")
    assert body["errors"] == [
        {"pointer": "/limits/memory", "detail": "asks for 8 GiB; at most 4 GiB can be had here"},
        {"pointer": "/limits/wall", "detail": "asks for 3600 s; at most 600 s can be had here"},
    ]
    assert "`limits.memory` asks for 8 GiB" in body["detail"]
    assert not (await memory.list()).jobs


async def test_a_program_goes_to_the_validator_and_is_stored_before_the_record(
    client: httpx.AsyncClient, memory: MemoryStore, artifacts: LocalArtifacts
) -> None:
    job_id = await submitted(client, prompt="", program="print('é')\n")

    record = await memory.get(job_id)
    assert record.request.program is not None
    assert get_program(artifacts, record.request.program) == "print('é')\n"
    assert [m.job_id for m in memory.queues[Queue.VALIDATOR] if m] == [job_id]
    assert (await client.get(f"/v1/jobs/{job_id}/code")).text == "print('é')\n"


async def test_sources_get_their_address_and_a_name_each(client: httpx.AsyncClient) -> None:
    first = await uploaded(client, "birds.csv")
    second = await uploaded(client, "birds.csv")

    answer = await client.post(
        "/v1/jobs",
        json={
            "prompt": "x",
            "sources": [
                {"kind": "upload", "id": first, "uri": "file:///etc/passwd"},
                {"kind": "upload", "id": second},
            ],
        },
    )

    sources = answer.json()["sources"]
    assert [s["name"] for s in sources] == ["birds", "birds_2"]
    assert sources[0]["uri"].endswith(f"/uploads/{first}/birds.csv")


async def test_the_same_key_and_body_answer_with_the_first_job(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await client.post("/v1/jobs", json={"prompt": "x"}, headers=headers)
    again = await client.post("/v1/jobs", json={"prompt": "x"}, headers=headers)

    assert again.status_code == 202
    assert again.json() == first.json()
    assert len(memory.queues[Queue.CODEGEN]) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    await client.post("/v1/jobs", json={"prompt": "x"}, headers=headers)

    answer = await client.post("/v1/jobs", json={"prompt": "y"}, headers=headers)

    problem(answer, 422, "IDEMPOTENCY_KEY_REUSED")


async def test_retry_makes_a_new_job_of_a_finished_one(
    client: httpx.AsyncClient, driver: Driver, clock: FakeClock
) -> None:
    old = await submitted(client, prompt="x", max_attempts=2)
    await driver.fail(old)
    clock.forward(60)

    answer = await client.post(f"/v1/jobs/{old}/retry")

    job = answer.json()
    assert answer.status_code == 202
    assert job["id"] > old
    assert (job["retry_of"], job["state"], job["prompt"]) == (old, "queued", "x")
    assert job["budget"]["max_attempts"] == 2
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"


async def test_retry_with_one_key_is_one_job(client: httpx.AsyncClient, driver: Driver) -> None:
    old = await submitted(client)
    await driver.fail(old)
    headers = {"Idempotency-Key": "k"}

    answers = [await client.post(f"/v1/jobs/{old}/retry", headers=headers) for _ in range(2)]

    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_a_live_job_cannot_be_retried(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    body = problem(await client.post(f"/v1/jobs/{job_id}/retry"), 409, "JOB_NOT_FINISHED")

    assert "cancel" in body["hint"]
