"""Failures that every engine shares: limits, exits, and plain Python exceptions.

Messages carry no line numbers and no random paths: two equal failures must read equal, because
the repair loop stops when one repeats. The line has a field of its own.
"""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox.crash import Crash, Throwable
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.logs import neutral
from arclight.sandbox.runner.protocol import Ended
from arclight.sandbox.watch import Reason

_HINTS: Mapping[str, str] = {
    "NameError": "Define or import the name before this line.",
    "ModuleNotFoundError": "Use the standard library, pyspark, ray, pandas, numpy or pyarrow.",
    "ImportError": "Check the name and where it is imported from.",
    "AttributeError": "Check the spelling, and that the object is what it is taken for.",
    "TypeError": "Check the number and the types of the arguments.",
    "KeyError": "Check the key against the columns that the data really has.",
    "IndexError": "Check the length before taking an element.",
    "SyntaxError": "Mend the syntax at this line.",
    "IndentationError": "Mend the indentation at this line.",
    "FileNotFoundError": "Read only the declared sources, by the addresses they were given with.",
    "RecursionError": "Use a loop, or end the recursion earlier.",
}

_BAD_VALUE = (
    re.compile(r"could not convert string to (?:float|int|Float64|Int64): ?'(?P<value>.*)'", re.S),
    re.compile(r"invalid literal for int\(\) with base \d+: '(?P<value>.*)'", re.S),
    re.compile(r"Unable to parse string \"(?P<value>.*?)\"", re.S),
    re.compile(r"time data \"?'?(?P<value>.*?)'?\"? does(?:n't| not) match format", re.S),
    re.compile(r"Invalid isoformat string: '(?P<value>.*)'", re.S),
    re.compile(r"[Uu]nable to parse datetime string: (?P<value>.*)", re.S),
)
"""How Python, NumPy and pandas name the value that they could not convert."""


def harmless(failure: Failure) -> Failure:
    """The failure with nothing in its texts that acts on a terminal; a traceback keeps its lines.

    Programs choose the names, messages and values that failures repeat.
    """
    return failure.model_copy(
        update={
            "message": _tame(failure.message),
            "hint": _tame(failure.hint),
            "details": {_tame(k): _tame_value(v) for k, v in failure.details.items()},
            "traceback": "\n".join(map(_tame, failure.traceback.split("\n"))),
        }
    )


def _tame(text: str) -> str:
    # Half of a pair, as JSON can spell it, could not be stored.
    return neutral(text.encode(errors="backslashreplace").decode())


def _tame_value(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return _tame(value)
        case list():
            return [_tame_value(v) for v in value]
        case dict():
            return {_tame(k): _tame_value(v) for k, v in value.items()}
        case _:
            return value


def limit_broken(exit_: Ended, limits: Limits) -> Failure | None:
    """The failure of a run that its limits, or a cancel, ended; None for one that just ended."""
    match exit_.reason:
        case Reason.WALL:
            seconds = limits.wall.total_seconds()
            return _resource(
                "RUN_TIMEOUT",
                f"The program was stopped after {seconds:g} s, its time limit.",
                "Read less data, or raise ARCLIGHT_RUN_TIMEOUT.",
                seconds=seconds,
            )
        case Reason.MEMORY:
            return out_of_memory(limits.memory)
        case Reason.OUTPUT:
            return _resource(
                "TOO_MUCH_OUTPUT",
                f"The program was stopped: it wrote more than {limits.output // MIB:,} MiB "
                f"or {limits.files:,} files, or put them where they cannot be counted.",
                "Aggregate or filter before writing, or raise ARCLIGHT_RUN_OUTPUT.",
                bytes=limits.output,
            )
        case Reason.PROCESSES:
            return _resource(
                "TOO_MANY_PROCESSES",
                f"The program was stopped: it had more than {limits.processes} processes.",
                "Let the engine spread the work instead of starting processes.",
                processes=limits.processes,
            )
        case Reason.CANCELLED:
            return Failure(
                kind=FailureKind.CANCELLED, code="CANCELLED", message="The run was cancelled."
            )
        case Reason.LOST:
            return Failure(
                kind=FailureKind.INFRASTRUCTURE,
                code="RUN_LOST",
                message="The process that watches over the run was killed from outside.",
                hint="The run starts again; if that repeats, look for what kills processes here.",
            )
        case Reason.ENDED:
            return None


def out_of_memory(limit: int, what: str = "The program") -> Failure:
    """More memory than the run may have."""
    return _resource(
        "OUT_OF_MEMORY",
        f"{what} needed more memory than the {limit // MIB:,} MiB that a run may use.",
        "Select fewer columns and rows before joining or collecting, or raise ARCLIGHT_RUN_MEMORY.",
        bytes=limit,
    )


def plain_exit(exit_: Ended, limits: Limits) -> Failure:
    """A program that ended itself without an exception that is known."""
    if exit_.signal == 9 or exit_.code == 137:
        return out_of_memory(limits.memory)
    if exit_.signal is not None:
        return Failure(
            kind=FailureKind.CODE,
            code="PROGRAM_CRASHED",
            message=f"The program was ended by signal {exit_.signal}.",
            hint="The log shows its last words; native libraries end like this.",
            details={"signal": exit_.signal},
        )
    return Failure(
        kind=FailureKind.CODE,
        code="PROGRAM_EXITED",
        message=f"The program ended itself with exit code {exit_.code}.",
        hint="The log shows what it said; a good end is exit code 0.",
        details={"exit_code": exit_.code},
    )


def engine_lost(what: str) -> Failure:
    """The engine ended under a program that did nothing wrong, as far as one can tell."""
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="ENGINE_LOST",
        message=f"The engine was lost during the run: {what}.",
        hint="The run starts again, with an engine of its own; nothing needs to be done.",
    )


def no_answer() -> Failure:
    """A program that ended well and left nothing."""
    return Failure(
        kind=FailureKind.CODE,
        code="NO_ANSWER",
        message="The program ended without an error but wrote no answer.",
        hint="Write the result as Parquet into the folder that `--output` names; "
        "a program of your own may print it instead.",
    )


def python_failure(crash: Crash, limits: Limits) -> Failure:
    """A plain Python exception; the deepest cause that is a value the data got wrong wins."""
    for link in crash.roots:
        found = value_failure(link.name, link.message, crash)
        if found is not None:
            return found
    if "MemoryError" in (crash.name, *crash.bases):
        return out_of_memory(limits.memory)
    if crash.name == "OSError" and crash.attributes.get("errno") in ("27", "28"):
        return _resource(
            "TOO_MUCH_OUTPUT",
            f"The program wrote more than the {limits.output // MIB:,} MiB that a run may write.",
            "Aggregate or filter before writing, or raise ARCLIGHT_RUN_OUTPUT.",
            bytes=limits.output,
        )
    said = (*crash.remote_errors, crash, *crash.causes)
    return code_failure(next((e for e in said if not _WRAPPER.match(e.name)), crash), crash)


def said_by(crash: Crash) -> tuple[Throwable, ...]:
    """The exceptions of the chain out of their wrappers, from the first to the last: those that a
    worker reported, or else those of the program itself."""
    chain = crash.remote_errors or (*reversed(crash.causes), crash)
    return tuple(e for e in chain if not _WRAPPER.match(e.name)) or (crash,)


_WRAPPER = re.compile(r"(RayTaskError.*|UserCodeException|SystemException|PythonException)$")
"""Exceptions that only say that another one happened."""


def code_failure(link: Throwable, crash: Crash) -> Failure:
    """The program itself is wrong."""
    details: dict[str, JsonValue] = {"exception": link.name}
    details.update({k: v for k, v in link.attributes.items() if k in ("name", "filename")})
    if link.name == "KeyError":
        details["key"] = link.message.strip("'\"")
    said = first_sentence(link.message)
    return Failure(
        kind=FailureKind.CODE,
        code=upper_snake(link.name),
        message=f"{link.name}: {said}" if said else f"The program raised {link.name}.",
        hint=_HINTS.get(link.name, "Change the program where the traceback points."),
        line=crash.program_line,
        details=details,
        traceback=crash.traceback,
    )


def value_failure(name: str, message: str, crash: Crash) -> Failure | None:
    """The failure when this exception complains about a value in the data."""
    if name == "ZeroDivisionError":
        return data_failure(
            "DIVIDE_BY_ZERO", "A division by zero occurred.", crash, hint=_ZERO_HINT, details=None
        )
    for pattern in _BAD_VALUE:
        if found := pattern.search(message):
            return bad_value(found["value"].strip(), crash)
    return None


_ZERO_HINT = "Leave out or replace rows whose divisor is 0 before dividing."


def bad_value(value: str, crash: Crash, **details: JsonValue) -> Failure:
    """A cell that cannot become the type that the program wants.

    Of `details`, `column` and `target_type` are said in the sentence.
    """
    value = value[:200]
    where = f" in column {details['column']!r}" if details.get("column") else ""
    target = details.get("target_type") or "the type that the program wants"
    return data_failure(
        "BAD_VALUE",
        f"The value {value!r}{where} cannot be read as {target}.",
        crash,
        hint="Treat such cells as missing, or clean them before converting.",
        details={"value": value, **details},
    )


def data_failure(
    code: str, sentence: str, crash: Crash, *, hint: str, details: Mapping[str, JsonValue] | None
) -> Failure:
    """The data did not fit the program."""
    return Failure(
        kind=FailureKind.DATA,
        code=code,
        message=sentence,
        hint=hint,
        line=crash.program_line,
        details={k: v for k, v in (details or {}).items() if v is not None},
        traceback=crash.traceback,
    )


def first_sentence(text: str, most: int = 400) -> str:
    """The first line that says something, without a trailing stack or SQLSTATE."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    line = re.sub(r"\s*SQLSTATE: \w+.*$", "", line)
    return line if len(line) <= most else line[:most] + "…"


def upper_snake(name: str) -> str:
    """`ZeroDivisionError` → `ZERO_DIVISION_ERROR`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()
    snake = re.sub(r"[^A-Z0-9_]", "_", snake).strip("_")
    return snake if re.match(r"[A-Z]", snake) else "PROGRAM_ERROR"


def _resource(code: str, message: str, hint: str, **details: JsonValue) -> Failure:
    return Failure(
        kind=FailureKind.RESOURCE, code=code, message=message, hint=hint, details=details
    )
