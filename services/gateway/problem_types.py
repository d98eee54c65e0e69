"""Every problem that the API can answer with: one table, served under /problems/{code}."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemType:
    """`title` is the same every time; `hint` stands unless the case knows a better one."""

    code: str
    status: int
    title: str
    meaning: str
    hint: str

    @property
    def slug(self) -> str:
        return self.code.lower().replace("_", "-")


_ROWS = (
    # Who asks, and how
    ("UNAUTHORIZED", 401, "An API key is needed",
     "The request carries no API key, or one that is unknown or has expired.",
     "Send `Authorization: Bearer arc_…`. `arclight up` shows a key at its first start; "
     "`python -m arclight.runtime.keys NAME` makes another one."),
    ("ROUTE_NOT_FOUND", 404, "No such address",
     "Nothing is served at this path.", "See /docs for every address."),
    ("METHOD_NOT_ALLOWED", 405, "Method not allowed",
     "The address exists, but not for this HTTP method.", "The `Allow` header names the methods."),
    ("UNSUPPORTED_MEDIA_TYPE", 415, "Wrong content type",
     "The body is not of the content type that this address reads.",
     "Send `Content-Type: application/json`; uploads are `multipart/form-data`."),
    ("NOT_ACCEPTABLE", 406, "No such representation",
     "The answer does not exist in the format that was asked for.", "Ask for `format=json`."),
    ("MALFORMED_JSON", 400, "The body is not JSON",
     "The body could not be read as JSON.", "Check the body at the place that is named."),
    ("BODY_TOO_LARGE", 413, "The body is too large",
     "The body is larger than this address accepts.",
     "Put data into a source (POST /v1/sources) and keep the prompt short."),
    ("INVALID_REQUEST", 422, "The request is not valid",
     "A field, parameter or header has a value that cannot be used.",
     "Correct each place that `errors` names; /docs shows what every field takes."),
    ("IDEMPOTENCY_KEY_REUSED", 422, "The idempotency key was used for something else",
     "This Idempotency-Key came before with another body.",
     "Send the same body again, or choose a new key for the new request."),
    ("MALFORMED_PAGE_TOKEN", 422, "The page token is not one of ours",
     "A page token is opaque and belongs to the list that gave it out.",
     "Use `next_page_token` as it came, or leave it out to begin at the start."),
    # Jobs
    ("MALFORMED_JOB_ID", 422, "This is not a job id",
     "A job id is `job_` and 28 hex digits.", "Copy the id from the answer to POST /v1/jobs."),
    ("JOB_NOT_FOUND", 404, "No such job",
     "No job has this id; finished jobs are kept for 30 days.",
     "GET /v1/jobs lists the jobs that are kept; a finished job is kept for 30 days."),
    ("JOB_ALREADY_FINISHED", 409, "The job has ended",
     "A job that has succeeded or failed cannot be cancelled.",
     "POST …/retry starts a new job from the same request."),
    ("JOB_NOT_FINISHED", 409, "The job is still at work",
     "This needs a job that has ended.",
     "GET /v1/jobs/{id}?wait=20 answers when the job changes; …/events streams what happens."),
    ("JOB_FAILED", 409, "The job failed and has no result",
     "The job ended without an answer; `failure` says why.",
     "Look at …/attempts; POST …/retry tries again."),
    ("JOB_CANCELLED", 409, "The job was cancelled and has no result",
     "The job was cancelled before it had an answer.",
     "POST …/retry starts a new job from the same request."),
    ("NOT_AWAITING_APPROVAL", 409, "The job does not wait for an approval",
     "Only a job in state `awaiting_approval` can be approved or declined; perhaps somebody was "
     "faster.",
     "GET /v1/jobs/{id} shows where it stands, …/attempts who said what. Submit with "
     "`mode: review` to be asked."),
    ("PROGRAM_NOT_NAMED", 428, "Say which program you have read",
     "An approval or a decline names the program that was read, so that nobody answers for one "
     "they did not see.",
     "Send the number of the attempt, or its job's ETag as `If-Match`."),
    ("PROGRAM_CHANGED", 412, "Another program waits for approval now",
     "The attempt or the version that the request names is no longer the newest.",
     "Read the newest attempt, then name it."),
    ("PROGRAM_HAS_ERRORS", 409, "A program with errors cannot be approved",
     "The validator found errors in the program; it would not be run.",
     "Send a corrected `program` with the approval, or decline with a comment."),
    ("NO_FURTHER_PROGRAM", 409, "No further program can be made",
     "A decline leads to another program, and the job can have none: its attempts are used up, "
     "the same was said before, or its program was brought and may not be changed.",
     "Approve with an edited `program`, which costs no attempt, or POST …/cancel and submit the "
     "question in other words."),
    ("TOO_MANY_EDITS", 409, "Too many edited programs",
     "Each edited program is kept on the job's record, which has room for 50.",
     "POST …/cancel, and submit the program as a new job."),
    ("ATTEMPT_NOT_FOUND", 404, "No such attempt",
     "The job has no attempt of this number.", "GET …/attempts lists them."),
    ("NO_PROGRAM", 404, "There is no program yet",
     "No attempt of this job has a program so far.",
     "Wait with GET /v1/jobs/{id}?wait=20 until the state is `validating`."),
    ("LOG_NOT_FOUND", 404, "There is no such log",
     "No run of this attempt has kept a full log of this stream.",
     "GET …/attempts/{n} names the logs there are; GET …/logs has the lines of the whole job."),
    ("RESULT_GONE", 410, "The stored file is gone",
     "The record names a file that the artifact store no longer has.",
     "POST …/retry computes it again."),
    # Sources
    ("MALFORMED_SOURCE_ID", 422, "This is not a source id",
     "A source id is `src_` and 28 hex digits.",
     "Copy the id from the answer to POST /v1/sources."),
    ("SOURCE_NOT_FOUND", 404, "No such source",
     "No upload has this id.", "Upload the file with POST /v1/sources."),
    ("UNKNOWN_SOURCE", 422, "The job names an unknown source",
     "No upload has the id that the job names.",
     "Upload the file with POST /v1/sources and use the id of the answer."),
    ("SOURCE_KIND_UNAVAILABLE", 422, "This kind of source cannot be read here",
     "The installation has no reader for sources of this kind.",
     "Export the table to a file and upload it with POST /v1/sources."),
    ("DUPLICATE_SOURCE_NAME", 422, "Two sources have the same name",
     "Each source needs a table name of its own, so that a prompt can tell them apart.",
     "Give one of them another `name`."),
    ("LIMIT_ABOVE_CEILING", 422, "A limit is above what can be had here",
     "The job asks for more memory, cores, time, output, rows or log than one run may use in this "
     "installation.",
     "Ask for at most what `errors` names, or leave the limit out; an operator raises the ceiling "
     "with ARCLIGHT_RUN_*."),
    ("UPLOAD_MISSING_FILE", 422, "The upload has no file",
     "The form holds no part with a file name.",
     "Send the file as the part `file`: curl -F file=@DATA.csv …"),
    ("UPLOAD_MALFORMED", 400, "The upload cannot be read",
     "The body is not well-formed multipart/form-data.",
     "Let the client library or `curl -F` build the body."),
    ("UPLOAD_TOO_LARGE", 413, "The file is too large",
     "The file is larger than this installation accepts.",
     "Split the file, store it as Parquet, or raise ARCLIGHT_MAX_UPLOAD."),
    ("UPLOAD_REJECTED", 422, "The file cannot be used as a table",
     "The file was read and is not a table; `code` and `detail` say what is wrong and where.",
     "Mend the file and upload it again."),
    # The installation
    ("NOT_READY", 503, "The installation is not ready",
     "At least one queue has no consumer that answers.",
     "Look at `queues`; start the worker of each queue that is not ready."),
    ("STORE_UNAVAILABLE", 503, "The store cannot be reached",
     "The gateway cannot reach its store, so it can neither accept nor show jobs.",
     "Try again after the time in `Retry-After`; nothing that was accepted is lost."),
    ("INTERNAL_ERROR", 500, "Something went wrong inside",
     "A fault of the gateway, not of the request.",
     "Look for the `incident` in the gateway's log, and report it with that line."),
)  # fmt: skip

PROBLEMS: Mapping[str, ProblemType] = {row[0]: ProblemType(*row) for row in _ROWS}

BY_SLUG: Mapping[str, ProblemType] = {p.slug: p for p in PROBLEMS.values()}
