"""One claimed step around a program that a user brought, as an executor gets it."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from arclight.contracts.apply import fold, message_of
from arclight.contracts.events import CodeValidated, Event, ProgramSubmitted, StepClaimed
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import JobRequest, deadline_of, utc
from arclight.contracts.names import Framework, LogStream, Platform, Step
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import put_program
from arclight.runtime.store.port import Claim
from arclight.runtime.work import StepFunction, Work
from benchmarks.rehearsal.stage import Stage


@dataclass(frozen=True)
class Ended:
    """How a step ended."""

    seconds: float
    failure: Failure | None
    note: str = ""
    """Why a rehearsal did not judge."""
    way: str = ""


def run(stage: Stage, framework: str, text: str, step: Step, execute: StepFunction) -> Ended:
    """The rehearsal or the execution of a program."""
    placed, sources = stage.placed(text)
    work = _work(stage, framework, placed, sources, step)
    began = time.perf_counter()
    try:
        event: Event = execute(work)
    except StepFailed as failed:
        way = str(failed.facts.way) if failed.facts else ""
        return Ended(time.perf_counter() - began, failed.failure, way=way)
    seconds = time.perf_counter() - began
    facts = getattr(event, "facts", None)
    return Ended(seconds, None, facts.note if facts else "", str(facts.way) if facts else "")


def _work(
    stage: Stage, framework: str, text: str, sources: Sequence[UploadSource], step: Step
) -> Work:
    id_ = f"job_{uuid4().hex[:28]}"
    program = put_program(stage.artifacts, f"jobs/{id_}/1/program.py", text)
    request = JobRequest(
        program=program,
        sources=tuple(sources),
        framework=Framework(framework),
        rehearse=step is Step.REHEARSAL,
    )
    now = _now()
    stamp: dict[str, Any] = {"job_id": id_, "at": now}
    claimed = {"attempt": 1, "run": 1, "worker": "benchmark"}
    asked = {"request": request, "caller": "benchmark", "deadline": deadline_of(request, now)}
    passed = {"framework": request.framework, "platform": Platform.LOCAL}
    job = fold(
        [
            ProgramSubmitted(**stamp, **asked),
            StepClaimed(**stamp, **claimed, fence=1, step=Step.VALIDATION),
            CodeValidated(**stamp, **passed, fence=1),
        ]
    )
    message = message_of(job)
    assert message is not None
    claim = Claim(message=message, job=job, fence=2)
    return Work(
        claim=claim,
        artifacts=stage.artifacts,
        settings=stage.settings,
        log=_unheard,
        cancelled=threading.Event(),
        now=_now,
    )


def _now() -> datetime:
    return utc(time.time())


def _unheard(line: str, stream: LogStream = LogStream.SYSTEM) -> None:
    """What a step says is not measured."""
