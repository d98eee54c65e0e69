"""What a callback is told: thin, for the receiver fetches what it needs by the links."""

import json
from datetime import datetime
from typing import Any

from arclight.contracts.job import Job
from arclight.runtime.settings import Settings

MAX_MESSAGE, MAX_HINT = 2000, 500
"""Characters of an error; six bytes each at most, so a body stays under 20 kB."""


def message_id(job: Job) -> str:
    """`webhook-id`: a job ends once, so its id makes the same one on every retry."""
    return job.id.replace("job_", "msg_", 1)


def body(job: Job, settings: Settings) -> bytes:
    """The exact bytes to send and to sign; the same on every retry."""
    data: dict[str, Any] = {
        "job_id": job.id,
        "state": job.state,
        "framework": job.framework,
        "attempts": len(job.attempts),
        "links": _links(job, settings),
    }
    if job.result is not None:
        data["result"] = {"kind": job.result.kind, "total_rows": job.result.total_rows}
    if job.error is not None:
        data["error"] = {
            "kind": job.error.kind,
            "code": job.error.code,
            "message": job.error.message[:MAX_MESSAGE],
            "hint": job.error.hint[:MAX_HINT],
        }
    whole = {"type": f"job.{job.state}", "timestamp": _ended_at(job).isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _ended_at(job: Job) -> datetime:
    """When the job ended; `updated_at` moves with each delivery."""
    ends = [run.ended_at for attempt in job.attempts for run in attempt.runs if run.ended_at]
    return max(ends, default=job.updated_at)


def _links(job: Job, settings: Settings) -> dict[str, str]:
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    here = f"{base}/v1/jobs/{job.id}"
    links = {"job": here, "attempts": f"{here}/attempts"}
    return {**links, "result": f"{here}/result"} if job.result is not None else links
