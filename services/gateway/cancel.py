"""POST …/cancel, and what was told to the callback address."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from arclight.contracts.base import Frozen
from arclight.contracts.failure import Failure, FailureKind, IllegalTransition
from arclight.contracts.job import Job, WebhookAttempt
from arclight.contracts.names import JobState
from arclight.contracts.outcome import stopped
from services.gateway.context import Gateway, gateway_of
from services.gateway.params import JobId
from services.gateway.problems import ProblemError
from services.gateway.responses import job_answer, problems
from services.gateway.views import etag_of, job_json, json_answer

router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["jobs"])


class Deliveries(Frozen):
    """What became of the callback."""

    callback_url: str | None = None
    delivered: bool
    deliveries: tuple[WebhookAttempt, ...]
    next_at: datetime | None = Field(default=None, description="When it is tried again.")


@router.post(
    "/cancel",
    operation_id="cancelJob",
    summary="Cancel a job",
    responses={**job_answer("The job, cancelled."), **problems(404, 409, 422)},
)
async def cancel_job(request: Request, job_id: JobId) -> Response:
    """Ends the job now, in every state; its program stops within 5 s. Again is the same answer."""
    job = await _cancelled(gateway_of(request.scope), job_id)
    if job.state is not JobState.CANCELLED:
        raise ProblemError(
            "JOB_ALREADY_FINISHED",
            f"Job {job_id} has {job.state} already, at {job.updated_at:%Y-%m-%d %H:%M:%S} UTC.",
            job_id=job_id,
        )
    headers = {"ETag": etag_of(job)}
    return Response(job_json(job), 200, headers, media_type="application/json")


@router.get(
    "/deliveries",
    operation_id="listDeliveries",
    summary="What was told to the callback URL",
    responses={200: {"model": Deliveries}, **problems(404, 422)},
)
async def list_deliveries(request: Request, job_id: JobId) -> Response:
    """Every try, in order."""
    job = await gateway_of(request.scope).store.get(job_id)
    url = job.request.callback_url
    view = Deliveries(
        callback_url=str(url) if url else None,
        delivered=any(a.delivered for a in job.webhook),
        deliveries=job.webhook,
        next_at=job.pending.due if job.state.terminal and job.pending else None,
    )
    return json_answer(view)


async def _cancelled(gateway: Gateway, job_id: str) -> Job:
    """The job after the attempt to cancel it: it may have ended on its own just before."""
    job = await gateway.store.get(job_id)
    if job.state.terminal:
        return job
    failure = Failure(
        kind=FailureKind.CANCELLED,
        code="CANCELLED",
        message=f"The job was cancelled while it was {job.state}.",
        hint="Retry the job to start it again.",
    )
    try:
        return await gateway.store.append(stopped(job, failure, at=gateway.now()))
    except IllegalTransition:
        return await gateway.store.get(job_id)
