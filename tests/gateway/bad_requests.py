"""Requests that must be refused, each with a problem that says what to do."""

from dataclasses import dataclass, field
from typing import Any

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Refused:
    name: str
    method: str
    path: str
    status: int
    code: str
    says: tuple[str, ...]
    send: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def post(name: str, status: int, code: str, *says: str, **send: Any) -> Refused:
    return Refused(name, "POST", "/v1/jobs", status, code, says, send)


def body(name: str, json: Any, *says: str) -> Refused:
    return post(name, 422, "INVALID_REQUEST", *says, json=json)


def get(name: str, path: str, status: int, code: str, *says: str) -> Refused:
    return Refused(name, "GET", path, status, code, says)


def review(name: str, word: str, json: Any, *says: str) -> Refused:
    path = f"/v1/jobs/{NO_JOB}/{word}"
    return Refused(name, "POST", path, 422, "INVALID_REQUEST", says, {"json": json})


NO_JOB, NO_SOURCE = "job_" + "0" * 28, "src_" + "0" * 28
S3 = {"kind": "s3", "uri": "s3://bucket/key"}
UPLOAD = {"kind": "upload", "id": NO_SOURCE}

REFUSED = (
    body("empty prompt", {"prompt": ""}, "`prompt` or a `program`"),
    body("blank prompt", {"prompt": " \n\t"}, "`prompt` or a `program`"),
    body("no prompt", {}, "`prompt` or a `program`"),
    body("empty program", {"prompt": "x", "program": " "}, "`program` is empty"),
    body("long prompt", {"prompt": "x" * 40_000}, "/prompt", "32768"),
    body("long program", {"program": "x" * 300_000}, "/program", "262144"),
    post("2 MB prompt", 413, "BODY_TOO_LARGE", "1,048,576", json={"prompt": "x" * 2_000_000}),
    body("framework", {"prompt": "x", "framework": "dask"}, "'spark', 'ray' or 'auto'"),
    body("platform", {"prompt": "x", "platform": "moon"}, "/platform"),
    body("mode", {"prompt": "x", "mode": "guess"}, "/mode", "'run', 'generate' or 'review'"),
    body("field", {"promt": "x"}, "there is no such field", "did you mean `prompt`"),
    body("no attempts", {"prompt": "x", "max_attempts": 0}, "/max_attempts"),
    body("many attempts", {"prompt": "x", "max_attempts": 99}, "/max_attempts", "10"),
    body("no time", {"prompt": "x", "timeout": 0}, "/timeout"),
    body("negative time", {"prompt": "x", "timeout": -5}, "/timeout"),
    body("two days", {"prompt": "x", "timeout": "P2D"}, "/timeout"),
    body("time in words", {"prompt": "x", "timeout": "soon"}, "/timeout"),
    body("little memory", {"prompt": "x", "limits": {"memory": 1}}, "/limits/memory", "16777216"),
    body("memory in words", {"prompt": "x", "limits": {"memory": "2GiB"}}, "/limits/memory"),
    body("no cores", {"prompt": "x", "limits": {"cores": 0}}, "/limits/cores"),
    body("no wall", {"prompt": "x", "limits": {"wall": 0}}, "/limits/wall"),
    body("limit", {"prompt": "x", "limits": {"memry": 1}}, "/limits/memry", "`memory`"),
    body("isolation", {"prompt": "x", "isolation": "none"}, "/isolation", "'shared' or 'job'"),
    body("callback", {"prompt": "x", "callback_url": "ftp://x"}, "/callback_url: URL scheme"),
    body("source kind", {"prompt": "x", "sources": [{"kind": "ftp"}]}, "/sources/0", "'upload'"),
    body("source id", {"prompt": "x", "sources": [{"kind": "upload", "id": "1"}]}, "/sources/0/id"),
    body("source name", {"prompt": "x", "sources": [{**UPLOAD, "name": "a b"}]}, "/sources/0/name"),
    body("many sources", {"prompt": "x", "sources": [UPLOAD] * 65}, "/sources", "64"),
    body("a list", [], "valid dictionary"),
    body("null", None, "body"),
    post("no body", 422, "INVALID_REQUEST", "The body is missing.", headers=JSON),
    post("no JSON", 400, "MALFORMED_JSON", "character", content=b"{prompt: x}", headers=JSON),
    post("deep JSON", 400, "MALFORMED_JSON", content=b"[" * 200_000, headers=JSON),
    post("no UTF-8", 400, "MALFORMED_JSON", "UTF-8", content=b'{"prompt": "\xff"}', headers=JSON),
    post("form", 415, "UNSUPPORTED_MEDIA_TYPE", "application/json", data={"prompt": "x"}),
    post("no type", 415, "UNSUPPORTED_MEDIA_TYPE", "no content type", content=b'{"prompt": "x"}'),
    post(
        "unknown source", 422, "UNKNOWN_SOURCE", NO_SOURCE, "/sources/0", "Upload",
        json={"prompt": "x", "sources": [UPLOAD]},
    ),
    post(
        "unreadable source", 422, "SOURCE_KIND_UNAVAILABLE", "s3", "/sources/0",
        json={"prompt": "x", "sources": [S3]},
    ),
    post(
        "key without text", 422, "INVALID_REQUEST", "Idempotency-Key",
        json={"prompt": "x"}, headers={"Idempotency-Key": ""},
    ),
    get("unknown job", f"/v1/jobs/{NO_JOB}", 404, "JOB_NOT_FOUND", NO_JOB, "30 days"),
    get("malformed job id", "/v1/jobs/42", 422, "MALFORMED_JOB_ID", "28 hex digits"),
    get("upper-case job id", f"/v1/jobs/job_{'A' * 28}", 422, "MALFORMED_JOB_ID"),
    get("long job id", f"/v1/jobs/{NO_JOB}0", 422, "MALFORMED_JOB_ID"),
    get("job id with line break", f"/v1/jobs/{NO_JOB}%0A", 422, "MALFORMED_JOB_ID"),
    *(
        get(f"unknown job, {part}", f"/v1/jobs/{NO_JOB}/{part}", 404, "JOB_NOT_FOUND", NO_JOB)
        for part in ("attempts", "attempts/1", "code", "logs", "result", "events", "deliveries")
    ),
    Refused("cancel unknown", "POST", f"/v1/jobs/{NO_JOB}/cancel", 404, "JOB_NOT_FOUND", ()),
    Refused(
        "approve unknown", "POST", f"/v1/jobs/{NO_JOB}/approve", 404, "JOB_NOT_FOUND", (),
        {"json": {"attempt": 1}},
    ),
    review("attempt in words", "approve", {"attempt": "one"}, "/attempt"),
    review("attempt 0", "approve", {"attempt": 0}, "/attempt"),
    review("empty edit", "approve", {"program": ""}, "/program"),
    review("long edit", "approve", {"program": "x" * 300_000}, "/program", "262144"),
    review("field of a review", "approve", {"programme": "x"}, "did you mean `program`"),
    review("no comment", "decline", {"attempt": 1}, "/comment"),
    review("blank comment", "decline", {"attempt": 1, "comment": " \n"}, "/comment"),
    review("long comment", "decline", {"comment": "x" * 40_000}, "/comment", "32768"),
    body("no review time", {"prompt": "x", "review_timeout": 0}, "/review_timeout"),
    body("a year of review", {"prompt": "x", "review_timeout": "P365D"}, "/review_timeout"),
    Refused("retry unknown", "POST", f"/v1/jobs/{NO_JOB}/retry", 404, "JOB_NOT_FOUND", ()),
    get("page token", "/v1/jobs?page_token=zz", 422, "MALFORMED_PAGE_TOKEN", "next_page_token"),
    get("empty page token", "/v1/jobs?page_token=%FF", 422, "MALFORMED_PAGE_TOKEN"),
    get("page size", "/v1/jobs?page_size=0", 422, "INVALID_REQUEST", "query:page_size"),
    get("state", "/v1/jobs?state=asleep", 422, "INVALID_REQUEST", "query:state", "'queued'"),
    get("wait", f"/v1/jobs/{NO_JOB}?wait=-1", 422, "INVALID_REQUEST", "query:wait"),
    get("wait nan", f"/v1/jobs/{NO_JOB}?wait=nan", 422, "INVALID_REQUEST", "query:wait"),
    get("attempt 0", f"/v1/jobs/{NO_JOB}/attempts/0", 422, "INVALID_REQUEST", "path:number"),
    get("result format", f"/v1/jobs/{NO_JOB}/result?format=xls", 422, "INVALID_REQUEST", "'csv'"),
    get("address", "/v1/job", 404, "ROUTE_NOT_FOUND", "/v1/job", "/docs"),
    get("slash at the end", "/v1/jobs/", 404, "ROUTE_NOT_FOUND"),
    get("problem type", "/problems/none", 404, "ROUTE_NOT_FOUND", "/problems"),
    Refused("method", "PUT", "/v1/jobs", 405, "METHOD_NOT_ALLOWED", ("GET, POST",)),
)  # fmt: skip
