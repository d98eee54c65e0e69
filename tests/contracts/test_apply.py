"""The state machine: the whole way, the ways back, and what is refused."""

import pytest

from arclight.contracts.apply import apply, fold, message_of
from arclight.contracts.events import Event, JobFinished, StepClaimed, StepRedelivered
from arclight.contracts.failure import FailureKind, Fenced, IllegalTransition
from arclight.contracts.job import Job
from arclight.contracts.names import EventType, Framework, JobState, Step
from tests import jobs


def claim(job: Job, worker: str = "w1") -> StepClaimed:
    assert job.pending is not None
    return StepClaimed(
        job_id=job.id,
        at=jobs.at(1),
        attempt=job.pending.attempt,
        step=job.pending.step,
        run=job.pending.run,
        fence=job.fence + 1,
        worker=worker,
    )


def claimed(job: Job) -> Job:
    return apply(job, claim(job))


def running() -> Job:
    job = claimed(apply(None, jobs.submitted()))
    job = claimed(apply(job, jobs.generated(job)))
    return claimed(apply(job, jobs.validated(job)))


def test_the_straight_way() -> None:
    job = apply(None, jobs.submitted())
    assert (job.state, message_of(job).event) == (JobState.QUEUED, EventType.JOB_SUBMITTED)

    job = claimed(job)
    assert (job.state, message_of(job)) == (JobState.GENERATING, None)

    job = apply(job, jobs.generated(job))
    assert (job.state, message_of(job).step) == (JobState.VALIDATING, Step.VALIDATION)

    job = claimed(job)
    job = apply(job, jobs.validated(job))
    assert (job.state, job.framework) == (JobState.RUNNING, Framework.SPARK)

    job = claimed(job)
    job = apply(job, jobs.succeeded(job))
    assert (job.state, job.version, message_of(job)) == (JobState.SUCCEEDED, 7, None)
    assert [r.outcome for r in job.attempts[0].runs] == ["done", "done", "done"]


def test_a_failed_run_re_enters_codegen_as_the_next_attempt() -> None:
    job = running()

    job = apply(job, jobs.execution_failed(job))

    assert (job.state, message_of(job).step) == (JobState.GENERATING, Step.CODEGEN)
    assert [a.number for a in job.attempts] == [1, 2]
    assert job.attempts[0].failure is not None
    assert job.attempts[1].reason == "repair after BROKEN"


def test_a_brought_program_begins_with_the_validator() -> None:
    job = apply(None, jobs.program_submitted())

    assert message_of(job).event is EventType.PROGRAM_SUBMITTED
    assert claimed(job).state is JobState.VALIDATING
    assert job.attempts[0].generator == "user"


def test_a_redelivery_is_a_new_run_of_the_same_event() -> None:
    job = running()
    lost = jobs.failure(FailureKind.INFRASTRUCTURE, "WORKER_LOST")

    job = apply(job, StepRedelivered(job_id=job.id, at=jobs.at(9), fence=job.fence, failure=lost))

    assert (message_of(job).event, message_of(job).run) == (EventType.CODE_VALIDATED, 2)
    assert (job.losses, job.lease, len(job.attempts)) == (1, None, 1)
    assert [r.outcome for r in job.attempts[0].runs] == ["done", "done", "WORKER_LOST", None]


def test_an_outdated_consumer_is_fenced() -> None:
    stale = running()
    lost = jobs.failure(FailureKind.INFRASTRUCTURE, "WORKER_LOST")
    job = apply(
        stale, StepRedelivered(job_id=stale.id, at=jobs.at(9), fence=stale.fence, failure=lost)
    )
    job = claimed(job)

    with pytest.raises(Fenced):
        apply(job, jobs.succeeded(stale))


def test_the_same_message_cannot_be_claimed_twice() -> None:
    job = apply(None, jobs.submitted())
    first = claim(job)
    job = apply(job, first)

    with pytest.raises(Fenced):
        apply(job, first.model_copy(update={"fence": 2, "worker": "w2"}))


@pytest.mark.parametrize("make", [jobs.generated, jobs.validated, jobs.execution_failed])
def test_an_ended_job_takes_no_step(make: object) -> None:
    job = running()
    ended = apply(job, jobs.cancelled(job))

    with pytest.raises(IllegalTransition):
        apply(ended, make(job))  # type: ignore[operator]


def test_cancel_is_legal_from_every_live_state_and_only_once() -> None:
    job = apply(None, jobs.submitted())
    for state in (job, claimed(job), running()):
        ended = apply(state, jobs.cancelled(state))
        assert (ended.state, ended.lease, message_of(ended)) == (JobState.CANCELLED, None, None)
        with pytest.raises(IllegalTransition):
            apply(ended, jobs.cancelled(ended))


def test_a_callback_url_makes_the_end_wake_the_notifier() -> None:
    job = apply(None, jobs.submitted(callback_url="https://example.com/hook"))

    job = apply(job, jobs.cancelled(job))

    assert message_of(job).step is Step.NOTIFICATION


def test_the_last_failure_is_on_the_attempt_too() -> None:
    job = running()
    error = jobs.failure()
    end = JobFinished(**jobs.stamp(job), state=JobState.FAILED, error=error)

    job = apply(job, end)

    assert job.error == job.attempts[-1].failure == error


def test_the_record_is_the_fold_of_its_events() -> None:
    events: list[Event] = [jobs.submitted()]
    job = apply(None, events[0])
    for make in (claim, jobs.generated, claim, jobs.rejected, claim, jobs.generated):
        events.append(make(job))
        job = apply(job, events[-1])

    assert fold(events) == job
    assert Job.model_validate_json(job.model_dump_json()) == job
