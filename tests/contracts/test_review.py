"""Mode `review` in the state machine: the wait, the three words, and who pays for them."""

from datetime import timedelta

import pytest

from arclight.contracts.apply import apply, message_of
from arclight.contracts.budget import Budget
from arclight.contracts.failure import FailureKind, IllegalTransition, Payer
from arclight.contracts.job import USER, Job
from arclight.contracts.names import EventType, JobState, Mode, Step, Verdict
from arclight.contracts.outcome import after_failure, deadline_passed, spent, stopped
from arclight.contracts.review import NoFurtherProgram
from tests import jobs
from tests.contracts.test_apply import claimed

DAY = timedelta(days=1)


def validating(**request: object) -> Job:
    job = claimed(apply(None, jobs.submitted(mode=Mode.REVIEW, **request)))
    return claimed(apply(job, jobs.generated(job)))


def awaiting(**request: object) -> Job:
    job = validating(**request)
    return apply(job, jobs.approval_requested(job))


def test_a_checked_program_waits_and_the_clock_stands_still() -> None:
    job = awaiting()

    assert (job.state, job.pending, job.lease) == (JobState.AWAITING_APPROVAL, None, None)
    assert message_of(job) is None
    assert job.time_left == timedelta(minutes=15) - timedelta(seconds=1)
    assert job.deadline == jobs.at(1) + 7 * DAY
    assert job.attempts[0].explanation == ("It counts the rows.",)
    assert job.attempts[0].runs[-1].outcome == "done"


def test_an_approved_program_runs_with_the_time_that_was_left() -> None:
    job = awaiting()

    after = apply(job, jobs.approved(job, "fine"))

    assert (after.state, message_of(after).event) == (JobState.RUNNING, EventType.CODE_VALIDATED)
    assert (after.deadline, after.time_left) == (jobs.at(60) + job.time_left, None)
    review = after.attempts[0].review
    assert (review.verdict, review.by, review.comment) == (Verdict.APPROVED, "ann", "fine")
    assert after.attempts[0].runs[1] == job.attempts[0].runs[1]


def test_an_approved_program_is_rehearsed_first_where_that_was_asked() -> None:
    job = awaiting(rehearse=True)

    job = apply(job, jobs.approved(job))
    assert (message_of(job).event, message_of(job).step) == (
        EventType.REHEARSAL_DUE,
        Step.REHEARSAL,
    )
    job = claimed(job)
    job = apply(job, jobs.rehearsed(job))
    assert (job.state, message_of(job).step) == (JobState.RUNNING, Step.EXECUTION)


def test_nothing_but_a_rehearsal_ends_a_rehearsal() -> None:
    job = awaiting(rehearse=True)
    rehearsing = claimed(apply(job, jobs.approved(job)))
    executing = claimed(apply(rehearsing, jobs.rehearsed(rehearsing)))

    with pytest.raises(IllegalTransition):
        apply(rehearsing, jobs.succeeded(rehearsing))
    with pytest.raises(IllegalTransition):
        apply(executing, jobs.rehearsed(executing))


def test_an_edited_program_is_checked_as_an_attempt_that_costs_nothing() -> None:
    job = awaiting(budget=Budget(max_attempts=1))

    job = apply(job, jobs.edited(job))

    assert (job.state, message_of(job).step) == (JobState.VALIDATING, Step.VALIDATION)
    newest = job.attempts[-1]
    assert (newest.number, newest.generator, newest.reason) == (2, USER, "edited by ann")
    assert newest.edited
    assert newest.approved
    assert spent(job).attempts == 1

    job = claimed(job)
    assert apply(job, jobs.validated(job)).state is JobState.RUNNING


def test_an_edited_program_with_errors_waits_again() -> None:
    job = awaiting()
    job = claimed(apply(job, jobs.edited(job)))

    job = apply(job, jobs.approval_requested(job, (jobs.error(),)))

    assert job.state is JobState.AWAITING_APPROVAL
    assert [f.code for f in job.attempts[-1].findings] == ["SEC002"]
    job = apply(job, jobs.edited(job, 10))
    assert [a.edited for a in job.attempts] == [False, True, True]


def test_a_declined_program_goes_to_codegen_with_the_comment() -> None:
    job = awaiting()

    after = apply(job, jobs.declined(job, "use the median"))

    assert (after.state, message_of(after).event) == (
        JobState.GENERATING,
        EventType.PROGRAM_DECLINED,
    )
    failure = after.attempts[0].failure
    assert (failure.kind, failure.code) == (FailureKind.REJECTED, "REVIEW_DECLINED")
    assert failure.message == "use the median"
    assert after.attempts[0].runs[-1] == job.attempts[0].runs[-1]
    review = after.attempts[0].review
    assert (review.verdict, review.payer) == (Verdict.DECLINED, Payer.BUDGET)
    assert review.then == "A changed program may help: 4 of 5 attempts are left."


def test_a_declined_edit_is_still_no_attempt_of_the_budget() -> None:
    job = awaiting()
    job = claimed(apply(job, jobs.edited(job)))
    job = apply(job, jobs.approval_requested(job, (jobs.error(),)))

    job = apply(job, jobs.declined(job))

    assert spent(job).attempts == 2
    assert [r.verdict for r in job.attempts[1].reviews] == [Verdict.EDITED, Verdict.DECLINED]
    assert not job.attempts[1].approved


def again(job: Job) -> Job:
    """The job as it waits once more, with another program."""
    job = claimed(job)
    job = claimed(apply(job, jobs.generated(job, 2)))
    return apply(job, jobs.approval_requested(job))


@pytest.mark.parametrize(
    ("request_", "comments", "why"),
    [
        ({"budget": Budget(max_attempts=1)}, [], "All 1 attempts are used."),
        ({}, ["use the median"], "An earlier program was declined with the same comment."),
    ],
)
def test_a_decline_that_leads_nowhere_is_refused(
    request_: dict[str, object], comments: list[str], why: str
) -> None:
    job = awaiting(**request_)
    for comment in comments:
        job = again(apply(job, jobs.declined(job, comment)))

    with pytest.raises(NoFurtherProgram) as refused:
        jobs.declined(job, "use the median")

    assert str(refused.value) == why


def test_a_brought_program_is_declined_only_where_it_may_be_changed() -> None:
    fixed = claimed(apply(None, jobs.program_submitted(prompt="", mode=Mode.REVIEW)))
    fixed = apply(fixed, jobs.approval_requested(fixed))
    free = claimed(apply(None, jobs.program_submitted(prompt="", mode=Mode.REVIEW, repair=True)))
    free = apply(free, jobs.approval_requested(free))

    with pytest.raises(NoFurtherProgram, match="without `repair`"):
        jobs.declined(fixed)
    assert apply(free, jobs.declined(free)).state is JobState.GENERATING


@pytest.mark.parametrize("say", [jobs.approved, jobs.edited, jobs.declined])
def test_a_word_on_a_program_that_is_not_the_newest_is_refused(say: object) -> None:
    first = awaiting()
    word = say(first)  # type: ignore[operator]
    second = again(apply(first, jobs.declined(first, "something else")))

    with pytest.raises(IllegalTransition, match="attempt 1 is no longer the newest"):
        apply(second, word)


@pytest.mark.parametrize("say", [jobs.approved, jobs.edited, jobs.declined])
def test_a_job_that_does_not_wait_takes_no_word(say: object) -> None:
    job = validating()

    with pytest.raises(IllegalTransition):
        apply(job, say(job))  # type: ignore[operator]


def test_a_program_that_failed_after_its_approval_is_repaired_and_waits_again() -> None:
    job = awaiting()
    job = claimed(apply(job, jobs.approved(job)))
    job = apply(job, after_failure(job, jobs.failure(), fence=job.fence, at=jobs.at(70)))

    assert not job.attempts[-1].approved
    assert again(job).state is JobState.AWAITING_APPROVAL


def test_nobody_approving_in_time_is_said_and_a_cancel_is_one() -> None:
    job = awaiting()

    overdue = stopped(job, deadline_passed(job), at=job.deadline)
    ended = apply(job, overdue)

    assert (ended.state, ended.error.code) == (JobState.FAILED, "APPROVAL_OVERDUE")
    assert "within 7 days" in ended.error.message
    assert (overdue.payer, overdue.why) == (Payer.REQUEST, "The job's time is up.")
    assert apply(job, jobs.cancelled(job)).state is JobState.CANCELLED


def test_the_time_limit_that_a_failure_names_is_without_the_wait() -> None:
    job = awaiting()
    job = apply(job, jobs.approved(job).model_copy(update={"at": jobs.at() + 3 * DAY}))

    assert "within 900 s; it was running" in deadline_passed(job).message
