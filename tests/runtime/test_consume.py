"""The consumer over the memory store: what a message does, once and only once."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from arclight.contracts.events import Event, Message
from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.job import Job
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import JobState, LogStream, Queue, Step, Way
from arclight.contracts.progress import Progress
from arclight.contracts.run_facts import RunFacts
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.ceiling import ceiling
from arclight.runtime.consume import Consumer
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.work import StepFunction, Work
from tests import jobs


@pytest.fixture
def config(config: Settings) -> Settings:
    return config.model_copy(update={"cancel_poll": timedelta(milliseconds=20)})


@pytest.fixture
def memory(config: Settings) -> MemoryStore:
    return MemoryStore(config, time.time)


@pytest.fixture
def consume(memory: MemoryStore, artifacts: LocalArtifacts, config: Settings):
    def build(step: StepFunction, queue: Queue = Queue.CODEGEN) -> Consumer:
        return Consumer(queue, step, memory, artifacts, config, worker="w1")

    return build


def write_program(work: Work) -> Event:
    return jobs.generated(work.job).model_copy(update=work.stamp())


def payload(job: Job) -> dict[str, object]:
    return jobs.message(job).model_dump(mode="json")


async def test_a_message_moves_the_job_to_the_next_queue(memory: MemoryStore, consume) -> None:
    job = await memory.submit(jobs.submitted())

    await consume(write_program).handle(payload(job))

    after = await memory.get(job.id)
    assert after.state is JobState.VALIDATING
    assert list(memory.queues[Queue.VALIDATOR]) == [jobs.message(after)]


async def test_the_same_message_twice_has_one_effect(memory: MemoryStore, consume) -> None:
    job = await memory.submit(jobs.submitted())
    ran = []

    def step(work: Work) -> Event:
        ran.append(work.claim.fence)
        return write_program(work)

    await asyncio.gather(*(consume(step).handle(payload(job)) for _ in range(3)))

    assert ran == [1]


async def test_a_request_failure_ends_the_job(memory: MemoryStore, consume) -> None:
    job = await memory.submit(jobs.submitted())

    def step(work: Work) -> Event:
        raise StepFailed(jobs.failure(FailureKind.REQUEST, "PROMPT_NOT_UNDERSTOOD"))

    await consume(step).handle(payload(job))

    after = await memory.get(job.id)
    assert (after.state, after.error.code) == (JobState.FAILED, "PROMPT_NOT_UNDERSTOOD")


async def test_a_fault_of_ours_costs_no_attempt_and_ends_after_three(
    memory: MemoryStore, consume
) -> None:
    job = await memory.submit(jobs.submitted())

    def step(work: Work) -> Event:
        raise RuntimeError("a bug")

    for _ in range(3):
        await consume(step).handle(payload(await memory.get(job.id)))

    after = await memory.get(job.id)
    assert (after.state, after.error.kind) == (JobState.FAILED, FailureKind.CRASHED)
    assert len(after.attempts) == 1


async def test_a_cancel_reaches_the_step_and_its_outcome_is_dropped(
    memory: MemoryStore, consume
) -> None:
    job = await memory.submit(jobs.submitted())

    def step(work: Work) -> Event:
        assert work.cancelled.wait(5), "the cancel never arrived"
        return write_program(work)

    handling = asyncio.create_task(consume(step).handle(payload(job)))
    while (await memory.get(job.id)).lease is None:
        await asyncio.sleep(0.01)
    await memory.append(jobs.cancelled(job))
    await asyncio.wait_for(handling, 5)

    assert (await memory.get(job.id)).state is JobState.CANCELLED


async def test_a_step_that_ignores_the_cancel_costs_its_process(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await memory.submit(jobs.submitted())
    ended = threading.Event()

    def step(work: Work) -> Event:
        assert ended.wait(5), "the process was never ended"
        return write_program(work)

    consumer = Consumer(
        Queue.CODEGEN,
        step,
        memory,
        artifacts,
        config,
        worker="w1",
        end_process=ended.set,
        stop_within=timedelta(milliseconds=50),
    )
    handling = asyncio.create_task(consumer.handle(payload(job)))
    while (await memory.get(job.id)).lease is None:
        await asyncio.sleep(0.01)
    await memory.append(jobs.cancelled(job))

    await asyncio.wait_for(handling, 5)


async def test_a_long_step_keeps_its_lease(memory: MemoryStore, consume) -> None:
    job = await memory.submit(jobs.submitted())
    seen = []

    def step(work: Work) -> Event:
        before = memory._leases[job.id]
        time.sleep(0.2)
        seen.append(memory._leases[job.id] > before)
        return write_program(work)

    await consume(step).handle(payload(job))

    assert seen == [True]


async def test_the_log_of_a_step_is_in_the_stream_and_says_what_was_cut(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    small = config.model_copy(update={"run_log": 20})
    job = await memory.submit(jobs.submitted())

    def step(work: Work) -> Event:
        for line in ("short", "a line that is far too long", "more"):
            work.log(line)
        return write_program(work)

    await Consumer(Queue.CODEGEN, step, memory, artifacts, small, worker="w").handle(payload(job))

    lines = [i.log.text async for i in memory.stream(job.id) if i is not None and i.log]
    assert lines == ["short", "[2 more lines were cut: the log limit is reached]"]


async def test_a_request_may_ask_for_less_log_and_an_engine_gets_half_of_it(
    memory: MemoryStore, consume
) -> None:
    job = await memory.submit(jobs.submitted(limits=RunLimits(log=1024)))

    def step(work: Work) -> Event:
        for _ in range(100):
            work.log("e" * 99, LogStream.ENGINE)
        for _ in range(100):
            work.log("o" * 99, LogStream.STDOUT)
        return write_program(work)

    await consume(step).handle(payload(job))

    lines = [i.log async for i in memory.stream(job.id) if i is not None and i.log]
    assert [line.stream for line in lines] == [
        *[LogStream.ENGINE] * 5, *[LogStream.STDOUT] * 5, LogStream.SYSTEM
    ]  # fmt: skip
    assert lines[-1].text.startswith("[190 more lines were cut")


async def test_progress_goes_out_live_at_most_four_times_a_second_and_the_last_is_kept(
    memory: MemoryStore, consume
) -> None:
    job = await memory.submit(jobs.submitted())
    seen: list[int | None] = []

    async def watch() -> None:
        async for item in memory.stream(job.id, follow=True):
            if item is not None and item.progress:
                seen.append(item.progress.tasks_done)

    def step(work: Work) -> Event:
        for done in range(1, 601):
            work.progress(Progress(tasks=600, tasks_done=done))
            time.sleep(0.001)
        return write_program(work)

    watching, began = asyncio.create_task(watch()), time.monotonic()
    await asyncio.sleep(0)
    await consume(step).handle(payload(job))
    await asyncio.sleep(0.05)
    watching.cancel()

    assert 2 <= len(seen) <= 4 * (time.monotonic() - began) + 2
    assert seen == sorted(seen)
    assert seen[-1] == 600
    assert await memory.latest(job.id) is None


async def test_the_facts_of_a_failed_run_are_on_its_record(memory: MemoryStore, consume) -> None:
    job = await memory.submit(jobs.submitted())
    facts = RunFacts(way=Way.WARM, way_reason="Its limits are the usual ones.", wait=0.5)

    def step(work: Work) -> Event:
        raise StepFailed(jobs.failure(FailureKind.INFRASTRUCTURE, "GONE"), facts=facts)

    await consume(step).handle(payload(job))

    runs = (await memory.get(job.id)).attempts[0].runs
    assert [r.facts for r in runs] == [facts, None]


def test_the_limits_in_force_are_the_asked_ones_below_the_ceiling(config: Settings) -> None:
    asked = RunLimits(memory=64 * 1024**2, cores=64, wall=timedelta(seconds=5))

    found = asked.within(ceiling(config))

    assert (found.memory, found.wall) == (64 * 1024**2, timedelta(seconds=5))
    assert (found.cores, found.output) == (config.run_cores, config.run_output)


async def test_a_canary_is_answered(memory: MemoryStore, consume) -> None:
    consumer = consume(write_program)

    waiting = asyncio.create_task(memory.canary(Queue.CODEGEN, timedelta(seconds=2)))
    await asyncio.sleep(0.01)
    await consumer.handle({"canary": True})

    assert await waiting


async def test_every_attempt_is_kept_when_no_program_ever_works(
    memory: MemoryStore, consume
) -> None:
    """Given a generator that never succeeds, the job fails after exactly five attempts."""
    job = await memory.submit(jobs.submitted())
    made = iter(range(1, 100))

    def generate(work: Work) -> Event:
        return jobs.generated(work.job, next(made)).model_copy(update=work.stamp())

    def validate(work: Work) -> Event:
        return jobs.validated(work.job).model_copy(update=work.stamp())

    def execute(work: Work) -> Event:
        number = len(work.job.attempts)
        raise StepFailed(jobs.failure(FailureKind.CODE, "BROKEN", details={"n": number}))

    steps = {
        Step.CODEGEN: consume(generate),
        Step.VALIDATION: consume(validate, Queue.VALIDATOR),
        Step.EXECUTION: consume(execute, Queue.EXECUTOR_SPARK),
    }
    while not (job := await memory.get(job.id)).state.terminal:
        message: Message = jobs.message(job)
        await steps[message.step].handle(message.model_dump(mode="json"))

    assert [a.number for a in job.attempts] == [1, 2, 3, 4, 5]
    assert all(a.program and a.failure for a in job.attempts)
    assert job.error.details["stopped_because"] == "All 5 attempts are used"
