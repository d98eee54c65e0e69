"""A claimed execution step around a program's text, and a launcher for bare programs."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from arclight.contracts.apply import fold
from arclight.contracts.events import (
    CodeGenerated,
    CodeValidated,
    Event,
    JobSubmitted,
    ProgramSubmitted,
    StepClaimed,
)
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.job import Job, Plan
from arclight.contracts.names import Framework, LogStream, Platform, Step
from arclight.contracts.progress import Progress
from arclight.contracts.result import Result
from arclight.runtime.artifacts import Artifacts, put_program
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim
from arclight.runtime.work import Work
from arclight.sandbox.launch import Exit, LaunchSpec, run
from arclight.sandbox.limits import Limits
from tests import jobs


@dataclass
class Run:
    """A step on its way: what it logs, and the switch that cancels it."""

    work: Work
    lines: list[str]
    streams: list[LogStream] = field(default_factory=list)
    """Who wrote each of the lines."""
    progress: list[Progress] = field(default_factory=list)


def step(
    text: str,
    artifacts: Artifacts,
    config: Settings,
    *,
    framework: Framework = Framework.SPARK,
    user: bool = False,
    findings: tuple[Finding, ...] = (),
    plan: Plan | None = None,
    **request: Any,
) -> Run:
    """The execution step of a program that a planner wrote, or that the user brought; with
    `rehearse` its rehearsal."""
    program = put_program(artifacts, "jobs/x/1/program.py", text)
    events: list[Event]
    if user:
        first: Event = jobs.program_submitted(program=program, framework=framework, **request)
        events = [first]
    else:
        first = jobs.submitted(framework=framework, **request)
        events = [first, _claimed(first, 1, Step.CODEGEN)]
        events.append(
            CodeGenerated(
                **_stamp(first, 1),
                generator="planner",
                framework=framework,
                program=program,
                plan=plan or Plan(),
            )
        )
    assert isinstance(first, JobSubmitted | ProgramSubmitted)
    fence = 2 if not user else 1
    events.append(_claimed(first, fence, Step.VALIDATION))
    events.append(
        CodeValidated(
            **_stamp(first, fence), framework=framework, platform=Platform.LOCAL, findings=findings
        )
    )
    following = Step.REHEARSAL if first.request.rehearse else Step.EXECUTION
    events.append(_claimed(first, fence + 1, following))
    return _run(fold(events), artifacts, config)


def _run(job: Job, artifacts: Artifacts, config: Settings) -> Run:
    run = Run(None, [])  # type: ignore[arg-type]

    def log(line: str, stream: LogStream = LogStream.SYSTEM) -> None:
        run.lines.append(line)
        run.streams.append(stream)

    claim = Claim(message=jobs.message(job), job=job, fence=job.fence)
    run.work = Work(
        claim=claim,
        artifacts=artifacts,
        settings=config,
        log=log,
        cancelled=threading.Event(),
        now=jobs.at,
        progress=run.progress.append,
    )
    return run


def _stamp(first: Event, fence: int) -> dict[str, Any]:
    return {"job_id": first.job_id, "at": jobs.at(fence), "fence": fence}


def _claimed(first: Event, fence: int, step: Step) -> StepClaimed:
    return StepClaimed(**_stamp(first, fence), attempt=1, step=step, run=1, worker="test")


def answer(execute: Callable[[Work], Event], run_: Run) -> Result:
    """The result of a step that must succeed."""
    event = execute(run_.work)
    result: Result | None = getattr(event, "result", None)
    assert result is not None
    return result


def failure(execute: Callable[[Work], Event], run_: Run) -> Failure:
    """The failure of a step that must fail."""
    try:
        event = execute(run_.work)
    except StepFailed as failed:
        return failed.failure
    raise AssertionError(f"the step succeeded: {event}")


@dataclass
class Launched:
    exit: Exit
    lines: list[str] = field(default_factory=list)


def launch(
    source: str,
    folder: Path,
    *,
    cancelled: threading.Event | None = None,
    env: dict[str, str] | None = None,
    name: str = "test-run",
    **limits: Any,
) -> Launched:
    """Run Python source in `folder` under small limits."""
    lines: list[str] = []
    spec = LaunchSpec(
        run=name,
        argv=[sys.executable, "-I", "-c", source],
        env=env or {},
        scratch=folder,
        cwd=folder,
        limits=Limits(**{"wall": timedelta(seconds=20), **limits}),
    )
    exit_ = run(spec, log=lines.append, cancelled=cancelled or threading.Event())
    return Launched(exit_, lines)
