"""The OpenAPI document: FastAPI's own, with keys, problem+json and the webhook added."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.auth import OPEN, OPEN_BELOW
from services.gateway.problems import MEDIA_TYPE

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `arc_…`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}

_FINISHED = {
    "post": {
        "operationId": "jobFinished",
        "summary": "A job has ended",
        "description": "Sent to the job's `callback_url`, signed as Standard Webhooks 1.0 asks.",
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["type", "timestamp", "data"],
                        "properties": {
                            "type": {"type": "string"},
                            "timestamp": {"type": "string", "format": "date-time"},
                            "data": {"type": "object"},
                        },
                    }
                }
            }
        },
        "responses": {"2XX": {"description": "Received; anything else is tried again."}},
    }
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schema["components"]["securitySchemes"] = _SCHEMES
        schema["security"] = [{"bearer": []}, {"header": []}]
        schema["webhooks"] = {"jobFinished": _FINISHED}
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                _amend(path, operation)
        app.openapi_schema = schema
    return app.openapi_schema


def _amend(path: str, operation: dict[str, Any]) -> None:
    if path in OPEN or path.startswith(OPEN_BELOW):
        operation["security"] = []
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if status >= "400" and "application/json" in content:
            schema = content.pop("application/json")
            content[MEDIA_TYPE] = {**schema, **content.get(MEDIA_TYPE, {})}
