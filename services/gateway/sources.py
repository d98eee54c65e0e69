"""Files that are uploaded to be the sources of jobs."""

import shutil
import tempfile
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.profile import ColumnType
from arclight.catalog.upload import StoredUpload, UnknownSource
from arclight.contracts.base import Frozen
from services.gateway.context import gateway_of
from services.gateway.params import SourceId
from services.gateway.problems import ProblemError
from services.gateway.responses import created, problems
from services.gateway.uploads import receive_file, too_large
from services.gateway.views import json_answer

router = APIRouter(prefix="/v1/sources", tags=["sources"])

_FORM_SLACK = 64 * 1024
"""Bytes of boundaries and headers that a form may add to its file."""


class SourceColumn(Frozen):
    """A column as the sample of the file shows it."""

    name: str
    type: ColumnType


class SourceView(Frozen):
    """An uploaded file."""

    id: str = Field(description="What a job's `sources` name it by.")
    kind: str
    name: str = Field(description="Table name, used in prompts.")
    filename: str
    format: str
    columns: tuple[SourceColumn, ...]
    rows: int | None = None
    bytes: int
    sha256: str
    uri: str
    links: dict[str, str]


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "CSV or TSV with a header line, JSON lines, or Parquet.",
                        }
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=201,
    operation_id="uploadSource",
    summary="Upload a file",
    openapi_extra=_FORM,
    responses={**created(SourceView), **problems(400, 413, 415, 422)},
)
async def upload_source(request: Request) -> Response:
    """Streamed to disk, checked as a whole, and then known by its id for every later job."""
    gateway = gateway_of(request.scope)
    limit = gateway.settings.max_upload
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit + _FORM_SLACK:
        raise too_large(limit)
    source_id = gateway.ids.source(gateway.now())
    folder = Path(await to_thread.run_sync(tempfile.mkdtemp, None, "arclight-upload-"))
    try:
        path = folder / "upload"
        content_type = request.headers.get("content-type", "")
        filename = await receive_file(content_type, request.stream(), path, limit)
        stored = await to_thread.run_sync(gateway.catalog.add, path, filename, source_id)
    except BadUpload as error:
        raise ProblemError(
            "UPLOAD_REJECTED",
            error.message,
            hint=error.hint,
            shown=error.code,
            details=error.details,
        ) from None
    finally:
        await to_thread.run_sync(shutil.rmtree, folder, True)
    return json_answer(source_view(stored), 201, {"Location": f"/v1/sources/{source_id}"})


@router.get(
    "/{source_id}",
    operation_id="getSource",
    summary="One uploaded file",
    responses={200: {"model": SourceView}, **problems(404, 422)},
)
async def get_source(request: Request, source_id: SourceId) -> Response:
    """Its columns, size and place."""
    gateway = gateway_of(request.scope)
    try:
        stored = await to_thread.run_sync(gateway.catalog.get, source_id)
    except UnknownSource:
        raise ProblemError("SOURCE_NOT_FOUND", f"No upload has the id {source_id}.") from None
    return json_answer(source_view(stored))


def source_view(stored: StoredUpload) -> SourceView:
    profile = stored.profile
    return SourceView(
        id=stored.id,
        kind="upload",
        name=profile.name,
        filename=stored.filename,
        format=profile.format,
        columns=tuple(SourceColumn(name=c.name, type=c.type) for c in profile.columns),
        rows=profile.rows,
        bytes=profile.bytes,
        sha256=profile.sha256,
        uri=profile.uri,
        links={"self": f"/v1/sources/{stored.id}"},
    )
