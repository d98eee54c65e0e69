"""Jobs that continue another: by its id, or as the newest of a session."""

import httpx

from arclight.contracts.job import MAX_BEFORE, MAX_PROMPT
from arclight.contracts.result import Result, ResultKind
from arclight.runtime.store.memory import MemoryStore
from services.gateway.session import session_key
from tests.gateway.asking import problem, submitted, uploaded
from tests.gateway.driver import Driver

ANSWER = Result(kind=ResultKind.TEXT, text="42")


async def before(client: httpx.AsyncClient, job_id: str) -> list[str]:
    answer = (await client.get(f"/v1/jobs/{job_id}")).json()
    return list(answer["before"])


async def test_a_job_that_follows_takes_over_what_it_leaves_out(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    source = await uploaded(client)
    named = [{"kind": "upload", "id": source, "name": "birds"}]
    first = await submitted(
        client, prompt="total by size", sources=named, framework="ray", session="s1"
    )
    await driver.succeed(first, ANSWER)

    second = await submitted(client, prompt="now by region", follows=first)

    job = (await client.get(f"/v1/jobs/{second}")).json()
    assert (job["follows"], job["before"]) == (first, ["total by size"])
    assert (job["framework"], job["session"]) == ("ray", "s1")
    assert [(s["id"], s["name"]) for s in job["sources"]] == [(source, "birds")]


async def test_what_is_given_is_not_taken_over(client: httpx.AsyncClient) -> None:
    old, new = await uploaded(client), await uploaded(client, "u.csv")
    first = await submitted(client, sources=[{"kind": "upload", "id": old}], framework="ray")

    second = await submitted(
        client,
        follows=first,
        sources=[{"kind": "upload", "id": new}],
        framework="spark",
        session="mine",
    )

    job = (await client.get(f"/v1/jobs/{second}")).json()
    assert ([s["id"] for s in job["sources"]], job["framework"]) == ([new], "spark")
    assert job["session"] == "mine"


async def test_a_session_continues_its_newest_job(client: httpx.AsyncClient) -> None:
    await submitted(client, prompt="one", session="s")
    await submitted(client, prompt="two", session="s")
    await submitted(client, prompt="elsewhere", session="other")
    await submitted(client, prompt="alone")

    third = await submitted(client, prompt="three", session="s")

    assert await before(client, third) == ["one", "two"]


async def test_a_question_that_was_not_understood_is_left_out(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    first = await submitted(client, prompt="total by size", session="s")
    await driver.succeed(first, ANSWER)
    await driver.fail(await submitted(client, prompt="wombats", session="s"))

    third = await submitted(client, prompt="now by region", session="s")

    assert await before(client, third) == ["total by size"]


async def test_a_program_that_failed_was_understood_all_the_same(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    first = await submitted(client, prompt="total by size")
    await driver.fail_attempt(first, "print(1)\n")
    await driver.fail(first)

    second = await submitted(client, prompt="now by region", follows=first)

    assert await before(client, second) == ["total by size"]


async def test_a_retry_keeps_what_the_job_followed(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    first = await submitted(client, prompt="total by size")
    second = await submitted(client, prompt="now by region", follows=first)
    await driver.succeed(second, ANSWER)

    again = (await client.post(f"/v1/jobs/{second}/retry")).json()

    assert (again["follows"], again["before"]) == (first, ["total by size"])


async def test_the_oldest_prompts_are_forgotten_first(client: httpx.AsyncClient) -> None:
    longest = ["a" * MAX_PROMPT, "b" * MAX_PROMPT, "c"]
    for prompt in longest:
        last = await submitted(client, prompt=prompt, session="s")

    job_id = await submitted(client, prompt="d", follows=last)

    kept = await before(client, job_id)
    assert kept == longest[1:]
    assert sum(map(len, kept)) <= MAX_BEFORE


async def test_a_job_that_does_not_exist_cannot_be_followed(client: httpx.AsyncClient) -> None:
    body = {"prompt": "now by region", "follows": f"job_{0:028x}"}

    answer = await client.post("/v1/jobs", json=body)

    assert problem(answer, 422, "INVALID_REQUEST")["errors"] == [
        {"pointer": "/follows", "detail": "no such job"}
    ]
    malformed = await client.post("/v1/jobs", json={**body, "follows": "job_1"})
    assert problem(malformed, 422, "INVALID_REQUEST")["errors"][0]["pointer"] == "/follows"


async def test_the_same_session_name_of_another_caller_is_another_session(
    client: httpx.AsyncClient, memory: MemoryStore
) -> None:
    job_id = await submitted(client, session="s")

    caller = (await memory.get(job_id)).caller
    mine, theirs = session_key(caller, "s"), session_key(f"{caller}2", "s")

    assert mine is not None
    assert theirs is not None
    assert await memory.newest(mine) == job_id
    assert await memory.newest(theirs) is None
