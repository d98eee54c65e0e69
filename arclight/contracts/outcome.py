"""From a failure to the one event that is committed with it: pure, for consumers and reconciler."""

from datetime import datetime, timedelta
from typing import Any

from arclight.contracts.budget import Fail, Promote, Redeliver, Repair, Spent, decide
from arclight.contracts.events import (
    CodeRejected,
    Event,
    ExecutionFailed,
    JobFinished,
    StepRedelivered,
    WebhookAttempted,
)
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding
from arclight.contracts.job import Job, WebhookAttempt
from arclight.contracts.names import JobState, Step
from arclight.contracts.run_facts import RunFacts


def after_failure(
    job: Job,
    failure: Failure,
    *,
    fence: int,
    at: datetime,
    findings: tuple[Finding, ...] = (),
    facts: RunFacts | None = None,
) -> Event:
    """The event that says what `failure` of the leased step leads to."""
    stamp: dict[str, Any] = {"job_id": job.id, "at": at, "fence": fence}
    step = job.pending.step if job.pending else None
    decision = decide(failure, job.request.budget, spent(job))
    if isinstance(decision, Repair) and not repairable(job, step):
        decision = Fail(failure, unrepairable(step))
    paid: dict[str, Any] = {"payer": decision.payer, "why": decision.why}
    match decision:
        case Redeliver(after=after):
            return StepRedelivered(**stamp, **paid, failure=failure, after=after, facts=facts)
        case Promote(platform=platform):
            return StepRedelivered(**stamp, **paid, failure=failure, platform=platform, facts=facts)
        case Repair() if step is Step.VALIDATION:
            return CodeRejected(**stamp, **paid, failure=failure, findings=findings)
        case Repair() if step in (Step.REHEARSAL, Step.EXECUTION):
            return ExecutionFailed(**stamp, **paid, failure=failure, facts=facts)
        case Fail(failure=final):
            failure = final
    if step is Step.NOTIFICATION:
        return _gave_up(job, failure, fence=fence, at=at)
    return JobFinished(
        **stamp, **paid, state=JobState.FAILED, error=failure, findings=findings, facts=facts
    )


def repairable(job: Job, step: Step | None) -> bool:
    """Codegen cannot repair itself, and a program that was brought is changed only if asked."""
    wanted = bool(job.request.prompt.strip()) or job.request.repair
    return step is not Step.CODEGEN and wanted


def unrepairable(step: Step | None) -> str:
    """Why no other program follows a failure of `step` where `repairable` says so."""
    if step is Step.CODEGEN:
        return "Codegen knows no other program."
    return "The program was brought without `repair`, so it is not changed."


def spent(job: Job) -> Spent:
    """What the budget has paid for so far."""
    runs = job.attempts[-1].runs if job.attempts else ()
    step = job.pending.step if job.pending else None
    again = sum(1 for r in runs if r.step is step and r.outcome not in (None, "done"))
    earlier = (a.failure for a in job.attempts[:-1])
    return Spent(
        attempts=sum(1 for a in job.attempts if not a.edited),
        losses=job.losses,
        throttles=max(0, again - job.losses),
        fingerprints=frozenset(f.fingerprint for f in earlier if f is not None),
    )


def stopped(job: Job, failure: Failure, *, at: datetime) -> JobFinished:
    """The end that no consumer commits: somebody cancelled the job, or its time was up."""
    cancelled = failure.kind is FailureKind.CANCELLED
    decision = Fail(failure, "Somebody stopped the job." if cancelled else "The job's time is up.")
    return JobFinished(
        job_id=job.id,
        at=at,
        state=JobState.CANCELLED if cancelled else JobState.FAILED,
        error=failure,
        payer=decision.payer,
        why=decision.why,
    )


def worker_lost(job: Job) -> Failure:
    """The failure of a step whose lease ran out."""
    worker = job.lease.worker if job.lease else "unknown"
    step = job.pending.step if job.pending else "step"
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="WORKER_LOST",
        message=f"Worker {worker} stopped answering while it worked on {step}.",
        hint="The step starts again on another worker; nothing needs to be done.",
        details={"worker": worker},
    )


def deadline_passed(job: Job) -> Failure:
    """The failure of a job that did not end in time."""
    if job.state is JobState.AWAITING_APPROVAL:
        return _nobody_approved(job)
    limit = job.request.budget.wall  # A deadline moves by the time that a person was waited for.
    return Failure(
        kind=FailureKind.TIMEOUT,
        code="DEADLINE_PASSED",
        message=f"The job did not end within {limit.total_seconds():g} s; it was {job.state}.",
        hint="Submit it again with a longer `timeout`, or with less data.",
    )


def _nobody_approved(job: Job) -> Failure:
    days = job.request.budget.review / timedelta(days=1)
    return Failure(
        kind=FailureKind.TIMEOUT,
        code="APPROVAL_OVERDUE",
        message=f"Nobody approved or declined the program within {days:.3g} days.",
        hint="Submit it again, or let it wait longer with `review_timeout`.",
    )


def _gave_up(job: Job, failure: Failure, *, fence: int, at: datetime) -> WebhookAttempted:
    attempt = WebhookAttempt(number=len(job.webhook) + 1, at=at, error=failure.message)
    return WebhookAttempted(job_id=job.id, at=at, fence=fence, attempt=attempt)
