"""Mode `review`: a program waits for a person, and what the person's word changes.

    validator ──▶ approval.requested ─┬─▶ program.approved ──▶ executor
                        ▲             ├─▶ program.edited ────▶ validator: passes ──▶ executor
                        └─ with errors ◀──────────────────────┘
                                      └─▶ program.declined ──▶ codegen, with the comment

The job's own time stands still while it waits: `time_left` keeps what was left of it, and
`deadline` is the end of the wait.
"""

from datetime import datetime, timedelta
from typing import Any

from arclight.contracts.budget import Fail, decide
from arclight.contracts.changes import Attempts, last, next_step, repaired
from arclight.contracts.events import (
    ApprovalRequested,
    ProgramApproved,
    ProgramDeclined,
    ProgramEdited,
)
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.job import USER, Attempt, Job, Review
from arclight.contracts.names import EventType, Verdict
from arclight.contracts.outcome import repairable, spent, unrepairable

REVIEW_DECLINED = "REVIEW_DECLINED"
"""Code of the failure that a decline is; its message is the reviewer's comment."""

MAX_EDITS = 50
"""Programs of reviewers in one job: each stays on the record, which is written whole each time."""

_VERDICT = {
    EventType.PROGRAM_APPROVED: Verdict.APPROVED,
    EventType.PROGRAM_EDITED: Verdict.EDITED,
    EventType.PROGRAM_DECLINED: Verdict.DECLINED,
}


def awaiting(job: Job, event: ApprovalRequested, attempts: Attempts) -> dict[str, Any]:
    """Nothing is pending any more: a person's word is what comes next. `attempts`: with the
    validator's run ended."""
    return {
        "framework": event.framework,
        "attempts": last(
            attempts,
            findings=event.findings,
            explanation=event.explanation,
            platform=event.platform,
        ),
        "pending": None,
        "lease": None,
        "losses": 0,
        "time_left": max(timedelta(0), job.deadline - event.at),
        "deadline": event.at + job.request.budget.review,
    }


def reviewed(job: Job, event: ProgramApproved | ProgramEdited | ProgramDeclined) -> dict[str, Any]:
    """The job goes on where the word says, and its own time with it."""
    assert job.time_left is not None, "a job that waits knows how much time it had left"
    clock = {"deadline": event.at + job.time_left, "time_left": None}
    match event:
        case ProgramApproved():
            return {**next_step(job, event, _said(job.attempts, event)), **clock}
        case ProgramDeclined():
            declined = job.model_copy(update={"attempts": _said(job.attempts, event)})
            return {**repaired(declined, event, event.failure), **clock}
        case ProgramEdited():
            number = len(job.attempts) + 1
            edited = Attempt(
                number=number,
                reason=f"edited by {event.by}",
                generator=USER,
                program=event.program,
                plan=job.attempts[-1].plan,
            )
            attempts = _said((*job.attempts, edited), event)
            return {**next_step(job, event, attempts, number), **clock}


def declined(job: Job, *, attempt: int, by: str, comment: str, at: datetime) -> ProgramDeclined:
    """The event by which the program of `attempt` goes back to codegen.

    Raises NoFurtherProgram when codegen could not, or may not, write another one.
    """
    failure = Failure(
        kind=FailureKind.REJECTED,
        code=REVIEW_DECLINED,
        message=comment,
        hint="The comment says what the program must do instead.",
    )
    said = (a.failure.fingerprint for a in job.attempts if a.failure is not None)
    if failure.fingerprint in said:
        raise NoFurtherProgram("An earlier program was declined with the same comment.")
    decision = decide(failure, job.request.budget, spent(job))
    if isinstance(decision, Fail):
        raise NoFurtherProgram(decision.why)
    if not repairable(job, None):
        raise NoFurtherProgram(unrepairable(None))
    return ProgramDeclined(
        job_id=job.id,
        at=at,
        attempt=attempt,
        by=by,
        comment=comment,
        failure=failure,
        payer=decision.payer,
        why=decision.why,
    )


class NoFurtherProgram(Exception):
    """A decline would end the job instead of leading to another program; `str()` says why."""


def _said(attempts: Attempts, event: ProgramApproved | ProgramEdited | ProgramDeclined) -> Attempts:
    review = Review(
        verdict=_VERDICT[event.type],
        by=event.by,
        at=event.at,
        comment=event.comment,
        payer=event.payer if isinstance(event, ProgramDeclined) else None,
        then=event.why if isinstance(event, ProgramDeclined) else "",
    )
    return last(attempts, reviews=(*attempts[-1].reviews, review))
