"""From an exception of a Ray program to a failure.

Ray hands on what a worker raised as text; `Crash.roots` has it unwrapped, from the inside out.
"""

import csv
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash, Frame, Throwable
from arclight.sandbox.run_program import Context

_CELL = re.compile(
    r"In CSV column #(?P<column>\d+): (?:Row #(?P<row>\d+): )?"
    r"CSV conversion error to (?P<type>[^:]+): invalid value '(?P<value>.*?)'",
    re.S,
)
_SCALAR = re.compile(
    r"Failed to parse string: '(?P<value>.*?)' as a scalar of type (?P<type>\S+)"
    r"(?: in column '(?P<column>[^']*)')?",
    re.S,
)
_RAGGED = re.compile(
    r"CSV parse error: (?:Row #(?P<row>\d+): )?Expected (?P<expected>\d+) columns, "
    r"got (?P<got>\d+)(?:: (?P<record>.*))?",
    re.S,
)
_UNREADABLE = re.compile(r"Failed to read CSV file: (?P<path>.*?)\. Please check")
_COLUMN = (
    re.compile(r"No match for FieldRef\.Name\((?P<name>.*?)\) in (?P<known>.*)", re.S),
    re.compile(
        r"You specified the column '(?P<name>.*?)', but there's no such column in the dataset\. "
        r"The dataset has columns: \[(?P<known>.*)\]"
    ),
    re.compile(r"Column '(?P<name>.*?)' in include_columns does not exist in CSV file(?P<known>)"),
    re.compile(r"there is no column '(?P<name>.*?)', only \[(?P<known>.*)\]"),
)
_NO_FILE = re.compile(r"(?:No such file or directory|not found|does not exist)")
_ZERO = re.compile(r"^divide by zero$|^integer division or modulo by zero$", re.I | re.M)
_CSV_FILE = re.compile(r"CSV input source '(?P<path>.*?)'")

_MEMORY = ("OutOfMemoryError", "ObjectStoreFullError")
_DISK = ("OutOfDiskError",)
_DIED = ("WorkerCrashedError", "ActorDiedError", "ActorUnavailableError")
_LOST = ("NodeDiedError", "LocalRayletDiedError", "RaySystemError", "RpcError")
_NO_RAY = re.compile(
    r"Failed to connect to GCS|waiting for GCS to become available|Could not find any running Ray"
    r"|node timed out during startup|Failed to (?:start|get) .*(?:raylet|GCS)"
)
"""In exceptions of plain classes, when Ray is not there any more or did not start."""
_NOT_READABLE = "traceback: Traceback"
"""In a RaySystemError about a value that could not be read, which is the program's fault."""
_CREATION = "error raised in its creation task"
_ENDED_ON_PURPOSE = ("INTENDED_USER_EXIT", "killed by `ray.kill`")
_REMOTE_LINE = re.compile(r'File "[^"]*", line (\d+), in (\S+)')
_REMOTE_ERROR = re.compile(r"^(\w+(?:\.\w+)*): (.*)\Z", re.M | re.S)


def classify(crash: Crash, context: Context) -> Failure | None:
    """The failure; None when it is a plain Python exception, on the driver or on a worker."""
    inner = _of_a_constructor(crash)
    if inner is not None:
        return _arrow(inner, context) or failures.python_failure(inner, context.limits)
    return _engine(crash, context) or _source_gone(crash, context) or _arrow(crash, context)


def _of_a_constructor(crash: Crash) -> Crash | None:
    """An actor "died" because its `__init__` raised: the crash as a task would have reported it."""
    if "ActorDiedError" not in (crash.name, *crash.bases) or _CREATION not in crash.message:
        return None
    frames = [Frame(line=int(n), function=f) for n, f in _REMOTE_LINE.findall(crash.message)]
    error = _REMOTE_ERROR.search(crash.message.partition("\n")[2])
    if not frames or error is None:
        return None
    name = error[1].rpartition(".")[2]
    raised = Throwable.model_validate({"class": name, "message": error[2]})
    return crash.model_copy(
        update={
            "name": f"RayTaskError({name})",
            "bases": ("RayTaskError", name),
            "causes": (raised,),
            "remote": (frames[-1],),
            "remote_errors": (raised,),
        }
    )


def _engine(crash: Crash, context: Context) -> Failure | None:
    """Ray itself gave up."""
    names = {crash.name, *crash.bases}
    if names.intersection(_MEMORY):
        return failures.out_of_memory(context.limits.memory)
    if names.intersection(_DISK):
        return Failure(
            kind=FailureKind.RESOURCE,
            code="TOO_MUCH_OUTPUT",
            message="Ray found no room on the disk for its objects.",
            hint="Read fewer columns and rows, or free disk space.",
        )
    if names.intersection(_DIED):
        if any(words in crash.message for words in _ENDED_ON_PURPOSE):
            return _used_after_its_end(crash)
        return Failure(
            kind=FailureKind.RESOURCE,
            code="WORKER_DIED",
            message="A Ray worker died while it computed; too little memory is the usual reason.",
            hint="Work in smaller batches, or raise ARCLIGHT_RUN_MEMORY.",
            line=crash.program_line,
        )
    lost = names.intersection(_LOST) and _NOT_READABLE not in crash.message
    if lost or _NO_RAY.search(crash.message):
        return Failure(
            kind=FailureKind.INFRASTRUCTURE,
            code="ENGINE_LOST",
            message="Ray's own processes ended while the program was using them.",
            hint="The run starts again; the log shows Ray's last words.",
        )
    return None


def _used_after_its_end(crash: Crash) -> Failure:
    return Failure(
        kind=FailureKind.CODE,
        code="ACTOR_ENDED",
        message="The program called an actor that it had ended itself.",
        hint="Call ray.kill() and exit_actor() only after the last call of the actor.",
        line=crash.program_line,
        traceback=crash.traceback,
    )


def _source_gone(crash: Crash, context: Context) -> Failure | None:
    """A file of the job itself is not there any more, whatever the program does."""
    paths = [unquote(urlparse(uri).path) for uri in context.declared if uri.startswith("file:")]
    for link in crash.roots:
        if link.name != "FileNotFoundError" and not _NO_FILE.search(link.message):
            continue
        gone = next((path for path in paths if path in link.message), None)
        if gone is not None and not Path(gone).exists():
            return Failure(
                kind=FailureKind.REQUEST,
                code="SOURCE_MISSING",
                message="A source of the job was removed after the job was accepted.",
                hint="Upload the file again, and submit the job with the new source.",
                details={"path": gone},
            )
    return None


def _arrow(crash: Crash, context: Context) -> Failure | None:
    """Arrow or Ray Data complains about a cell, a row or a column."""
    for link in crash.roots:
        text = link.message
        if found := _CELL.search(text):
            return _cell(found, text, crash, context)
        if found := _SCALAR.search(text):
            return failures.bad_value(
                found["value"], crash, target_type=found["type"], column=found["column"]
            )
        if _ZERO.search(text):
            return failures.data_failure(
                "DIVIDE_BY_ZERO",
                "A division by zero occurred.",
                crash,
                hint="Leave out or replace rows whose divisor is 0 before dividing.",
                details=None,
            )
        if found := _RAGGED.search(text):
            return _ragged(found, crash)
        if found := _UNREADABLE.search(text):
            return _unreadable(found["path"], crash)
        for pattern in _COLUMN:
            if found := pattern.search(text):
                return _unresolved(found, crash)
    return None


def _cell(found: re.Match[str], text: str, crash: Crash, context: Context) -> Failure:
    number = int(found["column"])
    row = int(found["row"]) if found["row"] else None
    return failures.bad_value(
        found["value"],
        crash,
        target_type=found["type"],
        column=_column_name(number, text, context),
        column_number=number,
        row=row,
    )


def _column_name(number: int, text: str, context: Context) -> str | None:
    """Arrow counts columns from 0; the name stands in the header of the declared file."""
    named = _CSV_FILE.search(text)
    paths = [Path(unquote(urlparse(u).path)) for u in context.declared if u.startswith("file:")]
    if named is not None:
        paths = [path for path in paths if str(path) == named["path"]]
    if len(paths) != 1 or not paths[0].is_file():
        return None
    with paths[0].open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = next(csv.reader([file.readline(65536)]), [])
    return header[number] if number < len(header) else None


def _ragged(found: re.Match[str], crash: Crash) -> Failure:
    return failures.data_failure(
        "MALFORMED_RECORD",
        f"A row of the CSV file has {found['got']} cells where the header has {found['expected']}.",
        crash,
        hint="Skip such rows with an invalid_row_handler, or mend the file.",
        details={
            "record": (found["record"] or "")[:300] or None,
            "row": int(found["row"]) if found["row"] else None,
        },
    )


def _unreadable(path: str, crash: Crash) -> Failure:
    """Ray Data hides which cell it was."""
    return failures.data_failure(
        "CSV_UNREADABLE",
        "Ray could not read the CSV file: a row has too many cells, or a cell does not fit the "
        "type of its column.",
        crash,
        hint="Read the columns as text, then clean and convert them.",
        details={"path": path},
    )


def _unresolved(found: re.Match[str], crash: Crash) -> Failure:
    known = re.findall(r"'([^']+)'|^([^:\n]+): ", found["known"], re.MULTILINE)
    names = ", ".join(a or b for a, b in known)
    return Failure(
        kind=FailureKind.CODE,
        code="UNRESOLVED_COLUMN",
        message=f"There is no column {found['name']!r}"
        + (f"; the columns are {names}." if names else " in the file."),
        hint="Use one of the columns that the data has.",
        line=crash.program_line,
        details={"objectName": found["name"], "proposal": names},
        traceback=crash.traceback,
    )
