"""One job and the list of jobs."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from arclight.contracts.base import Frozen
from arclight.contracts.job import Job
from arclight.contracts.names import JobState
from arclight.runtime.store.port import BadPageToken
from services.gateway.context import Gateway, gateway_of
from services.gateway.params import MAX_WAIT, JobId, PageToken, prefer_wait
from services.gateway.problems import Place, ProblemError
from services.gateway.responses import job_answer, problems
from services.gateway.views import JobView, etag_of, job_json, job_view, json_answer

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

MAX_PAGE = 200


class JobPage(Frozen):
    """Newest first. `next_page_token` is left out at the end."""

    jobs: tuple[JobView, ...]
    next_page_token: str | None = None


@router.get(
    "/{job_id}",
    operation_id="getJob",
    summary="One job",
    responses={
        **job_answer("The whole job, whatever became of it."),
        304: {"description": "Unchanged since the version in If-None-Match."},
        **problems(404, 422),
    },
)
async def get_job(
    request: Request,
    job_id: JobId,
    wait: Annotated[
        float | None,
        Query(ge=0, description=f"Answer when the job changes, or after so many s (≤ {MAX_WAIT})."),
    ] = None,
    prefer: Annotated[str | None, Header(description="`wait=20`: the same as a header.")] = None,
    if_none_match: Annotated[
        str | None, Header(description="ETag of the version that is known already.")
    ] = None,
) -> Response:
    """The job as it is now, or, with `wait`, once it differs from the version that is known."""
    gateway = gateway_of(request.scope)
    preferred = prefer_wait(prefer) if wait is None else None
    seconds = min(wait if wait is not None else preferred or 0.0, MAX_WAIT)
    job = await gateway.store.get(job_id)
    if seconds > 0 and (if_none_match is None or _matches(if_none_match, job)):
        job = await _changed(gateway, job, seconds)
    headers = {"ETag": etag_of(job), "Cache-Control": "no-cache"}
    if preferred is not None:
        headers["Preference-Applied"] = f"wait={seconds:g}"
    if not job.state.terminal:
        headers["Retry-After"] = "1"
    if if_none_match is not None and _matches(if_none_match, job):
        return Response(status_code=304, headers=headers)
    progress = None if job.state.terminal else await gateway.store.latest(job_id)
    if progress is not None:
        # The same version looks different from one moment to the next: equal in meaning only.
        headers["ETag"] = f"W/{etag_of(job)}"
    return Response(job_json(job, progress), 200, headers, media_type="application/json")


@router.get(
    "",
    operation_id="listJobs",
    summary="All jobs, newest first",
    responses={200: {"model": JobPage}, **problems(422)},
)
async def list_jobs(
    request: Request,
    page_size: Annotated[
        int, Query(ge=1, description=f"Jobs on a page; more than {MAX_PAGE} means {MAX_PAGE}.")
    ] = 50,
    page_token: PageToken = None,
    state: Annotated[JobState | None, Query(description="Only jobs in this state.")] = None,
) -> Response:
    """One page; `next_page_token` continues after it."""
    store = gateway_of(request.scope).store
    try:
        page = await store.list(
            page_size=min(page_size, MAX_PAGE), page_token=page_token, state=state
        )
    except BadPageToken:
        raise bad_page_token() from None
    jobs = tuple(job_view(job) for job in page.jobs)
    return json_answer(JobPage.model_construct(jobs=jobs, next_page_token=page.next_token))


def bad_page_token() -> ProblemError:
    """The answer to a token that this list did not give out."""
    return ProblemError(
        "MALFORMED_PAGE_TOKEN",
        "The page token was not given out by this list.",
        errors=[Place(detail="not a page token of this list", pointer="query:page_token")],
    )


async def _changed(gateway: Gateway, job: Job, seconds: float) -> Job:
    """The job once its version has risen; sooner when time is up or the server stops."""
    wait = asyncio.ensure_future(
        gateway.store.wait(job.id, job.version, timedelta(seconds=seconds))
    )
    stop = asyncio.ensure_future(gateway.stopping.wait())
    try:
        await asyncio.wait({wait, stop}, return_when=asyncio.FIRST_COMPLETED)
        return wait.result() if wait.done() else job
    finally:
        for task in (wait, stop):
            task.cancel()
        await asyncio.gather(wait, stop, return_exceptions=True)


def _matches(header: str, job: Job) -> bool:
    """If-None-Match, compared weakly as RFC 9110 asks."""
    known = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in known or etag_of(job) in known
