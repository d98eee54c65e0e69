"""What several events change on a record: the attempts, their runs, and the step that is next."""

from typing import Any

from arclight.contracts.events import (
    CodeRejected,
    CodeValidated,
    Event,
    ExecutionFailed,
    ProgramApproved,
    ProgramDeclined,
)
from arclight.contracts.failure import Failure
from arclight.contracts.flow import step_for
from arclight.contracts.job import Attempt, Job, Pending, Run
from arclight.contracts.names import EventType, Step

Attempts = tuple[Attempt, ...]


def next_step(
    job: Job, event: Event, attempts: Attempts, number: int | None = None
) -> dict[str, Any]:
    """The step that `event` wakes becomes pending, of the newest attempt or of attempt `number`."""
    attempt = number or attempts[-1].number
    wake = _wake(job, event)
    pending = Pending(wake=wake, step=step_for(wake), attempt=attempt, run=1)
    return {
        "pending": pending,
        "lease": None,
        "losses": 0,
        "attempts": add_run(attempts, pending, event),
    }


def _wake(job: Job, event: Event) -> EventType:
    """What the next step is woken by: a program that may run is rehearsed first when asked."""
    if isinstance(event, CodeValidated | ProgramApproved):
        return EventType.REHEARSAL_DUE if job.request.rehearse else EventType.CODE_VALIDATED
    return event.type


def repaired(
    job: Job, event: CodeRejected | ExecutionFailed | ProgramDeclined, failure: Failure, **more: Any
) -> dict[str, Any]:
    """The newest attempt ends with `failure`, and codegen is asked for the next one."""
    attempts = last(ended(job, event, failure.code), failure=failure, **more)
    number = attempts[-1].number + 1
    following = Attempt(number=number, reason=f"repair after {failure.code}")
    return next_step(job, event, (*attempts, following), number)


def ended(job: Job, event: Event, outcome: str) -> Attempts:
    """The attempts with the open run ended, with its facts and who paid where `event` says so."""
    said = {
        "facts": getattr(event, "facts", None),
        "payer": getattr(event, "payer", None),
        "then": getattr(event, "why", None),
    }
    known = {name: value for name, value in said.items() if value}
    return with_run(job, ended_at=event.at, outcome=outcome, **known)


def with_run(job: Job, **update: Any) -> Attempts:
    """The attempts with the open run of the pending step changed; a run that ended stays as it is,
    also while nothing is pending because a person is waited for."""
    if job.state.terminal or job.pending is None or not job.attempts[-1].runs:
        return job.attempts
    *before, run = job.attempts[-1].runs
    return last(job.attempts, runs=(*before, run.model_copy(update=update)))


def add_run(attempts: Attempts, pending: Pending, event: Event) -> Attempts:
    """The newest attempt waits for the pending step; telling the callback URL is no run of it."""
    if pending.step is Step.NOTIFICATION:
        return attempts
    run = Run(step=pending.step, run=pending.run, queued_at=event.at)
    return last(attempts, runs=(*attempts[-1].runs, run))


def last(attempts: Attempts, **update: Any) -> Attempts:
    """The attempts with the newest one changed."""
    *before, newest = attempts
    return (*before, newest.model_copy(update=update))
