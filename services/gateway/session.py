"""What a new job takes over from the job that it follows: named, or the newest of its session."""

import hashlib
from dataclasses import dataclass

from arclight.contracts.failure import JobNotFound
from arclight.contracts.job import MAX_BEFORE, Job
from arclight.contracts.names import Framework, JobState
from arclight.contracts.source import Source
from services.gateway.bodies import NewJob
from services.gateway.context import Gateway
from services.gateway.problems import Place, ProblemError


@dataclass(frozen=True)
class Asked:
    """A body, with what it left out taken over."""

    body: NewJob
    sources: tuple[Source, ...]
    framework: Framework
    session: str | None
    follows: str | None = None
    before: tuple[str, ...] = ()


async def continued(gateway: Gateway, caller: str, body: NewJob) -> Asked:
    """What is asked in full. Raises ProblemError when `follows` names no job."""
    old = await _followed(gateway, caller, body)
    if old is None:
        return Asked(body, body.sources, body.framework, body.session)
    chosen = body.framework is not Framework.AUTO
    return Asked(
        body,
        sources=body.sources or old.request.sources,
        framework=body.framework if chosen else old.request.framework,
        session=body.session or old.request.session,
        follows=old.id,
        before=asked_before(old),
    )


def session_key(caller: str, session: str | None) -> str | None:
    """The store's key: one caller's session is never another's."""
    if session is None:
        return None
    return hashlib.sha256(f"{caller}\n{session}".encode()).hexdigest()


def asked_before(job: Job) -> tuple[str, ...]:
    """The prompts up to this job's own, oldest first; one that was not understood is left out."""
    prompts = job.request.before
    if job.request.prompt.strip() and not _fruitless(job):
        prompts = (*prompts, job.request.prompt)
    while prompts and sum(map(len, prompts)) > MAX_BEFORE:
        prompts = prompts[1:]
    return prompts


def _fruitless(job: Job) -> bool:
    return job.state is JobState.FAILED and all(a.plan is None for a in job.attempts)


async def _followed(gateway: Gateway, caller: str, body: NewJob) -> Job | None:
    if body.follows is not None:
        try:
            return await gateway.store.get(body.follows)
        except JobNotFound:
            raise _no_such(body.follows) from None
    key = session_key(caller, body.session)
    newest = await gateway.store.newest(key) if key else None
    if newest is None:
        return None
    try:
        return await gateway.store.get(newest)
    except JobNotFound:
        return None  # It is older than jobs are kept.


def _no_such(job_id: str) -> ProblemError:
    return ProblemError(
        "INVALID_REQUEST",
        f"The job that `follows` names does not exist: {job_id}.",
        hint="GET /v1/jobs lists the jobs that are kept; a finished job is kept for 30 days.",
        errors=[Place(detail="no such job", pointer="/follows")],
    )
