"""How answers are described in OpenAPI."""

from typing import Any

from arclight.contracts.base import Frozen
from services.gateway.problem_types import PROBLEMS
from services.gateway.problems import MEDIA_TYPE, Problem
from services.gateway.views import JobView

Described = dict[int | str, dict[str, Any]]

_RETRY_AFTER = {
    "description": "Seconds after which asking again makes sense.",
    "schema": {"type": "integer"},
}
_LOCATION = {"description": "Where the new thing is.", "schema": {"type": "string"}}
_ETAG = {"description": "The job's version.", "schema": {"type": "string"}}


def accepted() -> Described:
    """202 with the whole job."""
    links = {
        "GetJob": {
            "operationId": "getJob",
            "parameters": {"job_id": "$response.body#/id"},
            "description": "Ask for the job that was accepted.",
        }
    }
    headers = {"Location": _LOCATION, "Retry-After": _RETRY_AFTER}
    return {202: {"model": JobView, "description": "Accepted.", "headers": headers, "links": links}}


def created(model: type[Frozen]) -> Described:
    """201 with the new thing."""
    return {201: {"model": model, "description": "Created.", "headers": {"Location": _LOCATION}}}


def job_answer(description: str) -> Described:
    """200 with the whole job."""
    headers = {"ETag": _ETAG, "Retry-After": _RETRY_AFTER}
    return {200: {"model": JobView, "description": description, "headers": headers}}


def body_of(media_type: str, description: str, *, binary: bool = False) -> Described:
    """200 with a body that is not JSON."""
    schema = {"type": "string", **({"format": "binary"} if binary else {})}
    return {200: {"description": description, "content": {media_type: {"schema": schema}}}}


def problems(*statuses: int) -> Described:
    """The errors that an address answers with, each with the codes it may carry."""
    return {status: problem_of_status(status) for status in (401, *statuses, 503)}


def problem_of_status(status: int) -> dict[str, Any]:
    """One error answer, with the codes that have this status."""
    kinds = [p for p in PROBLEMS.values() if p.status == status]
    first = kinds[0]
    example = {
        "type": f"https://arclight.example/problems/{first.slug}",
        "title": first.title,
        "status": status,
        "detail": first.meaning,
        "instance": "/v1/jobs",
        "code": first.code,
        "hint": first.hint,
    }
    return {
        "model": Problem,
        "description": "One of: " + ", ".join(f"{k.code} ({k.title})" for k in kinds) + ".",
        "content": {MEDIA_TYPE: {"example": example}},
    }
