"""Server-sent events: replay, live, resume, end, and readers that leave."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from arclight.contracts.names import LogStream
from arclight.contracts.progress import Progress
from arclight.runtime.store.port import Claim, LogLine
from services.gateway import events
from services.gateway.context import Gateway
from tests.gateway.asking import problem, submitted
from tests.gateway.driver import Driver
from tests.jobs import message

Frame = dict[str, str]


def frames(text: str) -> list[Frame]:
    """The events of a stream, without comments and `retry:`."""
    blocks = (b.split("\n") for b in text.split("\n\n") if b.startswith("id: "))
    return [dict(line.split(": ", 1) for line in block) for block in blocks]


async def finished(client: httpx.AsyncClient, driver: Driver) -> str:
    """A job with six events and a log line between them."""
    job_id = await submitted(client)
    await driver.generate(job_id)
    await driver.store.log(job_id, [LogLine("a line", LogStream.STDOUT), LogLine("with\nbreak")])
    await client.post(f"/v1/jobs/{job_id}/cancel")
    return job_id


async def test_everything_that_happened_is_told_in_order_and_then_the_stream_ends(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await finished(client, driver)

    answer = await client.get(f"/v1/jobs/{job_id}/events")

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.text.startswith("retry: 3000\n\n")
    told = frames(answer.text)
    assert [f["event"] for f in told if f["event"] != "log"] == [
        "job.submitted",
        "step.claimed",
        "code.generated",
        "job.finished",
    ]
    assert [json.loads(f["data"])["line"] for f in told if f["event"] == "log"] == [
        "a line",
        "with\nbreak",
    ]
    assert [json.loads(f["data"])["stream"] for f in told if f["event"] == "log"] == [
        "stdout",
        "system",
    ]
    assert json.loads(told[0]["data"])["request"]["prompt"] == "count the rows"


async def test_progress_is_told_live(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    job = await driver.claim(job_id)
    claim = Claim(message=message(job), job=job, fence=job.fence)
    await driver.store.progress(claim, Progress(phase="running", tasks=9, tasks_done=3))

    reading = asyncio.create_task(client.get(f"/v1/jobs/{job_id}/events"))
    await asyncio.sleep(0.05)
    await client.post(f"/v1/jobs/{job_id}/cancel")
    told = frames((await asyncio.wait_for(reading, 5)).text)
    later = frames((await client.get(f"/v1/jobs/{job_id}/events")).text)

    assert [f["event"] for f in told][1:] == ["step.claimed", "progress", "job.finished"]
    assert json.loads(told[2]["data"]) == {"phase": "running", "tasks": 9, "tasks_done": 3}
    assert told[2]["id"] == told[1]["id"]
    assert "progress" not in {f["event"] for f in later}


@pytest.mark.parametrize("how", ["header", "param"])
async def test_a_reader_resumes_after_any_event_and_misses_nothing(
    client: httpx.AsyncClient, driver: Driver, how: str
) -> None:
    job_id = await finished(client, driver)
    url = f"/v1/jobs/{job_id}/events"
    whole = frames((await client.get(url)).text)

    for seen, last in enumerate(whole[:-1], start=1):
        if how == "header":
            rest = await client.get(url, headers={"Last-Event-ID": last["id"]})
        else:
            rest = await client.get(url, params={"after": last["id"]})
        assert frames(rest.text) == whole[seen:]


async def test_a_reader_who_knows_the_end_is_told_not_to_come_back(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await finished(client, driver)
    url = f"/v1/jobs/{job_id}/events"
    last = frames((await client.get(url)).text)[-1]["id"]

    answer = await client.get(url, headers={"Last-Event-ID": last})

    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_nonsense_id_begins_at_the_start(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await finished(client, driver)

    answer = await client.get(f"/v1/jobs/{job_id}/events", headers={"Last-Event-ID": "x-y:z"})

    assert frames(answer.text)[0]["event"] == "job.submitted"


async def test_live_events_arrive_and_the_stream_ends_with_the_job(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)

    reading = asyncio.create_task(client.get(f"/v1/jobs/{job_id}/events"))
    await asyncio.sleep(0.05)
    await driver.claim(job_id)
    await client.post(f"/v1/jobs/{job_id}/cancel")
    answer = await asyncio.wait_for(reading, 5)

    assert [f["event"] for f in frames(answer.text)] == [
        "job.submitted",
        "step.claimed",
        "job.finished",
    ]


async def test_an_unknown_job_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/jobs/job_{'0' * 28}/events")

    problem(answer, 404, "JOB_NOT_FOUND")


async def test_a_silent_stream_pings(
    client: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PING_EVERY", 0.0)
    gateway: Gateway = app.state.gateway
    stream = events._frames(gateway, await submitted(client), None)

    first = [await anext(stream) for _ in range(3)]
    await stream.aclose()

    assert first[0] == events.RETRY
    assert first[2] == events.PING


async def test_a_stopping_server_ends_the_stream(client: httpx.AsyncClient, app: FastAPI) -> None:
    job_id = await submitted(client)
    gateway: Gateway = app.state.gateway
    gateway.stopping.set()

    answer = await asyncio.wait_for(client.get(f"/v1/jobs/{job_id}/events"), 5)

    assert [f["event"] for f in frames(answer.text)] == ["job.submitted"]


class Endless:
    """Frames that remember whether they were closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def frames(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b": ping\n\n"
                await asyncio.sleep(0.001)
        finally:
            self.closed.set()


async def test_a_reader_who_leaves_is_cleaned_up() -> None:
    endless, sent = Endless(), 0

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        nonlocal sent
        sent += 1

    stream = events.EventStream(endless.frames())  # type: ignore[arg-type]
    await asyncio.wait_for(stream({"type": "http"}, receive, send), 5)

    assert sent > 1
    assert endless.closed.is_set()


async def test_a_reader_who_takes_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SEND_LIMIT", 0.05)
    endless, sent = Endless(), list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            await anyio.sleep_forever()

    async def receive() -> dict[str, Any]:
        await anyio.sleep_forever()
        return {}

    stream = events.EventStream(endless.frames())  # type: ignore[arg-type]
    await asyncio.wait_for(stream({"type": "http"}, receive, send), 5)

    assert len(sent) == 2
    assert endless.closed.is_set()
