"""The job as the API shows it. A field without a value is left out; a list may be empty."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from starlette.responses import Response

from arclight.contracts.base import Frozen
from arclight.contracts.budget import Budget
from arclight.contracts.failure import Failure
from arclight.contracts.finding import Finding
from arclight.contracts.job import Attempt, Job, Plan, Run
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
from arclight.contracts.progress import Progress as RunProgress
from arclight.contracts.result import Result
from arclight.contracts.run_facts import RunFacts
from arclight.contracts.source import Source


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


class RunTiming(Frozen):
    """One start of a step: the wait in the queue apart from the work. Seconds."""

    step: Step
    run: int
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    wait_s: float | None = None
    work_s: float | None = None
    outcome: str | None = Field(default=None, description="`done`, or the code of the failure.")
    facts: RunFacts | None = Field(
        default=None, description="How a program ran: its way and why, its cage, times, logs."
    )


class AttemptSummary(Frozen):
    """One program and what became of it, in short."""

    number: int
    reason: str = Field(description="Why this attempt was made.")
    generator: str | None = None
    platform: Platform | None = None
    plan: Plan | None = None
    errors: int = Field(description="Findings of severity error.")
    warnings: int = Field(description="Findings of severity warning.")
    failure: Failure | None = None
    runs: tuple[RunTiming, ...]
    has_program: bool
    links: dict[str, str]


class AttemptView(AttemptSummary):
    """One attempt in full."""

    program: str | None = Field(default=None, description="The program's text.")
    diff: str = Field(description="Unified diff to the program before; empty for the first.")
    findings: tuple[Finding, ...]
    wait_s: float = Field(description="Seconds in queues, over all runs.")
    work_s: float = Field(description="Seconds of work, over all runs.")


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
    budget: Budget
    limits: RunLimits = Field(description="What was asked for one run; empty: the usual.")
    isolation: Isolation | None = None
    progress: Progress | None = Field(default=None, description="Only while the job is live.")
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
        budget=request.budget,
        limits=request.limits,
        isolation=request.isolation,
        progress=progress_of(job, told),
        attempts=tuple(attempt_summary(job, a) for a in job.attempts),
        result=job.result,
        error=job.error,
        retry_of=job.retry_of,
        created_at=job.created_at,
        updated_at=job.updated_at,
        deadline=job.deadline,
        links=_links(job),
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


def attempt_summary(job: Job, attempt: Attempt) -> AttemptSummary:
    return AttemptSummary.model_construct(**_summary(job, attempt))


def attempt_view(job: Job, attempt: Attempt, program: str | None, diff: str) -> AttemptView:
    """`attempt` with its texts, which lie in the artifact store."""
    runs = tuple(run_timing(r) for r in attempt.runs)
    return AttemptView.model_construct(
        **_summary(job, attempt),
        program=program,
        diff=diff,
        findings=attempt.findings,
        wait_s=round(sum(r.wait_s or 0.0 for r in runs), 3),
        work_s=round(sum(r.work_s or 0.0 for r in runs), 3),
    )


def run_timing(run: Run) -> RunTiming:
    return RunTiming.model_construct(
        step=run.step,
        run=run.run,
        queued_at=run.queued_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        wait_s=_seconds(run.queued_at, run.started_at),
        work_s=_seconds(run.started_at, run.ended_at),
        outcome=run.outcome,
        facts=run.facts,
    )


def _summary(job: Job, attempt: Attempt) -> dict[str, Any]:
    severities = [f.severity for f in attempt.findings]
    here = f"/v1/jobs/{job.id}/attempts/{attempt.number}"
    links = {"self": here}
    if any(r.facts and r.facts.logs for r in attempt.runs):
        links["logs"] = f"{here}/logs"
    if attempt.program is not None:
        links["code"] = f"/v1/jobs/{job.id}/code?attempt={attempt.number}"
    return {
        "number": attempt.number,
        "reason": attempt.reason,
        "generator": attempt.generator,
        "platform": attempt.platform,
        "plan": attempt.plan,
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "failure": attempt.failure,
        "runs": tuple(run_timing(r) for r in attempt.runs),
        "has_program": attempt.program is not None,
        "links": links,
    }


def _links(job: Job) -> dict[str, str]:
    here = f"/v1/jobs/{job.id}"
    links = {"self": here}
    for name in ("events", "attempts", "code", "logs", "deliveries"):
        links[name] = f"{here}/{name}"
    if job.state is JobState.SUCCEEDED:
        links["result"] = f"{here}/result"
    links["retry" if job.state.terminal else "cancel"] = (
        f"{here}/retry" if job.state.terminal else f"{here}/cancel"
    )
    return links


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return round(max(0.0, (end - start).total_seconds()), 3)
