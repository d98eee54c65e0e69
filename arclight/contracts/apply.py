"""`apply(job, event) -> job`: the state machine, pure.

Every change of a job is an event that passes through here, in every store, on every replay.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from arclight.contracts.events import (
    CodeGenerated,
    CodeRejected,
    CodeValidated,
    Event,
    ExecutionFailed,
    JobFinished,
    JobSubmitted,
    Message,
    ProgramSubmitted,
    StepClaimed,
    StepRedelivered,
    WebhookAttempted,
)
from arclight.contracts.failure import Failure, FailureKind, Fenced, IllegalTransition
from arclight.contracts.flow import step_for
from arclight.contracts.job import USER, Attempt, Job, Lease, Pending, Run
from arclight.contracts.names import EventType, JobState, Step

LIVE = frozenset(s for s in JobState if not s.terminal)
ENDED = frozenset(JobState) - LIVE

TRANSITIONS: Mapping[EventType, tuple[frozenset[JobState], JobState | None]] = {
    EventType.STEP_CLAIMED: (frozenset(JobState), None),
    EventType.STEP_REDELIVERED: (frozenset(JobState), None),
    EventType.CODE_GENERATED: (frozenset({JobState.GENERATING}), JobState.VALIDATING),
    EventType.CODE_REJECTED: (frozenset({JobState.VALIDATING}), JobState.GENERATING),
    EventType.CODE_VALIDATED: (frozenset({JobState.VALIDATING}), JobState.RUNNING),
    EventType.EXECUTION_FAILED: (frozenset({JobState.RUNNING}), JobState.GENERATING),
    EventType.JOB_FINISHED: (LIVE, None),
    EventType.WEBHOOK_ATTEMPTED: (ENDED, None),
}
"""Event → the states it may find, and the state it leads to (None: the event says it)."""

_CLAIMED_STATE = {Step.CODEGEN: JobState.GENERATING, Step.VALIDATION: JobState.VALIDATING}


def fold(events: Iterable[Event]) -> Job:
    """The record that these events make. Raises IllegalTransition when they make none."""
    job: Job | None = None
    for event in events:
        job = apply(job, event)
    if job is None:
        raise IllegalTransition("a job begins with its submission")
    return job


def apply(job: Job | None, event: Event) -> Job:
    """The job after `event`. Raises IllegalTransition, or Fenced for an outdated consumer."""
    if isinstance(event, JobSubmitted | ProgramSubmitted):
        return _submitted(job, event)
    if job is None:
        raise IllegalTransition(f"{event.type} cannot begin a job")
    _check(job, event)
    match event:
        case StepClaimed():
            changed = _claimed(job, event)
        case StepRedelivered():
            changed = _redelivered(job, event)
        case CodeGenerated():
            changed = _generated(job, event)
        case CodeValidated():
            changed = _validated(job, event)
        case CodeRejected():
            changed = _repair(job, event, event.failure, findings=event.findings)
        case ExecutionFailed():
            changed = _repair(job, event, event.failure)
        case JobFinished():
            changed = _finished(job, event)
        case WebhookAttempted():
            changed = _webhook(job, event)
    target = TRANSITIONS[event.type][1]
    if target is not None:
        changed["state"] = target
    return job.model_copy(update={**changed, "version": job.version + 1, "updated_at": event.at})


def message_of(job: Job) -> Message | None:
    """The wake-up call that must be out while the job waits for a consumer."""
    if not job.waiting or job.pending is None:
        return None
    p = job.pending
    return Message(event=p.wake, job_id=job.id, attempt=p.attempt, step=p.step, run=p.run)


def _check(job: Job, event: Event) -> None:
    allowed, _ = TRANSITIONS[event.type]
    if job.state not in allowed:
        raise IllegalTransition(f"{event.type} does not fit a job that is {job.state}")
    fence = getattr(event, "fence", None)
    if isinstance(event, StepClaimed):
        _check_claim(job, event)
    elif fence is not None and (job.lease is None or job.lease.fence != fence):
        raise Fenced(f"fence {fence} of job {job.id} is no longer the one in force")


def _check_claim(job: Job, event: StepClaimed) -> None:
    p = job.pending
    if p is None or (p.attempt, p.step, p.run) != (event.attempt, event.step, event.run):
        raise Fenced(f"{event.step} run {event.run} of attempt {event.attempt} is not pending")
    if job.lease is not None:
        raise Fenced(f"{event.step} run {event.run} is claimed by {job.lease.worker}")
    if event.fence != job.fence + 1:
        raise Fenced(f"the next fence is {job.fence + 1}, not {event.fence}")


def _submitted(job: Job | None, event: JobSubmitted | ProgramSubmitted) -> Job:
    if job is not None:
        raise IllegalTransition("a job is submitted once")
    step = step_for(event.type)
    program = event.request.program if isinstance(event, ProgramSubmitted) else None
    attempt = Attempt(
        number=1,
        program=program,
        generator=USER if program else None,
        runs=(Run(step=step, run=1, queued_at=event.at),),
    )
    return Job(
        id=event.job_id,
        version=1,
        state=JobState.QUEUED,
        request=event.request,
        caller=event.caller,
        framework=event.request.framework,
        created_at=event.at,
        updated_at=event.at,
        deadline=event.deadline,
        attempts=(attempt,),
        pending=Pending(wake=event.type, step=step, attempt=1, run=1),
        retry_of=event.retry_of,
    )


def _claimed(job: Job, event: StepClaimed) -> dict[str, Any]:
    started = {"fence": event.fence, "worker": event.worker, "started_at": event.at}
    changed: dict[str, Any] = {
        "fence": event.fence,
        "lease": Lease(fence=event.fence, worker=event.worker),
        "attempts": _with_run(job, **started),
    }
    if not job.state.terminal:
        changed["state"] = _CLAIMED_STATE.get(event.step, job.state)
    return changed


def _redelivered(job: Job, event: StepRedelivered) -> dict[str, Any]:
    assert job.pending is not None
    lost = event.failure.kind is FailureKind.INFRASTRUCTURE
    pending = job.pending.model_copy(
        update={"run": job.pending.run + 1, "due": event.at + event.after if event.after else None}
    )
    ended = _ended(job, event, event.failure.code)
    changed: dict[str, Any] = {
        "pending": pending,
        "lease": None,
        "losses": job.losses + (1 if lost else 0),
        "attempts": _add_run(ended, pending, event),
    }
    if event.platform is not None:
        changed["attempts"] = _last(changed["attempts"], platform=event.platform)
    return changed


def _generated(job: Job, event: CodeGenerated) -> dict[str, Any]:
    attempts = _last(
        _ended(job, event, "done"),
        generator=event.generator,
        program=event.program,
        plan=event.plan,
        reason=event.reason,
    )
    return {**_next_step(job, event, attempts), "framework": event.framework}


def _validated(job: Job, event: CodeValidated) -> dict[str, Any]:
    attempts = _last(
        _ended(job, event, "done"),
        findings=event.findings,
        platform=event.platform,
    )
    return {**_next_step(job, event, attempts), "framework": event.framework}


def _repair(
    job: Job, event: CodeRejected | ExecutionFailed, failure: Failure, **more: Any
) -> dict[str, Any]:
    ended = _ended(job, event, failure.code)
    attempts = _last(ended, failure=failure, **more)
    number = attempts[-1].number + 1
    following = Attempt(number=number, reason=f"repair after {failure.code}")
    return _next_step(job, event, (*attempts, following), number)


def _next_step(
    job: Job, event: Event, attempts: tuple[Attempt, ...], number: int | None = None
) -> dict[str, Any]:
    attempt = number or attempts[-1].number
    pending = Pending(wake=event.type, step=step_for(event.type), attempt=attempt, run=1)
    return {
        "pending": pending,
        "lease": None,
        "losses": 0,
        "attempts": _add_run(attempts, pending, event),
    }


def _finished(job: Job, event: JobFinished) -> dict[str, Any]:
    outcome = event.error.code if event.error else "done"
    attempts = _ended(job, event, outcome)
    if event.fence is not None:
        more = {"findings": event.findings} if event.findings else {}
        attempts = _last(attempts, failure=event.error, **more)
    pending = None
    if job.request.callback_url is not None:
        step = step_for(event.type)
        pending = Pending(wake=event.type, step=step, attempt=len(attempts), run=1)
    return {
        "state": event.state,
        "result": event.result,
        "error": event.error,
        "attempts": attempts,
        "pending": pending,
        "lease": None,
        "losses": 0,
    }


def _webhook(job: Job, event: WebhookAttempted) -> dict[str, Any]:
    assert job.pending is not None
    pending = None
    if event.after is not None:
        pending = job.pending.model_copy(
            update={"run": job.pending.run + 1, "due": event.at + event.after}
        )
    return {"webhook": (*job.webhook, event.attempt), "pending": pending, "lease": None}


def _ended(job: Job, event: Event, outcome: str) -> tuple[Attempt, ...]:
    """The attempts with the open run ended, and with its facts where the event has some."""
    facts = getattr(event, "facts", None)
    known = {"facts": facts} if facts is not None else {}
    return _with_run(job, ended_at=event.at, outcome=outcome, **known)


def _with_run(job: Job, **update: Any) -> tuple[Attempt, ...]:
    """The attempts with the open run of the pending step changed."""
    if job.state.terminal or not job.attempts or not job.attempts[-1].runs:
        return job.attempts
    *before, run = job.attempts[-1].runs
    return _last(job.attempts, runs=(*before, run.model_copy(update=update)))


def _add_run(attempts: tuple[Attempt, ...], pending: Pending, event: Event) -> tuple[Attempt, ...]:
    if pending.step is Step.NOTIFICATION:
        return attempts
    run = Run(step=pending.step, run=pending.run, queued_at=event.at)
    return _last(attempts, runs=(*attempts[-1].runs, run))


def _last(attempts: tuple[Attempt, ...], **update: Any) -> tuple[Attempt, ...]:
    *before, last = attempts
    return (*before, last.model_copy(update=update))
