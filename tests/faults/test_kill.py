"""kill -9 of one worker in the middle of its step: the job still ends right, and once.

Held before its work, the step has been claimed and nothing is done; held after it, the effect is
there and the commit is not. Either way the lease runs out, the step starts again as a new run
elsewhere, and the budget of attempts is not touched.
"""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from arclight.contracts.apply import fold
from arclight.contracts.job import Job
from arclight.contracts.names import EventType, Framework, JobState, Queue
from arclight.runtime.store.redis import RedisStore
from tests import jobs
from tests.faults.processes import Processes

pytestmark = [pytest.mark.faults, pytest.mark.redis, pytest.mark.ray]

PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
EXECUTOR = {Framework.SPARK: Queue.EXECUTOR_SPARK, Framework.RAY: Queue.EXECUTOR_RAY}


async def until(store: RedisStore, job: Job, state: JobState, processes: Processes) -> Job:
    for _ in range(120):
        job = await store.get(job.id)
        if job.state is state:
            return job
        assert not job.state.terminal, f"{job.error}\n{processes.logs()}"
        await store.wait(job.id, job.version, jobs.timedelta(seconds=1))
    raise AssertionError(f"still {job.state}\n{processes.logs()}")


async def events(store: RedisStore, job: Job) -> list[EventType]:
    items = [i async for i in store.stream(job.id) if i is not None]
    found = [i.event for i in items if i.event is not None]
    assert fold(found) == await store.get(job.id)
    return [EventType(e.type) for e in found]


def right(job: Job) -> bool:
    return job.result is not None and [row[-1] for row in job.result.preview] == PRIMES


@pytest.mark.parametrize(
    ("queue", "moment", "framework"),
    [
        (Queue.CODEGEN, "after", Framework.RAY),
        (Queue.VALIDATOR, "before", Framework.RAY),
        (Queue.EXECUTOR_RAY, "after", Framework.RAY),
        pytest.param(Queue.EXECUTOR_SPARK, "before", Framework.SPARK, marks=pytest.mark.spark),
    ],
)
async def test_a_killed_worker_costs_a_run_and_nothing_else(
    processes: Processes,
    real_store: RedisStore,
    queue: Queue,
    moment: str,
    framework: Framework,
) -> None:
    processes.hold_at(moment)
    processes.reconciler()
    processes.worker(queue)
    for other in (Queue.CODEGEN, Queue.VALIDATOR, EXECUTOR[framework]):
        if other is not queue:
            await asyncio.to_thread(processes.unheld, other)
    job = await real_store.submit(
        jobs.submitted_now(prompt="first 10 prime numbers", framework=framework)
    )

    await asyncio.to_thread(processes.wait_until_held)
    processes.kill(queue)
    processes.release()
    processes.worker(queue)
    job = await until(real_store, job, JobState.SUCCEEDED, processes)

    assert right(job)
    assert len(job.attempts) == 1
    assert [r.outcome for r in job.attempts[0].runs].count("WORKER_LOST") == 1
    said = await events(real_store, job)
    assert said.count(EventType.JOB_FINISHED) == 1
    assert said.count(EventType.STEP_REDELIVERED) == 1


async def test_jobs_wait_for_a_killed_reconciler_and_lose_nothing(
    processes: Processes, real_store: RedisStore
) -> None:
    """Given a dead reconciler and a dead worker, the next reconciler finds the silent step."""
    processes.hold_at("before")
    processes.reconciler()
    processes.worker(Queue.CODEGEN)
    job = await real_store.submit(
        jobs.submitted_now(prompt="first 10 prime numbers", framework=Framework.RAY)
    )
    await asyncio.to_thread(processes.wait_until_held)

    processes.kill("reconciler")
    processes.kill(Queue.CODEGEN)
    processes.release()
    processes.worker(Queue.CODEGEN)
    processes.reconciler()
    for other in (Queue.VALIDATOR, Queue.EXECUTOR_RAY):
        await asyncio.to_thread(processes.unheld, other)
    job = await until(real_store, job, JobState.SUCCEEDED, processes)

    assert right(job)
    assert len(job.attempts) == 1
    assert (await events(real_store, job)).count(EventType.JOB_FINISHED) == 1


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    got: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got = got  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_killed_notifier_delivers_under_the_same_id(
    processes: Processes, real_store: RedisStore, receiver: HTTPServer
) -> None:
    """Given a notifier killed between delivery and commit, the receiver sees one id, twice."""
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    processes.hold_at("after")
    processes.reconciler()
    processes.worker(Queue.NOTIFIER)
    job = await real_store.submit(jobs.submitted_now(callback_url=url))
    await real_store.append(jobs.cancelled(job))
    await asyncio.to_thread(processes.wait_until_held)

    processes.kill(Queue.NOTIFIER)
    processes.release()
    processes.worker(Queue.NOTIFIER)
    while not (job := await real_store.get(job.id)).webhook:
        await asyncio.sleep(0.1)

    assert [a.delivered for a in job.webhook] == [True]
    got = receiver.got  # type: ignore[attr-defined]
    assert len(got) == 2
    assert len(set(got)) == 1
