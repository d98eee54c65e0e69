"""Alive, and ready for jobs."""

import asyncio
from datetime import timedelta

import httpx
import pytest

import arclight
from arclight.contracts.names import Queue
from arclight.runtime.store.memory import MemoryStore
from services.gateway import ready
from tests.gateway.asking import problem


async def test_alive_says_the_version(stranger: httpx.AsyncClient) -> None:
    body = (await stranger.get("/health")).json()

    assert body == {"status": "ok", "version": arclight.__version__}


async def test_ready_means_an_echo_from_every_queue(
    stranger: httpx.AsyncClient, memory: MemoryStore
) -> None:
    asking = asyncio.create_task(stranger.get("/ready"))
    while not all(memory.queues.values()):
        await asyncio.sleep(0.001)
    for queue in Queue:
        await memory.echo(queue)

    answer = await asking
    assert answer.status_code == 200
    assert answer.json()["queues"] == dict.fromkeys(Queue, True)


async def test_a_silent_queue_is_named(
    stranger: httpx.AsyncClient, memory: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "PATIENCE", timedelta(seconds=0.2))
    asking = asyncio.create_task(stranger.get("/ready"))
    while not all(memory.queues.values()):
        await asyncio.sleep(0.001)
    for queue in Queue:
        if queue is not Queue.EXECUTOR_RAY:
            await memory.echo(queue)

    body = problem(await asking, 503, "NOT_READY")
    assert "executor_ray" in body["detail"]
    assert body["queues"] == {q.value: q is not Queue.EXECUTOR_RAY for q in Queue}
