"""Builders of jobs and events for tests: short to write, explicit where it matters."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from arclight.contracts.events import (
    ApprovalRequested,
    CodeGenerated,
    CodeRehearsed,
    CodeRejected,
    CodeValidated,
    ExecutionFailed,
    JobFinished,
    JobSubmitted,
    Message,
    ProgramApproved,
    ProgramDeclined,
    ProgramEdited,
    ProgramSubmitted,
)
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding
from arclight.contracts.job import Job, JobRequest, Plan, ProgramRef, utc
from arclight.contracts.names import Framework, JobState, Platform, Severity
from arclight.contracts.result import Result, ResultKind
from arclight.contracts.review import declined as declined_by

START = 1_800_000_000.0


def job_id(n: int | None = None) -> str:
    return f"job_{n:028x}" if n is not None else f"job_{uuid4().hex[:28]}"


def at(seconds: float = 0) -> datetime:
    return utc(START + seconds)


def program(n: int = 1) -> ProgramRef:
    return ProgramRef(key=f"jobs/x/{n}/program.py", sha256=f"{n:064x}", bytes=10 + n)


def submitted(id_: str | None = None, **request: Any) -> JobSubmitted:
    asked = JobRequest(**{"prompt": "count the rows", **request})
    deadline = at() + asked.budget.wall
    return JobSubmitted(
        job_id=id_ or job_id(), at=at(), request=asked, caller="test", deadline=deadline
    )


def program_submitted(id_: str | None = None, **request: Any) -> ProgramSubmitted:
    event = submitted(id_, **{"program": program(), **request})
    return ProgramSubmitted(**event.model_dump(exclude={"type"}))


def failure(kind: FailureKind = FailureKind.CODE, code: str = "BROKEN", **more: Any) -> Failure:
    return Failure(kind=kind, code=code, **{"message": "It broke.", **more})


def result() -> Result:
    return Result(kind=ResultKind.TABLE, total_rows=1)


def stamp(job: Job, seconds: float = 1) -> dict[str, Any]:
    return {"job_id": job.id, "at": at(seconds), "fence": job.fence}


def generated(job: Job, n: int = 1, framework: Framework = Framework.SPARK) -> CodeGenerated:
    return CodeGenerated(
        **stamp(job), generator="test", framework=framework, program=program(n), plan=Plan()
    )


def validated(job: Job, framework: Framework = Framework.SPARK) -> CodeValidated:
    return CodeValidated(**stamp(job), framework=framework, platform=Platform.LOCAL)


def error(code: str = "SEC002") -> Finding:
    return Finding(code=code, severity=Severity.ERROR, line=3, message="It is wrong.")


def approval_requested(
    job: Job, findings: tuple[Finding, ...] = (), framework: Framework = Framework.SPARK
) -> ApprovalRequested:
    """What the validator of a job in mode `review` says of a program that passed."""
    return ApprovalRequested(
        **stamp(job),
        framework=framework,
        platform=Platform.LOCAL,
        findings=findings,
        explanation=("It counts the rows.",),
    )


def word(job: Job, by: str = "ann", seconds: float = 60) -> dict[str, Any]:
    """What every word of a reviewer carries."""
    return {"job_id": job.id, "at": at(seconds), "attempt": len(job.attempts), "by": by}


def approved(job: Job, comment: str = "") -> ProgramApproved:
    return ProgramApproved(**word(job), comment=comment)


def edited(job: Job, n: int = 9) -> ProgramEdited:
    return ProgramEdited(**word(job), program=program(n))


def declined(job: Job, comment: str = "use the median") -> ProgramDeclined:
    return declined_by(job, attempt=len(job.attempts), by="ann", comment=comment, at=at(60))


def rehearsed(job: Job) -> CodeRehearsed:
    return CodeRehearsed(**stamp(job))


def rejected(job: Job, said: Failure | None = None) -> CodeRejected:
    said = said or failure(FailureKind.REJECTED, "SEC001")
    return CodeRejected(**stamp(job), findings=(), failure=said)


def execution_failed(job: Job, said: Failure | None = None) -> ExecutionFailed:
    return ExecutionFailed(**stamp(job), failure=said or failure())


def succeeded(job: Job) -> JobFinished:
    return JobFinished(**stamp(job), state=JobState.SUCCEEDED, result=result())


def cancelled(job: Job) -> JobFinished:
    said = failure(FailureKind.CANCELLED, "CANCELLED")
    return JobFinished(job_id=job.id, at=at(1), state=JobState.CANCELLED, error=said)


def message(job: Job) -> Message:
    """The message that is out for `job`."""
    assert job.pending is not None
    p = job.pending
    return Message(event=p.wake, job_id=job.id, attempt=p.attempt, step=p.step, run=p.run)


HOUR = timedelta(hours=1)


def submitted_now(**request: Any) -> JobSubmitted:
    """A submission on the real clock, for tests with real processes."""
    moment = utc(time.time())
    return submitted(**request).model_copy(update={"at": moment, "deadline": moment + HOUR})
