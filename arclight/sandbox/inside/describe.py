"""What is known of an exception, as bounded JSON values. Standard library only; runs in the child.

Knows engines by the shape of their exceptions, never by import: PySpark's carry `getCondition`
and a Java throwable, Ray's carry `cause` and the remote traceback as text. Every getter is
guarded, because some raise, and all of them talk to a JVM that may be dead.
"""

import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

MAX_TEXT = 4000
"""Characters of one message."""
MAX_TRACEBACK = 16_000
MAX_CHAIN = 8
"""Causes that are followed: Spark nests four or five deep."""
MAX_FRAMES = 20
MAX_PARAMETERS = 30


def describe(error: BaseException, program: str) -> dict[str, Any]:
    """Everything about `error`; `program` is the path whose frames count as the program's own."""
    frames = _frames(error, program)
    causes = list(_causes(error))
    return {
        "version": 1,
        **_identity(error),
        **_spark(error),
        "line": frames[-1]["line"] if frames else _syntax_line(error, program),
        "frames": frames[-MAX_FRAMES:],
        "traceback": _traceback(error, frames),
        "causes": [{**_identity(cause), **_spark(cause)} for cause in causes],
        "java": _java(error, causes),
        "remote": _remote_frames([error, *causes], program),
        "remote_errors": _remote_errors([error, *causes]),
    }


def _identity(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    return {
        "class": kind.__name__,
        "module": str(kind.__module__),
        "mro": [k.__name__ for k in kind.__mro__ if k is not object][:12],
        "message": _message(error),
        "attributes": _attributes(error),
    }


def _attributes(error: BaseException) -> dict[str, str]:
    """The few fields of standard exceptions that say more than their message."""
    names = ("name", "filename", "errno", "obj")
    values = {name: _get(error, name) for name in names}
    return {n: _cut(str(v), 200) for n, v in values.items() if isinstance(v, (str, int))}


def _message(error: BaseException) -> str:
    """The message without Java's stack, which `str` of a PySpark exception appends."""
    own = _get(error, "_desc")
    text = own if isinstance(own, str) and own else _guard(lambda: str(error))
    return _cut(_without_java(_COLOUR.sub("", text) if isinstance(text, str) else ""))


def _without_java(text: str) -> str:
    text = text.split("\n\nJVM stacktrace:")[0].split("\nJVM stacktrace:")[0]
    lines = [line for line in text.splitlines() if not re.match(r"\s+at [\w.$]+[(/]", line)]
    return "\n".join(lines).strip()


def _frames(error: BaseException, program: str) -> list[dict[str, Any]]:
    return [
        {"line": f.lineno, "function": f.name, "text": _cut(f.line or "", 300)}
        for f in traceback.extract_tb(error.__traceback__)
        if f.filename == program and f.lineno
    ]


def _syntax_line(error: BaseException, program: str) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == program:
        return error.lineno
    return None


def _traceback(error: BaseException, frames: list[dict[str, Any]]) -> str:
    """As Python prints it, with the program's frames only."""
    lines = ["Traceback (most recent call last):"] if frames else []
    for frame in frames[-MAX_FRAMES:]:
        lines.append(f'  File "program.py", line {frame["line"]}, in {frame["function"]}')
        lines.append(f"    {frame['text']}")
    lines.append(f"{type(error).__name__}: {_message(error)}")
    return _cut("\n".join(lines), MAX_TRACEBACK)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    current: BaseException | None = error
    for _ in range(MAX_CHAIN):
        current = _cause(current) if current is not None else None
        if current is None or id(current) in seen:
            return
        seen.add(id(current))
        yield current


def _cause(error: BaseException) -> BaseException | None:
    ray = _get(error, "cause")
    candidates = (ray, error.__cause__, None if error.__suppress_context__ else error.__context__)
    return next((c for c in candidates if isinstance(c, BaseException)), None)


# --- PySpark -----------------------------------------------------------------------------------


def _spark(error: BaseException) -> dict[str, Any]:
    if not hasattr(error, "getCondition"):
        return {}
    return {
        "condition": _text(_call(error, "getCondition")),
        "sql_state": _text(_call(error, "getSqlState")),
        "parameters": _parameters(_call(error, "getMessageParameters")),
        "contexts": _contexts(_call(error, "getQueryContext")),
    }


def _contexts(contexts: Any) -> list[dict[str, str]]:
    getters = ("contextType", "objectType", "objectName", "fragment", "callSite", "summary")
    found = []
    for context in (_guard(lambda: list(contexts)) or [])[:3]:
        values = {name: _text(_call(context, name)) for name in getters}
        found.append({name: value for name, value in values.items() if value})
    return found


def _parameters(parameters: Any) -> dict[str, str]:
    items = _guard(lambda: list(dict(parameters).items())) or []
    return {str(k): _cut(str(v), 1000) for k, v in items[:MAX_PARAMETERS]}


def _java(error: BaseException, causes: list[BaseException]) -> list[dict[str, Any]]:
    """The chain of Java throwables behind the first Python exception that has one."""
    for candidate in (error, *causes):
        throwable = _get(candidate, "_origin") or _get(candidate, "java_exception")
        if throwable is not None:
            return list(_throwables(throwable))
    return []


def _throwables(throwable: Any) -> Iterator[dict[str, Any]]:
    for _ in range(MAX_CHAIN):
        if throwable is None:
            return
        current = throwable
        kind = _call(_call(current, "getClass"), "getName")
        if not isinstance(kind, str):
            return
        yield {
            "class": kind,
            "message": _cut(_without_java(_text(_call(current, "getMessage")) or "")),
            "condition": _text(_call(current, "getCondition")),
            "sql_state": _text(_call(current, "getSqlState")),
            "parameters": _parameters(_call(current, "getMessageParameters")),
        }
        throwable = _call(current, "getCause")


# --- tracebacks that other processes sent as text ----------------------------------------------


def _remote_frames(chain: list[BaseException], program: str) -> list[dict[str, Any]]:
    """The program's lines in those tracebacks."""
    place = re.compile(r'File "' + re.escape(program) + r'", line (\d+), in (\S+)')
    places = [found for text in _remote_texts(chain) for found in place.findall(text)]
    return [{"line": int(n), "function": f} for n, f in places[:MAX_FRAMES]]


def _remote_errors(chain: list[BaseException]) -> list[dict[str, str]]:
    """The exceptions in those tracebacks, the one that came first in front."""
    found = []
    for text in _remote_texts(chain):
        for block in _NEXT_TRACEBACK.split(text):
            lines = list(_ERROR_LINE.finditer(block))
            if lines:
                message = block[lines[-1].start("message") :].strip()
                found.append({"class": lines[-1]["name"], "message": _cut(message)})
    return found[:MAX_CHAIN]


_NEXT_TRACEBACK = re.compile(r"\n\n(?:The above exception was|During handling of)[^\n]*\n\n")
_ERROR_LINE = re.compile(r"^(?:\w+\.)*(?P<name>[A-Z]\w*): (?P<message>.*)$", re.MULTILINE)


def _remote_texts(chain: list[BaseException]) -> list[str]:
    """Ray's errors print them, PySpark's carry them as a parameter."""
    parameters = (_call(e, "getMessageParameters") for e in chain if hasattr(e, "getCondition"))
    spark = [_parameter(p, "traceback") for p in parameters]
    ray = [_call(e, "__str__") for e in chain if _is_remote(e)]
    return [_COLOUR.sub("", text) for text in (*spark, *ray) if isinstance(text, str)]


def _is_remote(error: BaseException) -> bool:
    """Ray makes a class of its own for each kind of cause: `RayTaskError(ValueError)`."""
    return any(kind.__name__.startswith("RayTaskError") for kind in type(error).__mro__)


def _parameter(parameters: Any, name: str) -> Any:
    return _guard(lambda: dict(parameters).get(name))


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


# --- guards ------------------------------------------------------------------------------------


def _guard(get: Callable[[], Any]) -> Any:
    """The value, or None: an exception about an exception helps nobody."""
    try:
        return get()
    except Exception:  # noqa: BLE001
        return None


def _get(thing: Any, name: str) -> Any:
    return _guard(lambda: getattr(thing, name, None))


def _call(thing: Any, method: str) -> Any:
    return _guard(lambda: getattr(thing, method)())


def _text(value: Any) -> str | None:
    return _cut(str(value), 1000) if value is not None else None


def _cut(text: str, most: int = MAX_TEXT) -> str:
    return text if len(text) <= most else f"{text[:most]} … [{len(text) - most} more characters]"
