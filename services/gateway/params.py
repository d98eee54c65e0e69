"""Parameters that several addresses share."""

from typing import Annotated

from fastapi import Path, Query

from services.gateway.ids import JOB_ID, SOURCE_ID

MAX_WAIT = 30
"""Seconds. Proxies commonly cut a silent connection after 60."""

JobId = Annotated[
    str,
    Path(
        pattern=JOB_ID,
        description="The job's id.",
        examples=["job_0199c2d4e5f60123456789abcdef"],
    ),
]

SourceId = Annotated[
    str,
    Path(
        pattern=SOURCE_ID,
        description="The source's id.",
        examples=["src_0199c2d4e5f60123456789abcdef"],
    ),
]

PageToken = Annotated[
    str | None,
    Query(description="`next_page_token` of the page before."),
]

AttemptNumber = Annotated[int, Path(ge=1, le=1000, description="The attempt's number, from 1.")]


def prefer_wait(header: str | None) -> float | None:
    """Seconds of `wait` in a Prefer header (RFC 7240); None when it has none that can be read."""
    for preference in (header or "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == "wait":
            value = value.strip().strip('"')
            return float(value) if value.isascii() and value.isdecimal() else None
    return None
