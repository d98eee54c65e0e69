"""Attempts with their programs, the code alone, and the logs."""

import difflib
from collections.abc import AsyncIterator, Collection
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from arclight.contracts.base import Frozen
from arclight.contracts.job import Attempt, Job
from arclight.contracts.names import LogStream, Step
from arclight.contracts.run_facts import LogFile
from arclight.runtime.artifacts import ArtifactMissing, Artifacts, get_program
from services.gateway.attempt_views import (
    AttemptSummary,
    AttemptView,
    attempt_summary,
    attempt_view,
)
from services.gateway.context import Gateway, gateway_of
from services.gateway.params import AttemptNumber, JobId
from services.gateway.problems import Place, ProblemError
from services.gateway.responses import body_of, problems
from services.gateway.views import BudgetView, budget_view
from services.gateway.views import json_answer as answer

router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["jobs"])

TEXT = "text/plain; charset=utf-8"


class AttemptList(Frozen):
    """The ledger: each program in order, and what the budget has paid for."""

    attempts: tuple[AttemptSummary, ...]
    budget: BudgetView


@router.get(
    "/attempts",
    operation_id="listAttempts",
    summary="All attempts of a job",
    responses={200: {"model": AttemptList}, **problems(404, 422)},
)
async def list_attempts(request: Request, job_id: JobId) -> Response:
    """Each program that was tried, why, and what became of it; on each run that failed, who paid
    and why the next step was chosen."""
    job = await gateway_of(request.scope).store.get(job_id)
    summaries = tuple(attempt_summary(job, a) for a in job.attempts)
    return answer(AttemptList.model_construct(attempts=summaries, budget=budget_view(job)))


@router.get(
    "/attempts/{number}",
    operation_id="getAttempt",
    summary="One attempt in full",
    responses={200: {"model": AttemptView}, **problems(404, 410, 422)},
)
async def get_attempt(request: Request, job_id: JobId, number: AttemptNumber) -> Response:
    """The program, its diff to the one before, findings, failure and timings."""
    gateway = gateway_of(request.scope)
    job = await gateway.store.get(job_id)
    attempt = _attempt(job, number)
    program, diff = await to_thread.run_sync(_texts, job, attempt, gateway.artifacts)
    return answer(attempt_view(job, attempt, program, diff))


@router.get(
    "/code",
    operation_id="getCode",
    summary="The program",
    response_class=Response,
    responses={**body_of("text/x-python", "The program's text."), **problems(404, 410, 422)},
)
async def get_code(
    request: Request,
    job_id: JobId,
    attempt: Annotated[
        int | None, Query(ge=1, description="Attempt; without it the newest that has a program.")
    ] = None,
) -> Response:
    """The text that runs unchanged outside Arclight, too."""
    gateway = gateway_of(request.scope)
    job = await gateway.store.get(job_id)
    chosen = _attempt(job, attempt) if attempt else _newest(job)
    if chosen is None or chosen.program is None:
        raise ProblemError(
            "NO_PROGRAM", f"Job {job_id} is {job.state} and has no program.", job_id=job_id
        )
    text = await to_thread.run_sync(_text, chosen, gateway.artifacts)
    headers = {
        "ETag": f'"{chosen.program.sha256}"',
        "Content-Disposition": f'inline; filename="{job_id}-{chosen.number}.py"',
    }
    return Response(text, 200, headers, media_type="text/x-python")


@router.get(
    "/logs",
    operation_id="getLogs",
    summary="What the job's steps and programs wrote",
    response_class=Response,
    responses={**body_of("text/plain", "One line each, in order."), **problems(404, 422)},
)
async def get_logs(
    request: Request,
    job_id: JobId,
    stream: Annotated[
        list[LogStream] | None, Query(description="Only lines of these; may be repeated.")
    ] = None,
) -> Response:
    """The lines so far, of all streams or of those that are named; …/events has them live."""
    gateway = gateway_of(request.scope)
    await gateway.store.get(job_id)
    lines = _lines(gateway, job_id, stream or list(LogStream))
    return StreamingResponse(lines, media_type=TEXT)


@router.get(
    "/attempts/{number}/logs",
    operation_id="getAttemptLog",
    summary="The full log of one stream of an attempt's run",
    response_class=Response,
    responses={**body_of("text/plain", "The text as it was kept."), **problems(404, 410, 422)},
)
async def get_attempt_log(
    request: Request,
    job_id: JobId,
    number: AttemptNumber,
    stream: Annotated[
        LogStream, Query(description="`stdout` and `stderr` of the program, or `engine`.")
    ] = LogStream.STDOUT,
    run: Annotated[
        int | None, Query(ge=1, description="Start; without it the newest with such a log.")
    ] = None,
) -> Response:
    """Everything that was kept, longer than the lines in …/logs; `facts.logs` of the attempt's
    runs says how many bytes there are and how many were cut."""
    gateway = gateway_of(request.scope)
    attempt = _attempt(await gateway.store.get(job_id), number)
    file = _log_file(attempt, stream, run)
    if file is None:
        which = f"run {run} of attempt {number}" if run else f"attempt {number}"
        raise ProblemError("LOG_NOT_FOUND", f"No {stream} log of {which} is kept.", job_id=job_id)
    try:
        path = await to_thread.run_sync(gateway.artifacts.local, file.key)
    except ArtifactMissing:
        raise ProblemError(
            "RESULT_GONE",
            f"The {stream} log of attempt {number} is no longer stored.",
            job_id=job_id,
        ) from None
    headers = {"Content-Disposition": f'inline; filename="{job_id}-{number}-{stream}.log"'}
    return FileResponse(path, headers=headers, media_type=TEXT)


def _log_file(attempt: Attempt, stream: LogStream, run: int | None) -> LogFile | None:
    """The log of this run of the program, or of the newest that has one."""
    for found in reversed(attempt.runs):
        if found.step is Step.EXECUTION and found.facts and run in (None, found.run):
            for file in found.facts.logs:
                if file.stream is stream:
                    return file
    return None


async def _lines(
    gateway: Gateway, job_id: str, streams: Collection[LogStream]
) -> AsyncIterator[bytes]:
    async for item in gateway.store.stream(job_id):
        if item is not None and item.log is not None and item.log.stream in streams:
            yield item.log.text.encode("utf-8", "replace") + b"\n"


def _attempt(job: Job, number: int) -> Attempt:
    if number > len(job.attempts):
        raise ProblemError(
            "ATTEMPT_NOT_FOUND",
            f"Job {job.id} has {len(job.attempts)} attempt(s); there is no attempt {number}.",
            job_id=job.id,
            errors=[Place(detail="no such attempt", pointer="path:number")],
        )
    return job.attempts[number - 1]


def _newest(job: Job) -> Attempt | None:
    return next((a for a in reversed(job.attempts) if a.program is not None), None)


def _texts(job: Job, attempt: Attempt, artifacts: Artifacts) -> tuple[str | None, str]:
    """The attempt's program and its diff to the nearest one before."""
    if attempt.program is None:
        return None, ""
    program = _text(attempt, artifacts)
    earlier = [a for a in job.attempts[: attempt.number - 1] if a.program is not None]
    if not earlier:
        return program, ""
    before = earlier[-1]
    lines = difflib.unified_diff(
        _text(before, artifacts).splitlines(),
        program.splitlines(),
        f"attempt-{before.number}.py",
        f"attempt-{attempt.number}.py",
        lineterm="",
    )
    return program, "\n".join(lines)


def _text(attempt: Attempt, artifacts: Artifacts) -> str:
    assert attempt.program is not None
    try:
        return get_program(artifacts, attempt.program)
    except ArtifactMissing:
        raise ProblemError(
            "RESULT_GONE", f"The program of attempt {attempt.number} is no longer stored."
        ) from None
