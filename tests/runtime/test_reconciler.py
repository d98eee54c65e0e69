"""The reconciler, over both stores: silence, lost messages, deadlines."""

from arclight.contracts.failure import FailureKind, Payer
from arclight.contracts.job import utc
from arclight.contracts.names import JobState, Mode
from arclight.runtime.reconciler import Reconciler
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import JobStore
from tests import jobs
from tests.conftest import FakeClock


def reconciler(store: JobStore, config: Settings, clock: FakeClock) -> Reconciler:
    return Reconciler(store, config, now=lambda: utc(clock()), monotonic=clock)


async def test_a_silent_step_starts_again_and_the_third_time_is_a_crash(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    job = await store.submit(jobs.submitted())
    mend = reconciler(store, config, clock)

    for loss in (1, 2, 3):
        job = await store.get(job.id)
        assert await store.claim(jobs.message(job), "w1") is not None
        clock.forward(config.lease.total_seconds() + 1)
        await mend.tick()
        job = await store.get(job.id)
        assert job.lease is None
        if loss < 3:
            assert (job.losses, job.pending.run) == (loss, loss + 1)

    assert (job.state, job.error.kind) == (JobState.FAILED, FailureKind.CRASHED)


async def test_a_reconciler_that_just_started_lets_the_living_renew_their_lease(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    """Given a lease that ran out while the store was away, its worker is not judged lost."""
    job = await store.submit(jobs.submitted())
    claim = await store.claim(jobs.message(job), "w1")
    assert claim is not None
    clock.forward(config.lease.total_seconds() + 1)
    mend = reconciler(store, config, clock)

    await mend.tick()
    assert await store.beat(claim)
    clock.forward(config.heartbeat.total_seconds() + 1)
    await mend.tick()

    assert (await store.get(job.id)).losses == 0


async def test_two_reconcilers_take_over_once(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    job = await store.submit(jobs.submitted())
    await store.claim(jobs.message(job), "w1")
    first, second = (reconciler(store, config, clock) for _ in range(2))
    clock.forward(config.lease.total_seconds() + 1)

    await first.tick()
    await second.tick()

    assert (await store.get(job.id)).losses == 1


async def test_a_job_past_its_deadline_fails_with_timeout(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    job = await store.submit(jobs.submitted())
    clock.now = job.deadline.timestamp() + 1

    await reconciler(store, config, clock).tick()

    after = await store.get(job.id)
    assert (after.state, after.error.kind) == (JobState.FAILED, FailureKind.TIMEOUT)
    assert "900 s" in after.error.message


async def test_a_live_lease_is_left_alone(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    job = await store.submit(jobs.submitted())
    claimed = await store.claim(jobs.message(job), "w1")

    await reconciler(store, config, clock).tick()

    assert (await store.get(job.id)).lease.fence == claimed.fence


async def test_an_approval_that_nobody_gives_ends_the_job_when_its_wait_is_over(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    # Given a job of 15 minutes whose program waits for a person
    job = await store.submit(jobs.submitted(mode=Mode.REVIEW))
    for make in (jobs.generated, jobs.approval_requested):
        claim = await store.claim(jobs.message(job), "w1")
        assert claim is not None
        job = await store.append(make(claim.job))
    mend = reconciler(store, config, clock)

    # When six days pass, nothing happens; after seven it is over
    clock.forward(6 * 86_400)
    await mend.tick()
    assert (await store.get(job.id)).state is JobState.AWAITING_APPROVAL
    clock.forward(86_401)
    await mend.tick()

    after = await store.get(job.id)
    assert (after.state, after.error.code) == (JobState.FAILED, "APPROVAL_OVERDUE")
    assert after.error.kind is FailureKind.TIMEOUT
    assert after.attempts[0].runs == job.attempts[0].runs


async def test_an_end_from_outside_says_on_the_open_run_who_pays(
    store: JobStore, config: Settings, clock: FakeClock
) -> None:
    job = await store.submit(jobs.submitted())
    clock.now = job.deadline.timestamp() + 1

    await reconciler(store, config, clock).tick()

    run = (await store.get(job.id)).attempts[0].runs[0]
    assert (run.payer, run.then) == (Payer.REQUEST, "The job's time is up.")
