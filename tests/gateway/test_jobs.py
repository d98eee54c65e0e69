"""Reading, waiting, listing and cancelling jobs."""

import asyncio
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arclight.contracts.events import Event, WebhookAttempted
from arclight.contracts.job import Job, WebhookAttempt
from arclight.contracts.progress import Progress
from arclight.contracts.result import Result, ResultKind
from arclight.runtime.store.port import Claim
from services.gateway.params import prefer_wait
from tests.conftest import FakeClock
from tests.gateway.asking import problem, submitted
from tests.gateway.driver import Driver
from tests.jobs import at, message


async def test_the_etag_follows_the_version(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    first = await client.get(f"/v1/jobs/{job_id}")
    assert first.headers["etag"] == '"v1"'
    assert first.headers["retry-after"] == "1"

    same = await client.get(f"/v1/jobs/{job_id}", headers={"If-None-Match": '"v1"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"v1"')

    await driver.claim(job_id)
    changed = await client.get(f"/v1/jobs/{job_id}", headers={"If-None-Match": '"v1"'})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"v2"'
    assert changed.json()["progress"]["doing"] == "working"
    assert changed.json()["progress"]["worker"] == "worker-1"


async def test_a_running_program_shows_its_progress_until_its_end(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    job = await driver.running(job_id)
    claim = Claim(message=message(job), job=job, fence=job.fence)
    await driver.store.progress(claim, Progress(phase="running", tasks=40, tasks_done=12))

    live = await client.get(f"/v1/jobs/{job_id}")
    known = await client.get(f"/v1/jobs/{job_id}", headers={"If-None-Match": '"v6"'})
    await client.post(f"/v1/jobs/{job_id}/cancel")
    ended = await client.get(f"/v1/jobs/{job_id}")

    shown = live.json()["progress"]
    assert (shown["step"], shown["phase"]) == ("execution", "running")
    assert (shown["tasks"], shown["tasks_done"]) == (40, 12)
    assert "stages" not in shown
    assert (live.headers["etag"], known.status_code) == ('W/"v6"', 304)
    assert "progress" not in ended.json()


async def test_a_job_that_ended_has_an_error_or_a_result(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    failed, done = await submitted(client), await submitted(client)
    await driver.fail(failed)
    await driver.succeed(done, Result(kind=ResultKind.TEXT, text="42"))

    bad = await client.get(f"/v1/jobs/{failed}")
    good = await client.get(f"/v1/jobs/{done}")

    assert bad.status_code == good.status_code == 200
    assert bad.json()["error"]["code"] == "NOT_UNDERSTOOD"
    assert "result" not in bad.json()
    assert good.json()["result"]["text"] == "42"
    assert "error" not in good.json()
    assert "progress" not in good.json()
    assert "retry-after" not in good.headers
    assert good.json()["links"]["result"] == f"/v1/jobs/{done}/result"


@pytest.mark.parametrize("how", ["query", "prefer"])
async def test_a_long_poll_answers_on_the_change(
    client: httpx.AsyncClient, driver: Driver, how: str
) -> None:
    job_id = await submitted(client)
    url = f"/v1/jobs/{job_id}" + ("?wait=20" if how == "query" else "")
    headers = {"Prefer": "wait=20"} if how == "prefer" else {}

    began = time.monotonic()
    waiting = asyncio.create_task(client.get(url, headers=headers))
    await asyncio.sleep(0.05)
    await driver.claim(job_id)
    answer = await waiting

    assert time.monotonic() - began < 5
    assert answer.json()["version"] == 2
    assert answer.headers.get("preference-applied") == ("wait=20" if how == "prefer" else None)


async def test_a_long_poll_for_a_known_version_ends_with_304(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    answer = await client.get(f"/v1/jobs/{job_id}?wait=0.05", headers={"If-None-Match": '"v1"'})

    assert answer.status_code == 304


async def test_a_long_poll_does_not_wait_when_the_known_version_is_old(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.claim(job_id)

    began = time.monotonic()
    answer = await client.get(f"/v1/jobs/{job_id}?wait=20", headers={"If-None-Match": '"v1"'})

    assert answer.json()["version"] == 2
    assert time.monotonic() - began < 5


@given(st.text(max_size=40))
def test_any_prefer_header_is_read(header: str) -> None:
    seconds = prefer_wait(header)
    assert seconds is None or seconds >= 0


async def test_pages_join_to_the_whole_list(client: httpx.AsyncClient, clock: FakeClock) -> None:
    ids = []
    for _ in range(7):
        ids.append(await submitted(client))
        clock.forward(1)

    found, token = [], ""
    for _ in range(4):
        url = f"/v1/jobs?page_size=2&page_token={token}" if token else "/v1/jobs?page_size=2"
        page = (await client.get(url)).json()
        found += [j["id"] for j in page["jobs"]]
        token = page.get("next_page_token", "")

    assert found == ids[::-1]
    assert token == ""


async def test_the_list_can_be_filtered_by_state(client: httpx.AsyncClient, driver: Driver) -> None:
    failed, _ = await submitted(client), await submitted(client)
    await driver.fail(failed)

    page = (await client.get("/v1/jobs?state=failed")).json()

    assert [j["id"] for j in page["jobs"]] == [failed]
    assert "next_page_token" not in page


async def test_a_page_is_never_larger_than_the_cap(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await submitted(client)

    assert len((await client.get("/v1/jobs?page_size=100000")).json()["jobs"]) == 3


@pytest.mark.parametrize("steps", range(4))
async def test_cancel_works_in_every_live_state(
    client: httpx.AsyncClient, driver: Driver, steps: int
) -> None:
    job_id = await submitted(client)
    match steps:
        case 1:
            await driver.claim(job_id)
        case 2:
            await driver.generate(job_id)
        case 3:
            await driver.running(job_id)

    first = await client.post(f"/v1/jobs/{job_id}/cancel")
    again = await client.post(f"/v1/jobs/{job_id}/cancel")

    assert first.status_code == again.status_code == 200
    assert first.json()["state"] == "cancelled"
    assert first.json()["error"]["kind"] == "cancelled"
    assert again.json() == first.json()


async def test_a_job_that_ended_cannot_be_cancelled(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.fail(job_id)

    problem(await client.post(f"/v1/jobs/{job_id}/cancel"), 409, "JOB_ALREADY_FINISHED")


async def test_a_job_that_ends_just_before_its_cancel_has_ended(
    client: httpx.AsyncClient, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await submitted(client)
    append = driver.store.append

    async def late(*events: Event, if_expired: bool = False) -> Job:
        monkeypatch.setattr(driver.store, "append", append)
        await driver.fail(job_id)
        return await append(*events, if_expired=if_expired)

    monkeypatch.setattr(driver.store, "append", late)

    problem(await client.post(f"/v1/jobs/{job_id}/cancel"), 409, "JOB_ALREADY_FINISHED")


async def test_deliveries_are_listed(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client, callback_url="https://example.com/hook")
    await driver.fail(job_id)
    job = await driver.claim(job_id)
    attempt = WebhookAttempt(number=1, at=at(), status=204, delivered=True)
    await driver.store.append(
        WebhookAttempted(job_id=job_id, at=at(), fence=job.fence, attempt=attempt)
    )

    body = (await client.get(f"/v1/jobs/{job_id}/deliveries")).json()

    assert body["callback_url"] == "https://example.com/hook"
    assert body["delivered"] is True
    assert [d["status"] for d in body["deliveries"]] == [204]
