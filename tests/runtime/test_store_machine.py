"""Any order of submits, claims, losses, reviews, ends and clock steps keeps the promises of the
store."""

import asyncio
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from arclight.contracts.apply import fold, message_of
from arclight.contracts.events import StepRedelivered
from arclight.contracts.failure import FailureKind, Fenced, IllegalTransition
from arclight.contracts.job import Job, utc
from arclight.contracts.names import JobState, Mode, Step
from arclight.contracts.outcome import after_failure, deadline_passed, stopped
from arclight.contracts.review import NoFurtherProgram
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.store.port import Claim, JobStore
from arclight.runtime.store.redis import RedisStore
from tests import jobs
from tests.conftest import FakeClock

DAY = 86_400


def checked(job: Job) -> Any:
    """What the validator says of a program that passes."""
    waits = job.request.mode is Mode.REVIEW and not job.attempts[-1].approved
    return jobs.approval_requested(job) if waits else jobs.validated(job)


MAKE: dict[Step, Any] = {
    Step.CODEGEN: jobs.generated,
    Step.VALIDATION: checked,
    Step.REHEARSAL: jobs.rehearsed,
    Step.EXECUTION: jobs.succeeded,
}
SAY: dict[str, Any] = {
    "approve": jobs.approved,
    "edit": jobs.edited,
    "decline": jobs.declined,
}


class StoreMachine(RuleBasedStateMachine):
    """Every claim that was ever given out stays in play, so old ones try to write too."""

    submitted = Bundle("submitted")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.store = self.make_store()
        self.ids: list[str] = []
        self.fences: dict[str, int] = {}
        self.ended: dict[str, Any] = {}

    def make_store(self) -> JobStore:
        return MemoryStore(Settings(), self.clock)

    def run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()

    @rule(target=submitted, mode=st.sampled_from(Mode), rehearse=st.booleans())
    def submit(self, mode: Mode, rehearse: bool) -> str:
        event = jobs.submitted(mode=mode, rehearse=rehearse)
        job = self.run(self.store.submit(event))
        self.ids.append(job.id)
        return job.id

    @rule(target=claims, job_id=submitted, stale=st.booleans())
    def claim(self, job_id: str, stale: bool) -> Claim | None:
        job = self.run(self.store.get(job_id))
        if job.pending is None:
            return None
        message = jobs.message(job)
        if stale:
            message = message.model_copy(update={"run": message.run + 1})
        claim = self.run(self.store.claim(message, "w"))
        if claim is not None:
            assert not stale
            assert claim.fence > self.fences.get(job_id, 0)
            self.fences[job_id] = claim.fence
        return claim

    @rule(claim=claims)
    def finish(self, claim: Claim | None) -> None:
        if claim is not None and claim.job.pending is not None:
            self.write(claim, MAKE[claim.job.pending.step](claim.job))

    @rule(claim=claims, kind=st.sampled_from(FailureKind), n=st.integers(0, 9))
    def fail(self, claim: Claim | None, kind: FailureKind, n: int) -> None:
        if claim is not None:
            said = jobs.failure(kind, details={"n": n})
            self.write(claim, after_failure(claim.job, said, fence=claim.fence, at=jobs.at(2)))

    @rule(claim=claims)
    def find_errors_in_an_edited_program(self, claim: Claim | None) -> None:
        if claim is not None and claim.job.attempts[-1].edited:
            self.write(claim, jobs.approval_requested(claim.job, (jobs.error(),)))

    @rule(job_id=submitted, word=st.sampled_from(sorted(SAY)), n=st.integers(0, 9))
    def review(self, job_id: str, word: str, n: int) -> None:
        job = self.run(self.store.get(job_id))
        waits = job.state is JobState.AWAITING_APPROVAL
        try:
            event = SAY[word](job, f"no {n}") if word == "decline" else SAY[word](job)
            self.run(self.store.append(event))
        except IllegalTransition:
            assert not waits
        except NoFurtherProgram:
            assert word == "decline"
        else:
            assert waits

    @rule(job_id=submitted, word=st.sampled_from(sorted(SAY)))
    def review_of_an_older_program(self, job_id: str, word: str) -> None:
        job = self.run(self.store.get(job_id))
        try:
            event = SAY[word](job).model_copy(update={"attempt": len(job.attempts) - 1})
        except NoFurtherProgram:
            return
        with pytest.raises(IllegalTransition):
            self.run(self.store.append(event))

    @rule(job_id=submitted)
    def cancel(self, job_id: str) -> None:
        job = self.run(self.store.get(job_id))
        try:
            self.run(self.store.append(jobs.cancelled(job)))
        except IllegalTransition:
            assert job.state.terminal

    @rule(seconds=st.floats(0, 60))
    def time_passes(self, seconds: float) -> None:
        self.clock.forward(seconds)
        self.run(self.store.resend())

    @rule(days=st.integers(1, 8))
    def days_pass(self, days: int) -> None:
        self.clock.forward(days * DAY)

    @rule()
    def end_what_is_overdue(self) -> None:
        now = utc(self.clock())
        live = [j for j in map(self.get, self.ids) if not j.state.terminal]
        found = set(self.run(self.store.overdue()))
        assert found == {j.id for j in live if j.deadline <= now}
        for job_id in found:
            job = self.get(job_id)
            overdue = deadline_passed(job)
            waited = job.state is JobState.AWAITING_APPROVAL
            assert (overdue.code == "APPROVAL_OVERDUE") == waited
            self.run(self.store.append(stopped(job, overdue, at=now)))

    @rule(state=st.sampled_from(JobState))
    def the_index_of_a_state_holds_its_jobs(self, state: JobState) -> None:
        listed = self.run(self.store.list(state=state, page_size=200)).jobs
        assert {j.id for j in listed} == {i for i in self.ids if self.get(i).state is state}

    @rule()
    def reconcile(self) -> None:
        for job_id in self.run(self.store.expired()):
            job = self.run(self.store.get(job_id))
            lost = jobs.failure(FailureKind.INFRASTRUCTURE, "WORKER_LOST")
            event = after_failure(job, lost, fence=job.lease.fence, at=jobs.at(3))
            assert isinstance(event, StepRedelivered) or job.losses == 2
            self.run(self.store.append(event, if_expired=True))

    def write(self, claim: Claim, event: Any) -> None:
        current = self.run(self.store.get(claim.job.id))
        in_force = current.lease is not None and current.lease.fence == claim.fence
        try:
            self.run(self.store.append(event, known=claim.job))
        except (Fenced, IllegalTransition):
            assert not in_force
        else:
            # The very same event again is an answer to a lost reply, and changes nothing.
            assert in_force or self.run(self.store.get(claim.job.id)) == current

    @invariant()
    def one_terminal_state(self) -> None:
        for job_id in self.ids:
            job = self.run(self.store.get(job_id))
            if job.state.terminal:
                assert self.ended.setdefault(job_id, job) == job

    @invariant()
    def the_record_is_the_fold_of_its_stream(self) -> None:
        for job_id in self.ids[-2:]:
            assert self.run(self.folded(job_id)) == self.run(self.store.get(job_id))

    @invariant()
    def no_live_job_without_a_lease_a_message_or_a_person(self) -> None:
        for job in map(self.get, self.ids):
            paid = [a for a in job.attempts if not a.edited]
            assert len(paid) <= job.request.budget.max_attempts
            if not job.state.terminal:
                person = job.state is JobState.AWAITING_APPROVAL
                assert [message_of(job) is not None, job.lease is not None, person].count(True) == 1
                assert (job.time_left is not None) == person

    def get(self, job_id: str) -> Job:
        job: Job = self.run(self.store.get(job_id))
        return job

    async def folded(self, job_id: str) -> Any:
        items = [i async for i in self.store.stream(job_id) if i is not None]
        return fold(i.event for i in items if i.event is not None)


def check(machine: type[StoreMachine], examples: int) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()


def test_the_memory_store_keeps_its_promises() -> None:
    check(StoreMachine, 200)


@pytest.mark.redis
def test_the_redis_store_keeps_its_promises(redis_config: Settings) -> None:
    class OnRedis(StoreMachine):
        def make_store(self) -> JobStore:
            name = f"m{time.monotonic_ns():x}"
            config = redis_config.model_copy(update={"namespace": name})
            return RedisStore.from_settings(config, self.clock)

    check(OnRedis, 20)
