"""`apply(job, event) -> job`: the state machine, pure.

Every change of a job is an event that passes through here, in every store, on every replay.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from arclight.contracts.changes import add_run, ended, last, next_step, repaired, with_run
from arclight.contracts.events import (
    ApprovalRequested,
    CodeGenerated,
    CodeRehearsed,
    CodeRejected,
    CodeValidated,
    Event,
    ExecutionFailed,
    JobFinished,
    JobSubmitted,
    Message,
    ProgramApproved,
    ProgramDeclined,
    ProgramEdited,
    ProgramSubmitted,
    StepClaimed,
    StepRedelivered,
    WebhookAttempted,
)
from arclight.contracts.failure import FailureKind, Fenced, IllegalTransition
from arclight.contracts.flow import step_for
from arclight.contracts.job import USER, Attempt, Job, Lease, Pending, Run
from arclight.contracts.names import EventType, JobState, Step
from arclight.contracts.review import awaiting, reviewed

LIVE = frozenset(s for s in JobState if not s.terminal)
ENDED = frozenset(JobState) - LIVE

TRANSITIONS: Mapping[EventType, tuple[frozenset[JobState], JobState | None]] = {
    EventType.STEP_CLAIMED: (frozenset(JobState), None),
    EventType.STEP_REDELIVERED: (frozenset(JobState), None),
    EventType.CODE_GENERATED: (frozenset({JobState.GENERATING}), JobState.VALIDATING),
    EventType.CODE_REJECTED: (frozenset({JobState.VALIDATING}), JobState.GENERATING),
    EventType.CODE_VALIDATED: (frozenset({JobState.VALIDATING}), JobState.RUNNING),
    EventType.APPROVAL_REQUESTED: (frozenset({JobState.VALIDATING}), JobState.AWAITING_APPROVAL),
    EventType.PROGRAM_APPROVED: (frozenset({JobState.AWAITING_APPROVAL}), JobState.RUNNING),
    EventType.PROGRAM_EDITED: (frozenset({JobState.AWAITING_APPROVAL}), JobState.VALIDATING),
    EventType.PROGRAM_DECLINED: (frozenset({JobState.AWAITING_APPROVAL}), JobState.GENERATING),
    EventType.CODE_REHEARSED: (frozenset({JobState.RUNNING}), JobState.RUNNING),
    EventType.EXECUTION_FAILED: (frozenset({JobState.RUNNING}), JobState.GENERATING),
    EventType.JOB_FINISHED: (LIVE, None),
    EventType.WEBHOOK_ATTEMPTED: (ENDED, None),
}
"""Event → the states it may find, and the state it leads to (None: the event says it)."""

_STEP = {EventType.CODE_REHEARSED: Step.REHEARSAL}
"""What a state does not tell: a job is `running` while it is rehearsed, too."""

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
        case ApprovalRequested():
            changed = awaiting(job, event, ended(job, event, "done"))
        case ProgramApproved() | ProgramEdited() | ProgramDeclined():
            changed = reviewed(job, event)
        case CodeRehearsed():
            changed = next_step(job, event, ended(job, event, "done"))
        case CodeRejected():
            changed = repaired(job, event, event.failure, findings=event.findings)
        case ExecutionFailed():
            changed = repaired(job, event, event.failure)
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
    elif isinstance(event, ProgramApproved | ProgramEdited | ProgramDeclined):
        if event.attempt != len(job.attempts):
            raise IllegalTransition(f"attempt {event.attempt} is no longer the newest")
    elif fence is not None and (job.lease is None or job.lease.fence != fence):
        raise Fenced(f"fence {fence} of job {job.id} is no longer the one in force")
    _check_step(job, event)


def _check_step(job: Job, event: Event) -> None:
    step = job.pending.step if job.pending else None
    expected = _STEP.get(event.type, step)
    if isinstance(event, JobFinished) and event.state is JobState.SUCCEEDED:
        expected = Step.EXECUTION if step is Step.REHEARSAL else step
    if step is not expected:
        raise IllegalTransition(f"{event.type} ends a step of {expected}, and {step} is pending")


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
        "attempts": with_run(job, **started),
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
    changed: dict[str, Any] = {
        "pending": pending,
        "lease": None,
        "losses": job.losses + (1 if lost else 0),
        "attempts": add_run(ended(job, event, event.failure.code), pending, event),
    }
    if event.platform is not None:
        changed["attempts"] = last(changed["attempts"], platform=event.platform)
    return changed


def _generated(job: Job, event: CodeGenerated) -> dict[str, Any]:
    attempts = last(
        ended(job, event, "done"),
        generator=event.generator,
        program=event.program,
        plan=event.plan,
        reason=event.reason,
    )
    return {**next_step(job, event, attempts), "framework": event.framework}


def _validated(job: Job, event: CodeValidated) -> dict[str, Any]:
    attempts = last(
        ended(job, event, "done"),
        findings=event.findings,
        explanation=event.explanation,
        platform=event.platform,
    )
    return {**next_step(job, event, attempts), "framework": event.framework}


def _finished(job: Job, event: JobFinished) -> dict[str, Any]:
    outcome = event.error.code if event.error else "done"
    attempts = ended(job, event, outcome)
    if event.fence is not None:
        said = {"findings": event.findings, "explanation": event.explanation}
        more = {name: value for name, value in said.items() if value}
        attempts = last(attempts, failure=event.error, **more)
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
        "time_left": None,
    }


def _webhook(job: Job, event: WebhookAttempted) -> dict[str, Any]:
    assert job.pending is not None
    pending = None
    if event.after is not None:
        pending = job.pending.model_copy(
            update={"run": job.pending.run + 1, "due": event.at + event.after}
        )
    return {"webhook": (*job.webhook, event.attempt), "pending": pending, "lease": None}
