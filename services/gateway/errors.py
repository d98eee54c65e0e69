"""From any exception to the problem that is answered."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from redis.exceptions import ConnectionError as StoreConnectionError
from redis.exceptions import TimeoutError as StoreTimeoutError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Scope

from arclight.contracts.base import Frozen
from arclight.contracts.failure import JobNotFound
from arclight.contracts.limits import RunLimits
from arclight.runtime.telemetry import logger
from services.gateway.bodies import Approval, Decline, NewJob
from services.gateway.context import gateway_of
from services.gateway.problems import Place, ProblemError, problem_response

_IDS = {"job_id": ("MALFORMED_JOB_ID", "job_"), "source_id": ("MALFORMED_SOURCE_ID", "src_")}
_BODIES: Mapping[str, type[Frozen]] = {"approve": Approval, "decline": Decline}
"""By the last part of the address."""
_KINDS = frozenset({"upload", "s3", "glue", "postgres", "snowflake"})


async def answer_error(request: Request, error: Exception) -> Response:
    """The exception handler of the app."""
    return problem_response(problem_of(error, request.scope), request.scope)


def problem_of(error: Exception, scope: Scope) -> ProblemError:
    """The problem that tells of `error`; an unexpected one goes to the log under an incident id."""
    match error:
        case ProblemError():
            return error
        case RequestValidationError():
            return _invalid(error, scope)
        case HTTPException():
            return _http(error, scope)
        case JobNotFound():
            job_id = str(error)
            return ProblemError("JOB_NOT_FOUND", f"No job has the id {job_id}.", job_id=job_id)
        case StoreConnectionError() | StoreTimeoutError():
            logger().error("store unavailable", path=scope["path"], error=str(error))
            return ProblemError(
                "STORE_UNAVAILABLE",
                "The gateway cannot reach its store.",
                headers={"Retry-After": "2"},
            )
    incident = gateway_of(scope).ids.incident()
    logger().error("request failed", path=scope["path"], incident=incident, exc_info=error)
    return ProblemError(
        "INTERNAL_ERROR", f"The gateway failed; the incident is {incident}.", incident=incident
    )


def _http(error: HTTPException, scope: Scope) -> ProblemError:
    path = scope["path"]
    if error.status_code == 404:
        return ProblemError("ROUTE_NOT_FOUND", f"Nothing is served at {path}.")
    if error.status_code == 405:
        allowed = ", ".join(
            _methods(scope) or sorted((error.headers or {}).get("Allow", "").split(", "))
        )
        return ProblemError(
            "METHOD_NOT_ALLOWED",
            f"{scope['method']} does not work on {path}; it takes {allowed}.",
            headers={"Allow": allowed},
        )
    return ProblemError("MALFORMED_JSON", "The body could not be read as JSON in UTF-8.")


def _methods(scope: Scope) -> list[str]:
    """What the address takes: the router's own answer names one route's methods only."""
    found: set[str] = set()
    for template, operations in scope["app"].openapi()["paths"].items():
        pattern, _, _ = compile_path(template)
        if pattern.match(scope["path"]):
            found |= {method.upper() for method in operations}
    return sorted(found)


def _invalid(error: RequestValidationError, scope: Scope) -> ProblemError:
    errors = error.errors()
    first, loc = errors[0], tuple(errors[0]["loc"])
    if first["type"] == "json_invalid":
        why = first.get("ctx", {}).get("error", "not JSON")
        return ProblemError("MALFORMED_JSON", f"The body is not JSON: {why} at character {loc[1]}.")
    if loc == ("body",) and first["type"] != "missing" and not _is_json(scope):
        sent = Headers(scope=scope).get("content-type")
        return ProblemError(
            "UNSUPPORTED_MEDIA_TYPE",
            f"The body is {sent or 'of no content type'}; this address reads application/json.",
        )
    fields = _fields(scope)
    places = [_place(e, fields) for e in errors]
    code, prefix = _IDS.get(str(loc[-1]), ("", "")) if loc[0] == "path" else ("", "")
    if code:
        detail = f"A {'job' if prefix == 'job_' else 'source'} id is `{prefix}` and 28 hex digits."
        return ProblemError(code, detail, errors=places)
    return ProblemError("INVALID_REQUEST", "; ".join(map(_told, places[:5])), errors=places)


def _told(place: Place) -> str:
    if place["pointer"]:
        return f"{place['pointer']}: {place['detail']}"
    return f"{place['detail'][:1].upper()}{place['detail'][1:]}."


def _fields(scope: Scope) -> Collection[str]:
    """Names that the body of this address may have."""
    return _BODIES.get(scope["path"].rpartition("/")[2], NewJob).model_fields


def _place(error: dict[str, Any], fields: Collection[str]) -> Place:
    where, *rest = error["loc"]
    if where != "body":
        return Place(detail=_said(error, fields), pointer=f"{where}:{'.'.join(map(str, rest))}")
    parts = _without_tags(rest)
    escaped = (str(p).replace("~", "~0").replace("/", "~1") for p in parts)
    return Place(detail=_said(error, fields), pointer="".join(f"/{p}" for p in escaped))


def _without_tags(parts: Sequence[str | int]) -> list[str | int]:
    """The place in the body: pydantic names a union's variant there, which no body has."""
    return [
        part
        for i, part in enumerate(parts)
        if not (part in _KINDS and i > 0 and isinstance(parts[i - 1], int))
    ]


def _said(error: dict[str, Any], fields: Collection[str]) -> str:
    if error["type"] == "missing" and len(error["loc"]) == 1:
        return "the body is missing"
    if error["type"] == "extra_forbidden":
        known = RunLimits.model_fields if "limits" in error["loc"] else fields
        near = difflib.get_close_matches(str(error["loc"][-1])[:64], known, 1)
        return "there is no such field" + (f"; did you mean `{near[0]}`?" if near else "")
    message = str(error["msg"]).removeprefix("Value error, ")
    acronym = message[:2].isupper()  # `URL scheme …`
    return message if acronym else message[:1].lower() + message[1:]


def _is_json(scope: Scope) -> bool:
    media_type = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")
