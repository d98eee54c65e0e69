"""problem+json (RFC 9457): the error that handlers raise, and its answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from pydantic import Field, JsonValue
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from arclight.contracts.base import Frozen
from services.gateway.context import gateway_of
from services.gateway.problem_types import PROBLEMS, ProblemType

MEDIA_TYPE = "application/problem+json"


class Place(TypedDict):
    """What is wrong, and where: a JSON pointer into the body, or the parameter's name."""

    detail: str
    pointer: str


class ErrorPlace(Frozen):
    """One thing that is wrong with the request."""

    detail: str
    pointer: str = Field(description="JSON pointer into the body, or `header:`/`query:` and name.")


class Problem(Frozen):
    """Every error answer."""

    type: str = Field(description="Address that explains this type of problem.")
    title: str
    status: int
    detail: str = Field(description="What happened in this case.")
    instance: str = Field(description="The path that was asked.")
    code: str
    hint: str = Field(description="What to do next.")
    job_id: str | None = None
    errors: tuple[ErrorPlace, ...] = ()


class ProblemError(HTTPException):
    """Answered as problem+json wherever it is raised.

    `code` names the row of the table; `shown` replaces it in the answer where a case has a finer
    code. `more` holds further members of the answer.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        hint: str | None = None,
        shown: str | None = None,
        errors: Sequence[Place] = (),
        headers: Mapping[str, str] | None = None,
        **more: JsonValue,
    ) -> None:
        self.kind = PROBLEMS[code]
        super().__init__(self.kind.status, detail, dict(headers or {}))
        self.hint = hint or self.kind.hint
        self.shown = shown or code
        self.errors = errors
        self.more = more


def problem_response(error: ProblemError, scope: Scope) -> Response:
    """The answer to `error`, for the request in `scope`."""
    body: dict[str, Any] = {
        "type": address_of(error.kind, scope),
        "title": error.kind.title,
        "status": error.kind.status,
        "detail": error.detail,
        "instance": scope["path"],
        "code": error.shown,
        "hint": error.hint,
        **error.more,
    }
    if error.errors:
        body["errors"] = list(error.errors)
    return Response(
        json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace"),
        status_code=error.kind.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **dict(error.headers or {})},
    )


def address_of(kind: ProblemType, scope: Scope) -> str:
    """Where the gateway explains this type of problem."""
    return f"{gateway_of(scope).base_url}/problems/{kind.slug}"
