"""The job as the API shows it. A field without a value is left out; a list may be empty."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from starlette.responses import Response

from arclight.contracts.base import Frozen
from arclight.contracts.budget import Budget
from arclight.contracts.failure import Failure, Payer
from arclight.contracts.job import Job
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import (
    Framework,
    Isolation,
    JobState,
    Mode,
    Platform,
    Severity,
    Step,
)
from arclight.contracts.outcome import spent
from arclight.contracts.progress import Progress as RunProgress
from arclight.contracts.result import Result
from arclight.contracts.source import Source
from services.gateway.attempt_views import AttemptSummary, attempt_summary


class Progress(Frozen):
    """Where a live job stands."""

    step: Step
    doing: Literal["waiting", "working"] = Field(
        description="`waiting` for a worker to take the step, or `working` on it."
    )
    since: datetime
    attempt: int
    run: int = Field(description="How often this step has been started in this attempt.")
    worker: str | None = None
    not_before: datetime | None = Field(default=None, description="A delay before the next start.")
    phase: str | None = Field(
        default=None, description="Of a running program: `starting`, `running` or `collecting`."
    )
    stages: int | None = Field(default=None, description="Stages that the engine knows so far.")
    stages_done: int | None = None
    tasks: int | None = Field(default=None, description="Tasks known so far; may rise.")
    tasks_done: int | None = None
    rows_written: int | None = None


class BudgetView(Budget):
    """What may be spent, what was, and who paid for what went wrong."""

    attempts_used: int = Field(description="Programs so far, but for those of reviewers.")
    attempts_left: int
    failures: dict[Payer, int] = Field(
        description="How many failures and declines each paid for; …/attempts has them all."
    )


class ApprovalView(Frozen):
    """What a job in mode `review` waits for: POST …/approve or …/decline, naming the attempt."""

    attempt: int
    since: datetime
    until: datetime = Field(description="The job fails if nobody has answered by then.")
    errors: int = Field(description="With errors, it needs an edited program to be approved.")


class JobView(Frozen):
    """One job. Exactly one of `result` and `error` is there once the job has ended."""

    id: str
    state: JobState
    version: int = Field(description="Rises with every change; the ETag is made of it.")
    framework: Framework
    platform: Platform
    mode: Mode
    prompt: str
    sources: tuple[Source, ...]
    session: str | None = None
    follows: str | None = Field(default=None, description="The job that the prompt may continue.")
    before: tuple[str, ...] = Field(
        default=(), description="What was asked in `follows` and before it, oldest first."
    )
    callback_url: str | None = None
    attempt: int = Field(description="The number of the attempt that the job is at.")
    budget: BudgetView
    limits: RunLimits = Field(description="What was asked for one run; empty: the usual.")
    isolation: Isolation | None = None
    repair: bool = Field(description="A program that was brought may be changed when it fails.")
    rehearse: bool = Field(description="The program runs on empty tables first.")
    progress: Progress | None = Field(
        default=None, description="Only while the job is live and waits for nobody's approval."
    )
    approval: ApprovalView | None = Field(
        default=None, description="Only in state `awaiting_approval`."
    )
    attempts: tuple[AttemptSummary, ...]
    result: Result | None = None
    error: Failure | None = None
    retry_of: str | None = Field(default=None, description="The job that this one repeats.")
    created_at: datetime
    updated_at: datetime
    deadline: datetime
    links: dict[str, str]


def job_view(job: Job, told: RunProgress | None = None) -> JobView:
    """The whole job; `told` is what a program at work says of itself."""
    request, attempt = job.request, job.attempt
    chosen = attempt.platform if attempt else None
    return JobView.model_construct(
        id=job.id,
        state=job.state,
        version=job.version,
        framework=job.framework,
        platform=chosen or request.platform,
        mode=request.mode,
        prompt=request.prompt,
        sources=request.sources,
        session=request.session,
        follows=request.follows,
        before=request.before,
        callback_url=str(request.callback_url) if request.callback_url else None,
        attempt=len(job.attempts),
        budget=budget_view(job),
        limits=request.limits,
        isolation=request.isolation,
        repair=request.repair,
        rehearse=request.rehearse,
        progress=progress_of(job, told),
        approval=approval_of(job),
        attempts=tuple(attempt_summary(job, a) for a in job.attempts),
        result=job.result,
        error=job.error,
        retry_of=job.retry_of,
        created_at=job.created_at,
        updated_at=job.updated_at,
        deadline=job.deadline,
        links=_links(job),
    )


def budget_view(job: Job) -> BudgetView:
    budget, used = job.request.budget, spent(job).attempts
    runs = [run.payer for a in job.attempts for run in a.runs]
    payers = [*runs, *(review.payer for a in job.attempts for review in a.reviews)]
    return BudgetView.model_construct(
        max_attempts=budget.max_attempts,
        wall=budget.wall,
        review=budget.review,
        attempts_used=used,
        attempts_left=max(0, budget.max_attempts - used),
        failures={payer: payers.count(payer) for payer in Payer if payer in payers},
    )


def approval_of(job: Job) -> ApprovalView | None:
    """What is waited for; None for a job that waits for nobody."""
    if job.state is not JobState.AWAITING_APPROVAL:
        return None
    findings = job.attempts[-1].findings
    return ApprovalView.model_construct(
        attempt=len(job.attempts),
        since=job.updated_at,
        until=job.deadline,
        errors=sum(f.severity is Severity.ERROR for f in findings),
    )


def job_json(job: Job, told: RunProgress | None = None) -> bytes:
    """The job, serialised once."""
    return job_view(job, told).model_dump_json(exclude_none=True).encode()


def etag_of(job: Job) -> str:
    """Strong: the version rises with every change of the record."""
    return f'"v{job.version}"'


def json_answer(view: Frozen, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`view` as JSON without its empty fields."""
    body = view.model_dump_json(exclude_none=True)
    return Response(body, status, headers, media_type="application/json")


def progress_of(job: Job, told: RunProgress | None = None) -> Progress | None:
    """Which step is pending, and whether someone works on it; None for a job that has ended."""
    pending, attempt = job.pending, job.attempt
    if job.state.terminal or pending is None or attempt is None:
        return None
    run = attempt.runs[-1] if attempt.runs else None
    working = job.lease is not None
    started = run.started_at if run and working else None
    return Progress.model_construct(
        step=pending.step,
        doing="working" if working else "waiting",
        since=started or (run.queued_at if run else job.updated_at),
        attempt=pending.attempt,
        run=pending.run,
        worker=job.lease.worker if job.lease else None,
        not_before=None if working else pending.due,
        **(told.model_dump() | {"phase": told.phase or None} if told and working else {}),
    )


def _links(job: Job) -> dict[str, str]:
    here = f"/v1/jobs/{job.id}"
    links = {"self": here}
    for name in ("events", "attempts", "code", "logs", "deliveries"):
        links[name] = f"{here}/{name}"
    if job.state is JobState.AWAITING_APPROVAL:
        links["approve"], links["decline"] = f"{here}/approve", f"{here}/decline"
    if job.state is JobState.SUCCEEDED:
        links["result"] = f"{here}/result"
    links["retry" if job.state.terminal else "cancel"] = (
        f"{here}/retry" if job.state.terminal else f"{here}/cancel"
    )
    return links
