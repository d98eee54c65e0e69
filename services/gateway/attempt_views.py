"""Attempts and their runs as the API shows them: the ledger of a job."""

from datetime import datetime
from typing import Any

from pydantic import Field

from arclight.contracts.base import Frozen
from arclight.contracts.failure import Failure, Payer
from arclight.contracts.finding import Finding
from arclight.contracts.job import Attempt, Job, Plan, Review, Run
from arclight.contracts.names import Platform, Severity, Step
from arclight.contracts.run_facts import RunFacts


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
    payer: Payer | None = Field(default=None, description="Who paid for the failure.")
    then: str | None = Field(
        default=None, description="Why the job went on, or ended, as it did after the failure."
    )


class AttemptSummary(Frozen):
    """One program and what became of it, in short."""

    number: int
    reason: str = Field(description="Why this attempt was made.")
    generator: str | None = None
    platform: Platform | None = None
    plan: Plan | None = None
    explanation: tuple[str, ...] = Field(
        description="What the program reads and does, in sentences."
    )
    reviews: tuple[Review, ...] = Field(
        description="What people said of the program, oldest first; `edited`: who wrote it."
    )
    costs: bool = Field(
        description="One of the budget's attempts; false for a program that a reviewer wrote."
    )
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
        payer=run.payer,
        then=run.then or None,
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
        "explanation": attempt.explanation,
        "reviews": attempt.reviews,
        "costs": not attempt.edited,
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "failure": attempt.failure,
        "runs": tuple(run_timing(r) for r in attempt.runs),
        "has_program": attempt.program is not None,
        "links": links,
    }


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return round(max(0.0, (end - start).total_seconds()), 3)
