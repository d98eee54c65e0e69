"""From a PySpark exception to a failure: who is to blame, and what the repair needs to know.

Spark names its errors by condition (`CAST_INVALID_INPUT`); the conditions and their parameters
are stable, the sentences are not, so only what has no condition is read from text.
"""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash, Throwable
from arclight.sandbox.run_program import Context
from services.executor_spark.conditions import DATA, HINTS, WRAPPERS
from services.executor_spark.program_text import column_at

_LOST = ("ConnectionRefusedError", "Py4JNetworkError", "ConnectionResetError", "Py4JError")
"""What PySpark raises when its JVM is gone; `Py4JError` alone, without an exception from Java."""

_SESSION_GONE = ("JAVA_GATEWAY_EXITED", "INVALID_HANDLE", "RETRIES_EXCEEDED")
"""Conditions of a client whose server ended, or was started anew behind the same address."""

_NO_PYTHON = "_LEGACY_ERROR_TEMP_3001"
"""Spark's condition for a Python that ends before it says its port: the shared server's does."""

_OF_THE_SERVER = re.compile(r"Mkdirs failed to create file:/\S.*cwd=file:/\)")
"""A relative path, where the current folder is the shared server's, which nobody may write to."""


def classify(crash: Crash, context: Context) -> Failure | None:
    """The failure; None when nothing of this exception is Spark's own."""
    if (header := _other_header(crash)) is not None:
        return header
    link = _telling(crash)
    if any(_OF_THE_SERVER.search(said.message) for said in crash.chain):
        return _elsewhere(crash)
    if link is None:
        return _without_condition(crash)
    match _base(link):
        case "UNSUPPORTED_FEATURE" if "RESTRICTED_MODE" in (link.condition or ""):
            return _restricted(link, crash)
        case "CAST_INVALID_INPUT" | "CANNOT_PARSE_TIMESTAMP":
            return _bad_value(link, crash, context)
        case "MALFORMED_RECORD_IN_PARSING":
            return _malformed(link, crash)
        case base if base in _SESSION_GONE:
            return _lost(crash)
        case base if base == _NO_PYTHON:
            return _no_python(crash)
        case "PYTHON_EXCEPTION":
            return None  # The Python exception inside says more than Spark does.
        case "PATH_NOT_FOUND" if _declared(link, context):
            return _source_gone(link)
        case base if base in DATA:
            return _data(base, link, crash, context)
        case base:
            return _code(base, link, crash)


def _telling(crash: Crash) -> Throwable | None:
    """The link of the chain to report: the innermost condition that is not a mere wrapper."""
    named = [link for link in crash.chain if link.condition]
    inner = [link for link in named if _base(link) not in WRAPPERS]
    found = inner or named
    if not found:
        return None
    # The same error stands in the chain as a Python and as a Java exception; Python's knows where.
    return next(link for link in named if link.condition == found[-1].condition)


def _base(link: Throwable) -> str:
    return (link.condition or "").split(".")[0]


def _without_condition(crash: Crash) -> Failure | None:
    java = [link for link in crash.java if "OutOfMemoryError" in link.name]
    if java:
        return Failure(
            kind=FailureKind.RESOURCE,
            code="OUT_OF_MEMORY",
            message="Spark ran out of Java heap.",
            hint="Select fewer columns and rows before joining or collecting.",
        )
    if crash.name in _LOST and not crash.java:
        return _lost(crash)
    if crash.name == "SparkConnectGrpcException" and "StatusCode.UNAVAILABLE" in crash.message:
        return _lost(crash)
    return _plain_java(crash)


def _lost(crash: Crash) -> Failure:
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="ENGINE_LOST",
        message="Spark's Java process ended while the program was using it.",
        hint="The run starts again; the log shows the last words of the Java process.",
        line=crash.program_line,
        traceback=crash.traceback,
    )


def _no_python(crash: Crash) -> Failure:
    said = "Spark could not start Python for a function of the program."
    return _needs_its_own("PYTHON_REFUSED", said, crash)


def _elsewhere(crash: Crash) -> Failure:
    said = "The program wrote to a relative path, which the shared Spark cannot follow."
    return _needs_its_own("RELATIVE_PATH", said, crash)


def _needs_its_own(code: str, said: str, crash: Crash) -> Failure:
    """What was not seen when the way of the run was chosen; the next run is alone."""
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code=code,
        message=said,
        hint="The run starts again with a Spark of its own.",
        line=crash.program_line,
        traceback=crash.traceback,
    )


def _plain_java(crash: Crash) -> Failure | None:
    """A Java exception that Spark gave no condition."""
    if not crash.java:
        return None
    root = crash.java[-1]
    said = failures.first_sentence(root.message) or root.name
    return Failure(
        kind=FailureKind.CODE,
        code="ENGINE_ERROR",
        message=f"Spark failed with {root.name.rsplit('.', 1)[-1]}: {said}",
        hint="Change the program where the traceback points.",
        line=crash.program_line,
        details={"exception": root.name},
        traceback=crash.traceback,
    )


# --- data --------------------------------------------------------------------------------------


def _bad_value(link: Throwable, crash: Crash, context: Context) -> Failure:
    place = _place(link, context)
    said = link.parameters.get("expression", "")
    if not said:
        found = re.search(r"Text '(.*)' could not be parsed", link.parameters.get("message", ""))
        said = found[1] if found else link.parameters.get("message", "")
    target = _plain(link.parameters.get("targetType", "date or timestamp"))
    failure = failures.bad_value(
        _unquoted(said),
        crash,
        condition=link.condition,
        target_type=target,
        source_type=_plain(link.parameters.get("sourceType", "")) or None,
        **place,
    )
    return failure.model_copy(update={"line": _line(link) or failure.line})


def _malformed(link: Throwable, crash: Crash) -> Failure:
    """A row that a reader with a declared schema refused; the value stands in the cause."""
    texts = [cause.message for cause in crash.java if "NumberFormat" in cause.name]
    found = next((m for t in texts if (m := re.search(r'For input string: "(.*)"', t))), None)
    record = link.parameters.get("badRecord")
    if found:
        return failures.bad_value(found[1], crash, condition=link.condition, record=record)
    return failures.data_failure(
        "MALFORMED_RECORD",
        f"A row of the source does not fit the schema: {record}.",
        crash,
        hint=HINTS["MALFORMED_RECORD_IN_PARSING"],
        details={"record": record, "condition": link.condition},
    )


_HEADER = re.compile(
    r"CSV header does not conform to the schema\.\s+Header: (?P<found>[^\n]*)"
    r"\s+Schema: (?P<known>[^\n]*)"
    r"|Number of column in CSV header is not equal to number of fields in the schema"
)


def _other_header(crash: Crash) -> Failure | None:
    """A CSV file whose first line is not what the program's schema says."""
    found = next((m for link in crash.chain if (m := _HEADER.search(link.message))), None)
    if found is None:
        return None
    details: dict[str, JsonValue] = {}
    for name, group in (("header", "found"), ("expected", "known")):
        if found[group] is not None:
            details[name] = [*found[group].strip().split(", ")]
    said = f": it has {found['found'].strip()}, not {found['known'].strip()}" if details else ""
    return failures.data_failure(
        "HEADER_DIFFERS",
        f"The first line of the CSV file names other columns than the program expects{said}.",
        crash,
        hint="Read the schema again, or leave it out and let the header name the columns.",
        details=details,
    )


def _data(base: str, link: Throwable, crash: Crash, context: Context) -> Failure:
    failure = failures.data_failure(
        base,
        DATA[base],
        crash,
        hint=HINTS.get(base, ""),
        details={
            "condition": link.condition,
            **_place(link, context),
            **_parameters(link),
        },
    )
    return failure.model_copy(update={"line": _line(link) or failure.line})


def _place(link: Throwable, context: Context) -> dict[str, JsonValue]:
    """The expression that failed, and its column where the program's text shows one."""
    place: dict[str, JsonValue] = {}
    line = _line(link)
    if line is None:
        return place
    lines = context.program.splitlines()
    if line <= len(lines):
        place["expression"] = lines[line - 1].strip()[:300]
    column = column_at(context.program, line, link.contexts[0].get("fragment", ""))
    if column is not None:
        place["column"] = column
    return place


def _line(link: Throwable) -> int | None:
    """The program's line that built the failing expression, which is not where it was run."""
    for context in link.contexts:
        found = re.search(r"program\.py:(\d+)$", context.get("callSite", ""))
        if found:
            return int(found[1])
    return None


# --- code, policy, request ---------------------------------------------------------------------


def _code(base: str, link: Throwable, crash: Crash) -> Failure:
    said = re.sub(r"^\[[A-Z0-9_.]+\] ", "", failures.first_sentence(link.message))
    return Failure(
        kind=FailureKind.CODE,
        # Spark keeps numbered conditions, such as _LEGACY_ERROR_TEMP_1234, that say nothing.
        code="ENGINE_ERROR" if base.startswith("_") else base,
        message=said or base,
        hint=HINTS.get(base, "Change the program where the traceback points."),
        line=_line(link) or crash.program_line,
        details={"condition": link.condition, "sql_state": link.sql_state, **_parameters(link)},
        traceback=crash.traceback,
    )


def _restricted(link: Throwable, crash: Crash) -> Failure:
    feature = _plain(link.parameters.get("feature", "This feature"))
    return Failure(
        kind=FailureKind.POLICY,
        code="FORBIDDEN_FEATURE",
        message=f"{feature} is not allowed in programs that run here.",
        hint="Use DataFrame functions; programs may not start processes or call into Java.",
        line=crash.program_line,
        details={"feature": feature},
        traceback=crash.traceback,
    )


def _declared(link: Throwable, context: Context) -> bool:
    path = _bare(link.parameters.get("path", ""))
    return any(path == _bare(uri) for uri in context.declared)


def _source_gone(link: Throwable) -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code="SOURCE_MISSING",
        message="A source of the job was removed after the job was accepted.",
        hint="Upload the file again, and submit the job with the new source.",
        details={"path": link.parameters.get("path", "")},
    )


def _bare(uri: str) -> str:
    """Java writes `file:/x` where Python writes `file:///x`."""
    return re.sub(r"^file:/+", "/", uri)


def _parameters(link: Throwable) -> Mapping[str, JsonValue]:
    """Spark's parameters but its own settings, without the quotes of SQL."""
    skipped = ("config", "ansiConfig", "searchPath", "alternative", "path")
    kept = {k: _plain(v) for k, v in link.parameters.items() if k not in skipped and v}
    if "path" in link.parameters:
        kept["path"] = link.parameters["path"]
    return dict(kept)


def _plain(text: str) -> str:
    return text.replace("`", "").replace('"', "")


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
