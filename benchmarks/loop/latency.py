"""Latency and throughput of the loop against the bare chain, interleaved."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import redis.asyncio

from arclight.contracts.events import JobSubmitted
from arclight.contracts.job import JobRequest, deadline_of, utc
from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from benchmarks.loop.bare import app as bare

REQUEST = JobRequest(prompt="nothing")
EVENTS = 7
"""Of a job without trouble: submitted, then claimed and done three times."""
PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Sample:
    """One round of one side: seconds per job in sequence, and jobs per second at once."""

    latencies: list[float]
    throughput: float


def submission() -> JobSubmitted:
    """A new job."""
    now = utc(time.time())
    return JobSubmitted(
        job_id=f"job_{int(time.time() * 1000):012x}{uuid4().hex[:16]}",
        at=now,
        request=REQUEST,
        caller="benchmark",
        deadline=deadline_of(REQUEST, now),
    )


class Loop:
    """The loop, entered at the store as the gateway enters it."""

    def __init__(self, config: Settings) -> None:
        self.store = RedisStore.from_settings(config)

    async def submit(self) -> str:
        return (await self.store.submit(submission())).id

    async def wait(self, job_id: str) -> None:
        # Woken once, as the peer is: by the event after the six that lead to the end.
        job = await self.store.wait(job_id, EVENTS - 1, PATIENCE)
        if not job.state.terminal:
            raise RuntimeError(f"{job_id} is {job.state} after {job.version} events")


class Bare:
    """The chain, entered as any Celery client enters one."""

    def __init__(self, config: Settings) -> None:
        bare.conf.broker_url = config.redis_url
        self.redis = redis.asyncio.Redis.from_url(config.redis_url)

    async def submit(self) -> str:
        job = uuid4().hex
        bare.send_task("bare.first", (job,), queue="first")
        return job

    async def wait(self, job: str) -> None:
        await self.redis.brpop([f"bare:done:{job}"], PATIENCE.total_seconds())


async def sample(side: Loop | Bare, sequential: int, burst: int) -> Sample:
    """`sequential` jobs one after another, then `burst` jobs at once."""
    latencies = []
    for _ in range(sequential):
        start = time.perf_counter()
        await side.wait(await side.submit())
        latencies.append(time.perf_counter() - start)
    start = time.perf_counter()
    jobs = [await side.submit() for _ in range(burst)]
    for job in jobs:
        await side.wait(job)
    return Sample(latencies, burst / (time.perf_counter() - start))
