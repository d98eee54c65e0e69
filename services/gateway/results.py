"""GET …/result: the answer, by pages as JSON, whole as CSV or Parquet; a text whole as text."""

import base64
import binascii
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from pydantic import Field, JsonValue
from starlette.responses import FileResponse, Response, StreamingResponse

from arclight.contracts.base import Frozen
from arclight.contracts.job import Job
from arclight.contracts.names import JobState
from arclight.contracts.result import Column, Result, ResultKind
from arclight.runtime.artifacts import ArtifactMissing, Artifacts
from services.gateway.context import gateway_of
from services.gateway.jobs import bad_page_token
from services.gateway.params import JobId, PageToken
from services.gateway.problems import ProblemError
from services.gateway.responses import problems
from services.gateway.tables import Table
from services.gateway.views import json_answer

router = APIRouter(prefix="/v1/jobs/{job_id}", tags=["results"])

DEFAULT_ROWS, MAX_ROWS = 1_000, 10_000
"""Rows on a page: about 100 kB and 1 MB of JSON for a usual table."""

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
TEXT = "text/plain; charset=utf-8"


_ABOUT = """All rows are reachable: by pages as JSON, in one piece as CSV or Parquet. JSON shows
the beginning of a long text; `format=text` gives all of it.

Each column's `kind` says how its values are in JSON: `decimal` as text with all digits; `date`,
`time`, `timestamp` and `duration` as ISO 8601 text, to the nanosecond; `binary` as base64;
`struct` as an object, `list` as an array, `map` as an array of pairs. A float that is no number
is `"NaN"`, `"Infinity"` or `"-Infinity"`; null is null. A page may have fewer rows than asked for
when they are large: `next_page_token` goes on after it."""

Safe = Annotated[
    bool,
    Query(
        description="CSV for spreadsheets: a text that would be run as a formula (it begins with"
        " `=`, `+`, `-`, `@`, a tab or a line break) gets an apostrophe in front; numbers stay"
        " numbers. Without it CSV is exact."
    ),
]


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    TEXT = "text"


class ResultPage(Frozen):
    """One page of a table; or, for a program that only prints, its text."""

    job_id: str
    kind: ResultKind
    columns: tuple[Column, ...]
    rows: list[list[JsonValue]] = Field(description="Each a list in the order of `columns`.")
    total_rows: int = Field(description="Rows over all pages.")
    next_page_token: str | None = Field(default=None, description="Left out at the end.")
    text: str | None = None
    notes: tuple[str, ...]
    sources_read: tuple[str, ...]
    links: dict[str, str]


@router.get(
    "/result",
    operation_id="getResult",
    summary="The answer",
    description=_ABOUT,
    responses={
        200: {
            "model": ResultPage,
            "content": {
                CSV: {"schema": {"type": "string"}},
                PARQUET: {"schema": {"type": "string", "format": "binary"}},
                "text/plain": {"schema": {"type": "string"}},
            },
        },
        **problems(404, 406, 409, 410, 422),
    },
)
async def get_result(
    request: Request,
    job_id: JobId,
    format: Annotated[
        Format | None, Query(description="Without it the `Accept` header decides; else JSON.")
    ] = None,
    page_size: Annotated[
        int, Query(ge=1, description=f"Rows of a JSON page; at most {MAX_ROWS} are given.")
    ] = DEFAULT_ROWS,
    page_token: PageToken = None,
    safe: Safe = False,
    accept: Annotated[str | None, Header(description="`text/csv` or Parquet's type.")] = None,
) -> Response:
    """All rows, or one page of them."""
    gateway = gateway_of(request.scope)
    job = await gateway.store.get(job_id)
    result = _result_of(job)
    wanted = format or _accepted(accept)
    try:
        if wanted is Format.JSON:
            page = await to_thread.run_sync(
                _page, job, result, gateway.artifacts, min(page_size, MAX_ROWS), page_token
            )
            return json_answer(page)
        if result.kind is ResultKind.TEXT and wanted is Format.TEXT:
            return await to_thread.run_sync(_whole_text, result, gateway.artifacts)
        if result.kind is not ResultKind.TABLE or wanted is Format.TEXT:
            raise _not_acceptable(job_id, result)
        table = Table(result, gateway.artifacts)
        return await to_thread.run_sync(_download, job, result, table, wanted, safe)
    except ArtifactMissing as error:
        raise ProblemError(
            "RESULT_GONE", f"The file {error} of the result is no longer stored.", job_id=job_id
        ) from None


def _not_acceptable(job_id: str, result: Result) -> ProblemError:
    forms = {
        ResultKind.TABLE: "`format=json`, `csv` or `parquet`",
        ResultKind.TEXT: "`format=json` or `text`",
        ResultKind.PROGRAM: f"`format=json`, or GET /v1/jobs/{job_id}/code",
    }
    return ProblemError(
        "NOT_ACCEPTABLE",
        f"The result of job {job_id} is a {result.kind}.",
        hint=f"Ask for {forms[result.kind]}.",
        job_id=job_id,
    )


def _how_to_get_it(job: Job) -> str:
    here = f"/v1/jobs/{job.id}"
    if job.state is JobState.AWAITING_APPROVAL:
        return f"Read its program with GET {here}/code, then POST {here}/approve or …/decline."
    return (
        f"Wait with GET {here}?wait=20 until `state` is `succeeded`, or follow GET {here}/events."
    )


def _whole_text(result: Result, artifacts: Artifacts) -> Response:
    if not result.files:
        return Response(result.text, media_type=TEXT)
    return FileResponse(artifacts.local(result.files[0].key), media_type=TEXT)


def _result_of(job: Job) -> Result:
    """The result. Raises ProblemError for a job that has none."""
    if job.state is JobState.SUCCEEDED and job.result is not None:
        return job.result
    if not job.state.terminal:
        raise ProblemError(
            "JOB_NOT_FINISHED",
            f"Job {job.id} is {job.state}; it has no result yet.",
            hint=_how_to_get_it(job),
            headers={"Retry-After": "1"},
            job_id=job.id,
            state=job.state.value,
        )
    why = job.error.message if job.error else "No reason was recorded."
    raise ProblemError(
        "JOB_CANCELLED" if job.state is JobState.CANCELLED else "JOB_FAILED",
        f"Job {job.id} has {job.state}: {why}"
        if job.state is JobState.FAILED
        else f"Job {job.id} was cancelled; it has no result.",
        hint=(job.error.hint if job.error else "") or None,
        job_id=job.id,
        failure=job.error.model_dump(mode="json", exclude_none=True) if job.error else None,
    )


def _accepted(header: str | None) -> Format:
    """The first type of the Accept header that there is; JSON where it names none."""
    for part in (header or "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type == CSV:
            return Format.CSV
        if media_type in (PARQUET, "application/parquet", "application/x-parquet"):
            return Format.PARQUET
        if media_type in ("application/json", "application/*", "*/*"):
            return Format.JSON
    return Format.JSON


def _page(
    job: Job, result: Result, artifacts: Artifacts, size: int, token: str | None
) -> ResultPage:
    start = _start_of(job.id, token, result.total_rows)
    rows: list[list[JsonValue]] = []
    if result.kind is ResultKind.TABLE and result.files:
        rows = Table(result, artifacts).rows(start, size)
    end = start + len(rows)
    here = f"/v1/jobs/{job.id}"
    links = {"self": f"{here}/result", "job": here}
    if result.kind is ResultKind.TABLE:
        links |= {f: f"{here}/result?format={f}" for f in ("csv", "parquet")}
    if result.kind is ResultKind.TEXT:
        links["text"] = f"{here}/result?format=text"
    if result.kind is ResultKind.PROGRAM:
        links["code"] = f"{here}/code"
    return ResultPage.model_construct(
        job_id=job.id,
        kind=result.kind,
        columns=result.columns,
        rows=rows,
        total_rows=result.total_rows,
        next_page_token=token_of(job.id, end) if rows and end < result.total_rows else None,
        text=result.text or None,
        notes=result.notes,
        sources_read=result.sources_read,
        links=links,
    )


def _download(job: Job, result: Result, table: Table, wanted: Format, safe: bool) -> Response:
    """The whole table. The parts are opened here, before the status line is out."""
    safe = safe and wanted is Format.CSV
    headers = {
        "Content-Disposition": f'attachment; filename="{job.id}.{wanted}"',
        "ETag": f'"{result.sha256[:32]}-{wanted}{"-safe" if safe else ""}"',
    }
    if wanted is Format.PARQUET and len(result.files) == 1:
        return FileResponse(table.only_file(), headers=headers, media_type=PARQUET)
    assert table.schema is not None
    chunks: Iterator[bytes] = table.csv(safe=safe) if wanted is Format.CSV else table.parquet()
    media_type = f"{CSV}; charset=utf-8; header=present" if wanted is Format.CSV else PARQUET
    return StreamingResponse(chunks, headers=headers, media_type=media_type)


def token_of(job_id: str, start: int) -> str:
    """The token of the page that begins at row `start`."""
    return base64.urlsafe_b64encode(f"{job_id}:{start}".encode()).decode().rstrip("=")


def _start_of(job_id: str, token: str | None, total: int) -> int:
    if token is None:
        return 0
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise bad_page_token() from None
    start = text.rpartition(":")[2]
    number = int(start) if start.isdecimal() and len(start) < 20 else total
    # A token has one spelling, so what this job did not give out cannot come back as the same.
    if number >= total or token_of(job_id, number) != token:
        raise bad_page_token()
    return number
