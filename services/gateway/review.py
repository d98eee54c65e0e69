"""POST …/approve and …/decline: a person's word on the program of a job in mode `review`."""

import hashlib
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Request
from pydantic import JsonValue
from starlette.responses import Response

from arclight.contracts.events import (
    Event,
    ProgramApproved,
    ProgramEdited,
)
from arclight.contracts.failure import IllegalTransition
from arclight.contracts.job import Attempt, Job
from arclight.contracts.names import JobState, Severity, Verdict
from arclight.contracts.review import MAX_EDITS, NoFurtherProgram, declined
from arclight.runtime.artifacts import put_program
from services.gateway.bodies import Approval, Decline
from services.gateway.context import Gateway, caller_of, gateway_of
from services.gateway.params import JobId
from services.gateway.problems import ProblemError
from services.gateway.responses import job_answer, problems
from services.gateway.views import etag_of, job_json

router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["jobs"])

IfMatch = Annotated[
    str | None,
    Header(description="ETag of the job whose program was read; or name its `attempt`."),
]

_DONE = {
    Verdict.APPROVED: "was approved",
    Verdict.EDITED: "was written",
    Verdict.DECLINED: "was declined",
}


@router.post(
    "/approve",
    operation_id="approveJob",
    summary="Approve the program of a job that waits for it",
    responses={
        **job_answer("The job, on its way."),
        **problems(400, 404, 409, 412, 413, 415, 422, 428),
    },
)
async def approve_job(
    request: Request, job_id: JobId, body: Approval | None = None, if_match: IfMatch = None
) -> Response:
    """The program runs. With `program` that one takes its place: it is checked first, and waits
    again where it has errors."""
    gateway, asked = gateway_of(request.scope), body or Approval()
    job = await gateway.store.get(job_id)
    attempt = _waiting(job, asked.attempt, if_match)
    by = caller_of(request.scope)
    if asked.program is not None and not _same(attempt, asked.program):
        event: Event = await _edited(gateway, job, by, asked.program, asked.comment)
    else:
        _check_errors(job, attempt)
        event = ProgramApproved(
            job_id=job_id,
            at=gateway.now(),
            attempt=attempt.number,
            by=by,
            comment=asked.comment,
        )
    return await _committed(gateway, job, event)


@router.post(
    "/decline",
    operation_id="declineJob",
    summary="Decline the program of a job that waits for its approval",
    responses={
        **job_answer("The job, on its way."),
        **problems(400, 404, 409, 412, 413, 415, 422, 428),
    },
)
async def decline_job(
    request: Request, job_id: JobId, body: Decline, if_match: IfMatch = None
) -> Response:
    """Another program is made, with the comment in mind; this one has cost an attempt."""
    gateway = gateway_of(request.scope)
    job = await gateway.store.get(job_id)
    attempt = _waiting(job, body.attempt, if_match)
    try:
        event = declined(
            job,
            attempt=attempt.number,
            by=caller_of(request.scope),
            comment=body.comment,
            at=gateway.now(),
        )
    except NoFurtherProgram as why:
        raise ProblemError(
            "NO_FURTHER_PROGRAM",
            f"Job {job_id} can have no further program: {why}",
            job_id=job_id,
        ) from None
    return await _committed(gateway, job, event)


def _waiting(job: Job, seen: int | None, if_match: str | None) -> Attempt:
    """The attempt that waits, and that the caller has seen. Raises ProblemError."""
    if job.state is not JobState.AWAITING_APPROVAL:
        raise _not_awaiting(job)
    newest = job.attempts[-1]
    if seen is None and if_match is None:
        raise ProblemError(
            "PROGRAM_NOT_NAMED",
            f"The request does not say which program of job {job.id} it is about.",
            hint=f"Read attempt {newest.number} with GET …/attempts/{newest.number}, then send"
            f' {{"attempt": {newest.number}}} or `If-Match: {etag_of(job)}`.',
            job_id=job.id,
        )
    if (seen is not None and seen != newest.number) or not _matches(if_match, job):
        raise _changed(job)
    return newest


def _matches(if_match: str | None, job: Job) -> bool:
    """If-Match, compared strongly as RFC 9110 asks; True without one."""
    tags = {tag.strip() for tag in (if_match or "*").split(",")}
    return bool(tags & {"*", etag_of(job)})


def _same(attempt: Attempt, text: str) -> bool:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return attempt.program is not None and attempt.program.sha256 == digest


def _check_errors(job: Job, attempt: Attempt) -> None:
    errors = [f for f in attempt.findings if f.severity is Severity.ERROR]
    if not errors:
        return
    told: list[JsonValue] = [f.model_dump(mode="json", exclude_none=True) for f in errors]
    first = errors[0]
    raise ProblemError(
        "PROGRAM_HAS_ERRORS",
        f"The program of attempt {attempt.number} has {len(errors)} error(s), the first in line"
        f" {first.line}: {first.code} {first.message}",
        job_id=job.id,
        findings=told,
    )


async def _edited(gateway: Gateway, job: Job, by: str, text: str, comment: str) -> ProgramEdited:
    if sum(a.edited for a in job.attempts) >= MAX_EDITS:
        raise ProblemError(
            "TOO_MANY_EDITS", f"Job {job.id} has {MAX_EDITS} edited programs.", job_id=job.id
        )
    # Named by its content: two reviewers at once do not write into each other's program.
    key = f"jobs/{job.id}/edited/{hashlib.sha256(text.encode()).hexdigest()}.py"
    program = await to_thread.run_sync(put_program, gateway.artifacts, key, text)
    return ProgramEdited(
        job_id=job.id,
        at=gateway.now(),
        attempt=len(job.attempts),
        by=by,
        comment=comment,
        program=program,
    )


async def _committed(gateway: Gateway, known: Job, event: Event) -> Response:
    try:
        job = await gateway.store.append(event, known=known)
    except IllegalTransition:
        now = await gateway.store.get(known.id)  # Another reviewer was faster.
        awaits = now.state is JobState.AWAITING_APPROVAL
        raise (_changed(now) if awaits else _not_awaiting(now)) from None
    headers = {"ETag": etag_of(job)}
    return Response(job_json(job), 200, headers, media_type="application/json")


def _changed(job: Job) -> ProblemError:
    number = len(job.attempts)
    return ProblemError(
        "PROGRAM_CHANGED",
        f"Job {job.id} waits for an approval of attempt {number}; that is not the one named.",
        hint=f"Read GET …/attempts/{number} with its diff, then name attempt {number}.",
        job_id=job.id,
        attempt=number,
    )


def _not_awaiting(job: Job) -> ProblemError:
    said = [(a.number, r) for a in job.attempts for r in a.reviews]
    detail = f"Job {job.id} is {job.state}; it does not wait for an approval."
    if said:
        number, review = said[-1]
        when = f"{review.at:%Y-%m-%d %H:%M:%S} UTC"
        detail += f" Attempt {number} {_DONE[review.verdict]} by {review.by} on {when}."
    return ProblemError("NOT_AWAITING_APPROVAL", detail, job_id=job.id, state=job.state.value)
