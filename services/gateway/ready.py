"""Liveness and readiness."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Request

import arclight
from arclight.contracts.base import Frozen
from arclight.contracts.names import Queue
from services.gateway.context import gateway_of
from services.gateway.problems import ProblemError
from services.gateway.responses import Described, problem_of_status

router = APIRouter(tags=["operations"])

PATIENCE = timedelta(seconds=3)
"""Below the 5 s that probes usually allow; an idle worker echoes within milliseconds."""


class Health(Frozen):
    """The gateway's own loop answers."""

    status: str
    version: str


class Ready(Frozen):
    """A canary came back through every queue."""

    status: str
    queues: dict[str, bool]


_NOT_READY: Described = {503: problem_of_status(503)}


@router.get("/health", operation_id="getHealth", summary="Is the gateway alive")
async def health() -> Health:
    """Says nothing about the store and the workers."""
    return Health(status="ok", version=arclight.__version__)


@router.get(
    "/ready",
    operation_id="getReady",
    summary="Can a job go all the way",
    responses=_NOT_READY,
)
async def ready(request: Request) -> Ready:
    """Sends a canary through every real queue and waits for each consumer's echo."""
    store = gateway_of(request.scope).store
    echoed = await asyncio.gather(*(store.canary(q, PATIENCE) for q in Queue))
    queues = {q.value: came for q, came in zip(Queue, echoed, strict=True)}
    silent = [name for name, came in queues.items() if not came]
    if silent:
        raise ProblemError(
            "NOT_READY",
            f"No worker answered within {PATIENCE.total_seconds():g} s on: {', '.join(silent)}.",
            hint="Start the worker of each queue that is named, or wait until it is up.",
            headers={"Retry-After": "2"},
            queues=dict(queues),
        )
    return Ready(status="ready", queues=queues)
