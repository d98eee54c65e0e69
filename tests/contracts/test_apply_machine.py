"""Any order of legal and illegal events keeps what `apply` promises, over one job at a time."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from arclight.contracts.apply import apply, fold, message_of
from arclight.contracts.budget import Budget
from arclight.contracts.events import EVENT, Event, StepClaimed
from arclight.contracts.failure import FailureKind, Fenced, IllegalTransition
from arclight.contracts.job import Job, Run
from arclight.contracts.names import JobState, Mode, Step
from arclight.contracts.outcome import after_failure, deadline_passed, stopped
from arclight.contracts.review import NoFurtherProgram
from tests import jobs

REVIEW = timedelta(days=3)
KINDS = st.sampled_from(FailureKind)
SAY = {"approve": jobs.approved, "edit": jobs.edited, "decline": jobs.declined}
ANY: dict[str, Any] = {
    **SAY,
    "generated": jobs.generated,
    "validated": jobs.validated,
    "rejected": jobs.rejected,
    "asked": jobs.approval_requested,
    "rehearsed": jobs.rehearsed,
    "failed": jobs.execution_failed,
    "succeeded": jobs.succeeded,
}


class ApplyMachine(RuleBasedStateMachine):
    """Time goes on between events, so that what is measured can be told apart."""

    job: Job

    @initialize(
        mode=st.sampled_from(Mode),
        rehearse=st.booleans(),
        brought=st.booleans(),
        attempts=st.integers(1, 4),
    )
    def submit(self, mode: Mode, rehearse: bool, brought: bool, attempts: int) -> None:
        self.events: list[Event] = []
        self.now = jobs.at()
        self.ended_runs: list[tuple[int, Run]] = []
        make = jobs.program_submitted if brought else jobs.submitted
        budget = Budget(max_attempts=attempts, wall=timedelta(hours=1), review=REVIEW)
        event = make(mode=mode, rehearse=rehearse, budget=budget)
        self.events.append(event)
        self.job = apply(None, event)

    @rule(seconds=st.integers(1, 900))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.job.waiting and not self.job.state.terminal)
    @rule()
    def claim(self) -> None:
        pending = self.job.pending
        assert pending is not None
        self.put(
            StepClaimed(
                job_id=self.job.id,
                at=self.now,
                attempt=pending.attempt,
                step=pending.step,
                run=pending.run,
                fence=self.job.fence + 1,
                worker="w1",
            )
        )

    @precondition(lambda self: self.job.lease is not None)
    @rule(clean=st.booleans())
    def finish(self, clean: bool) -> None:
        self.put(self.done(clean))

    def done(self, clean: bool) -> Event:
        """What the holder of the pending step commits."""
        assert self.job.pending is not None
        attempt = self.job.attempts[-1]
        match self.job.pending.step:
            case Step.CODEGEN:
                return jobs.generated(self.job, len(self.events))
            case Step.VALIDATION if self.job.request.mode is not Mode.REVIEW:
                return jobs.validated(self.job)
            case Step.VALIDATION if attempt.edited and not clean:
                return jobs.approval_requested(self.job, (jobs.error(),))
            case Step.VALIDATION if attempt.approved:
                return jobs.validated(self.job)
            case Step.VALIDATION:
                return jobs.approval_requested(self.job)
            case Step.REHEARSAL:
                return jobs.rehearsed(self.job)
            case _:
                return jobs.succeeded(self.job)

    @precondition(lambda self: self.job.lease is not None)
    @rule(kind=KINDS, n=st.integers(0, 9))
    def fail(self, kind: FailureKind, n: int) -> None:
        said = jobs.failure(kind, details={"n": n})
        self.put(after_failure(self.job, said, fence=self.job.fence, at=self.now))

    @precondition(lambda self: self.job.state is JobState.AWAITING_APPROVAL)
    @rule(word=st.sampled_from(sorted(SAY)), n=st.integers(0, 9))
    def review(self, word: str, n: int) -> None:
        left = self.job.time_left
        try:
            event = jobs.declined(self.job, f"no {n}") if word == "decline" else SAY[word](self.job)
        except NoFurtherProgram:
            return
        self.put(event)
        assert left is not None
        assert self.job.deadline - self.job.updated_at == left

    @rule(name=st.sampled_from(sorted(ANY)), outdated=st.booleans())
    def anything(self, name: str, outdated: bool) -> None:
        """A holder that is outdated, and a reviewer of an older program, write nothing; neither
        does anybody else whom the state does not expect."""
        try:
            event = ANY[name](self.job)
        except NoFurtherProgram:
            return
        field = "attempt" if name in SAY else "fence"
        if outdated:
            event = event.model_copy(update={field: getattr(event, field) - 1})
        before = self.job
        expected = self.job.state is JobState.AWAITING_APPROVAL if name in SAY else self.job.lease
        if outdated or not expected:
            with pytest.raises((IllegalTransition, Fenced)):
                apply(before, event)
        assert before is self.job

    @rule()
    def cancel(self) -> None:
        if self.job.state.terminal:
            with pytest.raises(IllegalTransition):
                apply(self.job, jobs.cancelled(self.job))
        else:
            said = jobs.failure(FailureKind.CANCELLED, "CANCELLED")
            self.put(stopped(self.job, said, at=self.now))

    @precondition(lambda self: not self.job.state.terminal and self.now >= self.job.deadline)
    @rule()
    def be_overdue(self) -> None:
        self.put(stopped(self.job, deadline_passed(self.job), at=self.now))

    def put(self, event: Event) -> None:
        event = event.model_copy(update={"at": self.now})
        self.job = apply(self.job, event)
        self.events.append(event)

    @invariant()
    def the_record_is_the_fold_of_its_events_as_they_are_written(self) -> None:
        written = [e.model_dump_json() for e in self.events]
        assert fold(map(EVENT.validate_json, written)) == self.job
        assert Job.model_validate_json(self.job.model_dump_json()) == self.job
        assert self.job.version == len(self.events)

    @invariant()
    def somebody_is_responsible_for_a_live_job(self) -> None:
        job = self.job
        if not job.state.terminal:
            person = job.state is JobState.AWAITING_APPROVAL
            assert [message_of(job) is not None, job.lease is not None, person].count(True) == 1
            assert (job.pending is None) == person

    @invariant()
    def the_clock_stands_still_while_a_person_is_waited_for(self) -> None:
        waits = self.job.state is JobState.AWAITING_APPROVAL
        assert (self.job.time_left is not None) == waits
        if waits:
            assert self.job.deadline == self.job.updated_at + REVIEW
        elif not self.job.state.terminal:
            assert self.job.deadline <= self.job.updated_at + timedelta(hours=1)

    @invariant()
    def only_generated_and_brought_programs_use_attempts_up(self) -> None:
        paid = [a for a in self.job.attempts if not a.edited]
        assert len(paid) <= self.job.request.budget.max_attempts
        assert [a.number for a in self.job.attempts] == [*range(1, len(self.job.attempts) + 1)]

    @invariant()
    def what_has_ended_never_changes(self) -> None:
        runs = [r for a in self.job.attempts for r in a.runs]
        ended = [(i, r) for i, r in enumerate(runs) if r.ended_at is not None]
        assert ended[: len(self.ended_runs)] == self.ended_runs
        self.ended_runs = ended

    @invariant()
    def every_failure_says_who_paid_and_why_it_went_on(self) -> None:
        for attempt in self.job.attempts:
            for run in attempt.runs:
                bad = run.outcome not in (None, "done")
                assert (run.payer is not None) == (bool(run.then)) == bad
            if review := attempt.review:
                assert (review.payer is not None) == (review.verdict == "declined")


def test_apply_keeps_its_promises() -> None:
    case = ApplyMachine.TestCase
    case.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
    case().runTest()
