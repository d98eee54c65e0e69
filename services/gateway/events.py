"""GET …/events: what happens to a job, as server-sent events."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

import anyio
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from arclight.runtime.store.port import LogLine, StreamItem
from services.gateway.context import Gateway, gateway_of
from services.gateway.params import JobId
from services.gateway.responses import body_of, problems

router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["jobs"])

RETRY = b"retry: 3000\n\n"
PING = b": ping\n\n"
PING_EVERY = 15.0
"""Seconds. Half of the shortest idle limit that common proxies have."""
SEND_LIMIT = 30.0
"""Seconds. A reader that takes nothing for so long is gone, or as good as."""


@router.get(
    "/events",
    operation_id="streamEvents",
    summary="What happens to a job, live",
    response_class=Response,
    responses={
        **body_of(
            "text/event-stream",
            "Events by type; `log` for a log line, `progress` for how far a running program is.",
        ),
        204: {"description": "The job has ended and its last event is known: do not reconnect."},
        **problems(404, 422),
    },
)
async def stream_events(
    request: Request,
    job_id: JobId,
    last_event_id: Annotated[
        str | None, Header(description="Continue after this id, as browsers do on reconnecting.")
    ] = None,
    after: Annotated[str | None, Query(description="The same as a parameter.")] = None,
) -> Response:
    """Replays what is past, goes on live, and ends after the terminal event.

    `log` carries `{line, stream}`. `progress` comes live only, at most 4 times a second, and
    replaces the one before; the record keeps none of it.
    """
    gateway = gateway_of(request.scope)
    position = last_event_id or after
    job = await gateway.store.get(job_id)
    if job.state.terminal and position and not await _more(gateway, job_id, position):
        return Response(status_code=204)
    return EventStream(_frames(gateway, job_id, position))


class EventStream(Response):
    """Sends frames until they end or the reader leaves; a reader that stalls is dropped."""

    def __init__(self, frames: AsyncGenerator[bytes, None]) -> None:
        self.status_code = 200
        self.background = None
        self.media_type = "text/event-stream"
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(self._send, send, group.cancel_scope)
            while (await receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

    async def _send(self, send: Send, scope: anyio.CancelScope) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(self._frames) as frames:
            async for frame in frames:
                with anyio.move_on_after(SEND_LIMIT) as limit:
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
                if limit.cancelled_caught:
                    scope.cancel()  # Without an end: the server then cuts the connection.
                    return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        scope.cancel()


async def _frames(gateway: Gateway, job_id: str, after: str | None) -> AsyncGenerator[bytes, None]:
    yield RETRY
    quiet_since = anyio.current_time()
    async for item in _items(gateway, job_id, after):
        if item is not None:
            yield frame_of(item)
            quiet_since = anyio.current_time()
        elif anyio.current_time() - quiet_since >= PING_EVERY:
            yield PING
            quiet_since = anyio.current_time()
        if gateway.stopping.is_set():
            return


async def _items(
    gateway: Gateway, job_id: str, after: str | None
) -> AsyncIterator[StreamItem | None]:
    stream = gateway.store.stream(job_id, after, follow=True)
    try:
        async for item in stream:
            yield item
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def _more(gateway: Gateway, job_id: str, after: str) -> bool:
    """True when a job that has ended still has something to tell after this position."""
    async for item in gateway.store.stream(job_id, after):
        if item is not None:
            return True
    return False


def frame_of(item: StreamItem) -> bytes:
    """One event of the wire format. JSON has no raw line breaks, so `data:` is one line."""
    if item.event is not None:
        name, data = item.event.type.value, item.event.model_dump_json(exclude_none=True)
    elif item.progress is not None:
        name, data = "progress", item.progress.model_dump_json(exclude_none=True)
    else:
        line = item.log or LogLine("")
        name, data = "log", json.dumps({"line": line.text, "stream": line.stream})
    return f"id: {item.id}\nevent: {name}\ndata: {data}\n\n".encode()
