"""POST /v1/jobs and POST …/retry: from a body to a durable record."""

import hashlib
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from arclight.catalog.resolve import profiles
from arclight.contracts.budget import Budget
from arclight.contracts.events import JobSubmitted, ProgramSubmitted
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import Job, JobRequest, ProgramRef, deadline_of
from arclight.contracts.source import Source, UploadSource
from arclight.runtime.artifacts import Artifacts, put_program
from arclight.runtime.store.port import IdempotencyConflict
from services.gateway.bodies import NewJob
from services.gateway.context import Gateway, caller_of, gateway_of
from services.gateway.limits import check_limits
from services.gateway.params import JobId
from services.gateway.problems import Place, ProblemError
from services.gateway.responses import accepted, problems
from services.gateway.session import Asked, continued, session_key
from services.gateway.views import job_json

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The same key with the same body answers with the first job; kept 48 h.",
    ),
]


@router.post(
    "",
    status_code=202,
    operation_id="submitJob",
    summary="Submit a job",
    responses={**accepted(), **problems(400, 413, 415, 422)},
)
async def submit_job(request: Request, body: NewJob, key: IdempotencyKey = None) -> Response:
    """Accept a question or a program. The answer comes after the record is durable."""
    gateway, caller = gateway_of(request.scope), caller_of(request.scope)
    check_limits(body.limits, gateway.settings)
    now = gateway.now()
    job_id = gateway.ids.job(now)
    asked = await continued(gateway, caller, body)
    sources = await _resolved(asked.sources, gateway.artifacts)
    program = await _stored_program(gateway, job_id, body.program)
    work = _request(gateway, asked, sources, program)
    event_type = ProgramSubmitted if program else JobSubmitted
    event = event_type(
        job_id=job_id, at=now, request=work, caller=caller, deadline=deadline_of(work, now)
    )
    scoped = _scoped(caller, key, request, body.model_dump_json())
    return _accepted(await _submit(gateway, event, scoped))


@router.post(
    "/{job_id}/retry",
    status_code=202,
    operation_id="retryJob",
    summary="Run a finished job again",
    responses={**accepted(), **problems(404, 409, 422)},
)
async def retry_job(request: Request, job_id: JobId, key: IdempotencyKey = None) -> Response:
    """A new job from the same request; its `retry_of` names the old one."""
    gateway, caller = gateway_of(request.scope), caller_of(request.scope)
    old = await gateway.store.get(job_id)
    if not old.state.terminal:
        raise ProblemError(
            "JOB_NOT_FINISHED",
            f"Job {job_id} is {old.state}; only a job that has ended can be retried.",
            hint="Wait for its end, or cancel it first with POST …/cancel.",
            job_id=job_id,
        )
    now = gateway.now()
    event_type = ProgramSubmitted if old.request.program else JobSubmitted
    event = event_type(
        job_id=gateway.ids.job(now),
        at=now,
        request=old.request,
        caller=caller,
        deadline=deadline_of(old.request, now),
        retry_of=old.id,
    )
    scoped = _scoped(caller, key, request)
    return _accepted(await _submit(gateway, event, scoped))


async def _submit(
    gateway: Gateway,
    event: JobSubmitted | ProgramSubmitted,
    idempotency: tuple[str, str] | None,
) -> Job:
    try:
        return await gateway.store.submit(
            event, idempotency=idempotency, session=session_key(event.caller, event.request.session)
        )
    except IdempotencyConflict:
        raise ProblemError(
            "IDEMPOTENCY_KEY_REUSED",
            "This Idempotency-Key was used before with another body.",
            errors=[Place(detail="already used", pointer="header:Idempotency-Key")],
        ) from None


def _accepted(job: Job) -> Response:
    headers = {"Location": f"/v1/jobs/{job.id}", "Retry-After": "1"}
    return Response(job_json(job), 202, headers, media_type="application/json")


def _request(
    gateway: Gateway, asked: Asked, sources: tuple[Source, ...], program: ProgramRef | None
) -> JobRequest:
    body = asked.body
    budget = Budget(
        max_attempts=body.max_attempts,
        wall=body.timeout or gateway.settings.job_timeout,
        **({"review": body.review_timeout} if body.review_timeout else {}),
    )
    return JobRequest(
        prompt=body.prompt,
        program=program,
        sources=sources,
        framework=asked.framework,
        platform=body.platform,
        mode=body.mode,
        budget=budget,
        repair=body.repair,
        rehearse=body.rehearse,
        limits=body.limits,
        isolation=body.isolation,
        callback_url=body.callback_url,
        session=asked.session,
        follows=asked.follows,
        before=asked.before,
    )


async def _resolved(sources: tuple[Source, ...], artifacts: Artifacts) -> tuple[Source, ...]:
    """The sources with the names and addresses that the job will know them by."""
    if not sources:
        return ()
    try:
        tables = await to_thread.run_sync(profiles, sources, artifacts)
    except StepFailed as error:
        raise _bad_source(error.failure, sources) from None
    return tuple(
        UploadSource(id=source.id, name=table.name, uri=table.uri)
        for source, table in zip(sources, tables, strict=True)
        if isinstance(source, UploadSource)
    )


def _bad_source(failure: Failure, sources: tuple[Source, ...]) -> ProblemError:
    wrong = set(failure.details.values())
    places = [
        Place(detail=failure.message, pointer=f"/sources/{i}")
        for i, source in enumerate(sources)
        if wrong & {source.kind, getattr(source, "id", None), getattr(source, "name", None)}
    ]
    return ProblemError(failure.code, failure.message, hint=failure.hint, errors=places)


async def _stored_program(gateway: Gateway, job_id: str, text: str | None) -> ProgramRef | None:
    if text is None:
        return None
    key = f"jobs/{job_id}/program.py"
    return await to_thread.run_sync(put_program, gateway.artifacts, key, text)


def _scoped(
    caller: str, key: str | None, request: Request, body: str = ""
) -> tuple[str, str] | None:
    """The store's idempotency key, and the fingerprint of address and body."""
    if key is None:
        return None
    asked = f"{request.url.path}\n{body}"
    return f"{caller}:{key}", hashlib.sha256(asked.encode()).hexdigest()
