"""The contract of the JobStore port: every adapter, the same tests, the same clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from arclight.contracts.apply import fold
from arclight.contracts.events import StepRedelivered
from arclight.contracts.failure import FailureKind, Fenced, IllegalTransition, JobNotFound
from arclight.contracts.job import Job
from arclight.contracts.names import JobState, LogStream, Mode
from arclight.contracts.progress import Progress
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import (
    BadPageToken,
    Claim,
    IdempotencyConflict,
    JobStore,
    LogLine,
    StreamItem,
)
from tests import jobs
from tests.conftest import FakeClock

SHORT = timedelta(milliseconds=50)


async def claim(store: JobStore, job: Job) -> Claim:
    claimed = await store.claim(jobs.message(job), "w1")
    assert claimed is not None
    return claimed


async def lost(store: JobStore, claimed: Claim, *, if_expired: bool = False) -> Job:
    event = StepRedelivered(
        job_id=claimed.job.id,
        at=jobs.at(5),
        fence=claimed.fence,
        failure=jobs.failure(FailureKind.INFRASTRUCTURE, "WORKER_LOST"),
    )
    return await store.append(event, if_expired=if_expired)


async def test_a_submitted_job_is_visible_at_once(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())

    assert await store.get(job.id) == job
    assert [j.id for j in (await store.list()).jobs] == [job.id]


async def test_an_unknown_job_is_said_to_be_unknown(store: JobStore) -> None:
    with pytest.raises(JobNotFound):
        await store.get(jobs.job_id())


async def test_a_step_is_claimed_once(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())

    claims = await asyncio.gather(*(store.claim(jobs.message(job), f"w{n}") for n in range(5)))

    taken = [c for c in claims if c is not None]
    assert [c.fence for c in taken] == [1]


async def test_a_message_of_an_unknown_job_is_not_claimed(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())
    message = jobs.message(job).model_copy(update={"job_id": jobs.job_id()})

    assert await store.claim(message, "w1") is None


async def test_the_fence_rises_and_the_old_one_is_refused(store: JobStore) -> None:
    first = await claim(store, await store.submit(jobs.submitted()))
    second = await claim(store, await lost(store, first))

    assert second.fence == first.fence + 1
    with pytest.raises(Fenced):
        await store.append(jobs.generated(first.job))
    assert not await store.beat(first)
    assert await store.beat(second)


async def test_a_cancelled_job_takes_nothing_more(store: JobStore) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))

    await store.append(jobs.cancelled(claimed.job))

    assert not await store.beat(claimed)
    with pytest.raises(IllegalTransition):
        await store.append(jobs.generated(claimed.job))
    assert (await store.get(claimed.job.id)).state is JobState.CANCELLED


async def test_a_lease_ends_only_by_silence(
    store: JobStore, clock: FakeClock, config: Settings
) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    lease = config.lease.total_seconds()

    clock.forward(lease - 1)
    assert await store.expired() == []
    assert await store.beat(claimed)
    clock.forward(lease - 1)
    assert await store.expired() == []
    with pytest.raises(Fenced):
        await lost(store, claimed, if_expired=True)

    clock.forward(2)
    assert await store.expired() == [claimed.job.id]
    await lost(store, claimed, if_expired=True)
    assert await store.expired() == []


async def test_a_lost_message_is_sent_again_until_it_is_claimed(
    store: JobStore, clock: FakeClock, config: Settings
) -> None:
    job = await store.submit(jobs.submitted())
    await drain(store)
    after = config.resend_after.total_seconds()

    assert await store.resend() == 0
    clock.forward(after + 0.1)
    assert await store.resend() == 1
    assert await store.resend() == 0

    await claim(store, job)
    clock.forward(600)
    assert await store.resend() == 0


async def test_a_backlog_is_not_doubled(
    store: JobStore, clock: FakeClock, config: Settings
) -> None:
    for _ in range(3):
        await store.submit(jobs.submitted())

    clock.forward(config.resend_after.total_seconds() + 1)

    assert await store.resend() == 0


async def test_a_message_that_a_newer_one_overtook_is_sent_again(
    store: JobStore, clock: FakeClock, config: Settings
) -> None:
    await store.submit(jobs.submitted())
    newer = await store.submit(jobs.submitted())
    await claim(store, newer)

    clock.forward(config.resend_after.total_seconds() + 1)

    assert await store.resend() == 1


async def test_a_delayed_step_is_sent_when_it_is_due(store: JobStore, clock: FakeClock) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    await drain(store)
    clock.now = jobs.at(5).timestamp()
    event = StepRedelivered(
        job_id=claimed.job.id,
        at=jobs.at(5),
        fence=claimed.fence,
        failure=jobs.failure(FailureKind.THROTTLED, "SLOW_DOWN"),
        after=timedelta(seconds=30),
    )

    await store.append(event)

    clock.forward(29)
    assert await store.resend() == 0
    clock.forward(2)
    assert await store.resend() == 1


async def test_overdue_jobs_are_found_until_they_end(store: JobStore, clock: FakeClock) -> None:
    job = await store.submit(jobs.submitted())
    assert await store.overdue() == []

    clock.now = job.deadline.timestamp() + 1
    assert await store.overdue() == [job.id]

    await store.append(jobs.cancelled(job))
    assert await store.overdue() == []


async def test_the_same_key_and_body_is_the_same_job(store: JobStore) -> None:
    first = await store.submit(jobs.submitted(), idempotency=("k", "body"))
    again = await store.submit(jobs.submitted(), idempotency=("k", "body"))

    assert again.id == first.id
    assert len((await store.list()).jobs) == 1
    with pytest.raises(IdempotencyConflict):
        await store.submit(jobs.submitted(), idempotency=("k", "other body"))


async def test_pages_are_newest_first_and_complete(store: JobStore) -> None:
    ids = [(await store.submit(jobs.submitted(jobs.job_id(n)))).id for n in range(7)]

    seen: list[str] = []
    token = None
    while True:
        page = await store.list(page_size=3, page_token=token)
        seen += [j.id for j in page.jobs]
        token = page.next_token
        if token is None:
            break

    assert seen == ids[::-1]


async def test_the_list_filters_by_state(store: JobStore) -> None:
    waiting = await store.submit(jobs.submitted())
    ended = await store.submit(jobs.submitted())
    await store.append(jobs.cancelled(ended))

    assert [j.id for j in (await store.list(state=JobState.QUEUED)).jobs] == [waiting.id]
    assert [j.id for j in (await store.list(state=JobState.CANCELLED)).jobs] == [ended.id]


@pytest.mark.parametrize("token", ["x", "!!!", "am9iXw", "é"])
async def test_a_foreign_page_token_is_refused(store: JobStore, token: str) -> None:
    with pytest.raises(BadPageToken):
        await store.list(page_token=token)


async def test_waiting_ends_with_the_next_version_or_the_time(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())

    assert (await store.wait(job.id, job.version, SHORT)).version == job.version
    waiting = asyncio.create_task(store.wait(job.id, job.version, timedelta(seconds=5)))
    await asyncio.sleep(0.02)
    await claim(store, job)
    assert (await asyncio.wait_for(waiting, 2)).version == job.version + 1


async def test_the_stream_replays_resumes_and_ends(store: JobStore, clock: FakeClock) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    await store.log(claimed.job.id, [LogLine("first line"), LogLine("second line")])
    await store.append(jobs.cancelled(claimed.job))

    items = [i async for i in store.stream(claimed.job.id, follow=True) if i is not None]

    said = [i.event.type if i.event else i.log.text for i in items if i.event or i.log]
    assert sorted(map(str, said)) == sorted(
        ["job.submitted", "step.claimed", "first line", "second line", "job.finished"]
    )
    for n, item in enumerate(items):
        rest = [i.id async for i in store.stream(claimed.job.id, item.id) if i is not None]
        assert rest == [i.id for i in items[n + 1 :]]


async def test_a_follower_sees_what_comes_later(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())

    async def follow() -> list[str]:
        stream = store.stream(job.id, follow=True)
        return [str(i.event.type) async for i in stream if i is not None and i.event]

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.05)
    claimed = await claim(store, job)
    await store.append(jobs.cancelled(claimed.job))

    assert await asyncio.wait_for(following, 5) == ["job.submitted", "step.claimed", "job.finished"]


async def test_a_line_keeps_who_wrote_it(store: JobStore) -> None:
    job = await store.submit(jobs.submitted())
    lines = [LogLine("out", LogStream.STDOUT), LogLine("err", LogStream.STDERR), LogLine("own")]

    await store.log(job.id, lines)

    assert [i.log async for i in store.stream(job.id) if i is not None and i.log] == lines
    assert lines[2].stream is LogStream.SYSTEM


@pytest.mark.redis
async def test_a_line_of_an_older_version_is_read(redis_config: Settings) -> None:
    from arclight.runtime.store.redis import RedisStore

    store = RedisStore.from_settings(redis_config)
    job = await store.submit(jobs.submitted())
    await store._redis.xadd(store._key("job", job.id, "log"), {"line": "from before"})
    await store._redis.xadd(store._key("job", job.id, "log"), {"line": "new", "stream": "later"})

    found = [i.log async for i in store.stream(job.id) if i is not None and i.log]

    assert found == [LogLine("from before"), LogLine("new")]
    await store.close()


async def test_progress_is_the_newest_and_no_event(store: JobStore) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    assert await store.latest(claimed.job.id) is None

    for done in range(50):
        await store.progress(claimed, Progress(phase="running", tasks=50, tasks_done=done))

    assert await store.latest(claimed.job.id) == Progress(phase="running", tasks=50, tasks_done=49)
    items = [i async for i in store.stream(claimed.job.id) if i is not None]
    assert [str(i.event.type) for i in items if i.event] == ["job.submitted", "step.claimed"]
    assert len(items) == 2
    assert await store.get(claimed.job.id) == claimed.job


async def test_progress_ends_with_its_step_and_an_old_claim_tells_none(store: JobStore) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    await store.progress(claimed, Progress(tasks=1))
    await store.append(jobs.generated(claimed.job))

    assert await store.latest(claimed.job.id) is None
    await store.progress(claimed, Progress(tasks=2))
    assert await store.latest(claimed.job.id) is None


async def test_a_follower_gets_the_newest_progress_then_live_and_none_afterwards(
    store: JobStore,
) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    for done in (1, 2):
        await store.progress(claimed, Progress(tasks=9, tasks_done=done))
    stream = store.stream(claimed.job.id, follow=True)

    async def next_progress() -> int | None:
        async for item in stream:
            if item is not None and item.progress:
                return item.progress.tasks_done
        return None

    assert await next_progress() == 2
    waiting = asyncio.create_task(next_progress())
    await asyncio.sleep(0.05)
    await store.progress(claimed, Progress(tasks=9, tasks_done=7))
    assert await asyncio.wait_for(waiting, 5) == 7
    await store.append(jobs.cancelled(claimed.job))
    assert await asyncio.wait_for(next_progress(), 5) is None

    late = [i async for i in store.stream(claimed.job.id, follow=True) if i and i.progress]
    assert late == []


async def test_progress_moves_no_reader(store: JobStore) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    await store.log(claimed.job.id, [LogLine("a line")])
    await store.progress(claimed, Progress(tasks=9))
    stream = store.stream(claimed.job.id, follow=True)

    ids = [item.id async for item in _first(stream, 4)]

    assert ids[3] == ids[2]
    rest = [i async for i in store.stream(claimed.job.id, ids[3]) if i is not None]
    assert rest == []


async def _first(
    stream: AsyncIterator[StreamItem | None], number: int
) -> AsyncIterator[StreamItem]:
    left = number
    async for item in stream:
        if item is not None:
            yield item
            left -= 1
        if not left:
            return


async def test_the_record_is_the_fold_of_its_stream(store: JobStore) -> None:
    claimed = await claim(store, await store.submit(jobs.submitted()))
    job = await store.append(jobs.generated(claimed.job))
    claimed = await claim(store, job)
    await store.append(jobs.rejected(claimed.job))

    events = [i.event async for i in store.stream(job.id) if i is not None and i.event]

    assert fold(events) == await store.get(job.id)


async def drain(store: JobStore) -> None:
    """What a cut connection does: the messages leave the queues and reach nobody."""
    if hasattr(store, "queues"):
        for queue in store.queues.values():
            queue.clear()
    else:
        from arclight.contracts.names import Queue

        await store._redis.delete(*(store._key(q) for q in Queue))


async def test_the_newest_job_of_a_session_is_found(store: JobStore) -> None:
    assert await store.newest("s1") is None
    await store.submit(jobs.submitted(), session="s1")
    second = await store.submit(jobs.submitted(), session="s1", idempotency=("key", "body"))
    await store.submit(jobs.submitted())
    await store.submit(jobs.submitted(), session="s2")

    repeated = await store.submit(jobs.submitted(), session="s1", idempotency=("key", "body"))

    assert repeated.id == second.id
    assert await store.newest("s1") == second.id


async def awaiting(store: JobStore) -> Job:
    """A job whose program waits for a person."""
    claimed = await claim(store, await store.submit(jobs.submitted(mode=Mode.REVIEW)))
    claimed = await claim(store, await store.append(jobs.generated(claimed.job)))
    return await store.append(jobs.approval_requested(claimed.job))


async def test_an_approval_moves_the_deadline_out_and_back(
    store: JobStore, clock: FakeClock
) -> None:
    job = await awaiting(store)

    clock.now = jobs.at(3600).timestamp()
    assert await store.overdue() == []
    approved = jobs.approved(job).model_copy(update={"at": jobs.at(3600)})
    job = await store.append(approved)

    assert await store.overdue() == []
    clock.now = job.deadline.timestamp() + 1
    assert clock.now < jobs.at(3600 + 900 + 2).timestamp()
    assert await store.overdue() == [job.id]


async def test_jobs_that_wait_for_a_person_are_listed_and_wake_nobody(
    store: JobStore, clock: FakeClock
) -> None:
    job = await awaiting(store)
    await drain(store)
    waiting = JobState.AWAITING_APPROVAL

    assert [j.id for j in (await store.list(state=waiting)).jobs] == [job.id]
    clock.forward(3600)
    assert await store.resend() == 0
    assert await store.expired() == []

    await store.append(jobs.edited(job))
    await drain(store)
    assert (await store.list(state=waiting)).jobs == []
    clock.forward(3600)
    assert await store.resend() == 1


async def test_an_index_forgets_what_has_expired_and_nothing_else(
    store: JobStore, clock: FakeClock
) -> None:
    # Given a job that ended at once, and one that waited for an approval for 29 days
    clock.now = jobs.START
    short = await store.submit(jobs.submitted(id_at(jobs.START)))
    await store.append(jobs.cancelled(short))
    long = await store.submit(jobs.submitted(id_at(jobs.START + 1)))
    waited = 29 * 86_400
    late = jobs.cancelled(long).model_copy(update={"at": jobs.at(waited)})
    live = await store.submit(jobs.submitted(id_at(jobs.START + 2)))

    # When the first one's 30 days are over
    clock.forward(waited)
    await store.append(late)
    await expire(store, short.id)
    clock.now = jobs.at(40 * 86_400).timestamp()
    await store.trim()

    # Then it alone is forgotten
    assert [j.id for j in (await store.list()).jobs] == [live.id, long.id]
    assert [j.id for j in (await store.list(state=JobState.CANCELLED)).jobs] == [long.id]
    assert not await indexed(store, short.id)


def id_at(moment: float) -> str:
    return f"job_{int(moment * 1000):012x}{0:016x}"


async def expire(store: JobStore, job_id: str) -> None:
    """What the server does when the time of a key is over, which no fake clock moves."""
    if not hasattr(store, "queues"):
        await store._redis.delete(store._key("job", job_id))


async def indexed(store: JobStore, job_id: str) -> bool:
    if hasattr(store, "queues"):
        return job_id in store._stored
    keys = (store._key("jobs"), store._key("jobs", JobState.CANCELLED))
    return any([await store._redis.zscore(key, job_id) is not None for key in keys])
