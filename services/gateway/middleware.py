"""Around every request, as plain ASGI: headers, errors, and the limit of a body's size."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.bodies import MAX_BODY, MAX_PROGRAM
from services.gateway.errors import problem_of
from services.gateway.problems import ProblemError, problem_response

_COMMON: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_DOCS = (
    "default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src https://cdn.jsdelivr.net; img-src https://fastapi.tiangolo.com data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)
UPLOADS = "/v1/sources"


class Edge:
    """Adds the security headers, and answers every error as problem+json."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def secured(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _COMMON.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = _DOCS if scope["path"] == "/docs" else _NOTHING
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        try:
            await self._app(scope, receive, secured)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the edge: nothing passes it unanswered
            problem = problem_of(error, scope)
            if not started:
                await problem_response(problem, scope)(scope, receive, secured)


class BodyLimit:
    """Refuses a JSON body above the limit before it is read. Uploads have a limit of their own."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == UPLOADS or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self._limit:
            raise self._too_large()
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> ProblemError:
        return ProblemError(
            "BODY_TOO_LARGE",
            f"The body is larger than {self._limit:,} bytes, the most that is read here.",
            hint="A prompt may have 32,768 characters and a program "
            f"{MAX_PROGRAM:,}. Put data into a source: POST {UPLOADS}.",
            headers={"Connection": "close"},
            limit=self._limit,
        )
