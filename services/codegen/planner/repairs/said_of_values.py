"""The cell that a failure complains about, from its fields or, failing those, its words."""

import ast
import re
from collections.abc import Iterator

from arclight.catalog.profile import ColumnType
from services.codegen.generator import Tried
from services.codegen.planner.repairs.symptom import BadValue

_QUOTED = r"'(?P<value>.*?)'"
_BAD_VALUES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"In CSV column #(?P<position>\d+):.*?conversion error to (?P<type>[\w\[\]]+): "
        rf"invalid value {_QUOTED}(?:\s|$)",
        rf"Failed to parse string: {_QUOTED} as a scalar of type (?P<type>\w+)"
        r"(?: in column '(?P<column>[^']*)')?",
        rf"The value {_QUOTED} of the type \S+ cannot be cast to \"(?P<type>\w+)\"",
        rf"The value {_QUOTED}(?: in column '(?P<column>[^']*)')? cannot be read as",
        rf"Text {_QUOTED} could not be parsed",
        r'For input string: "(?P<value>[^"]*)"',
        r"Cannot parse the field name '(?P<column>[^']*)' and the value (?P<value>.*?) of the JSON",
        rf"could not convert string to float: {_QUOTED}",
        rf"invalid literal for int\(\) with base 10: {_QUOTED}",
    )
)
_TYPES = {
    "bigint": ColumnType.INTEGER,
    "int": ColumnType.INTEGER,
    "int64": ColumnType.INTEGER,
    "double": ColumnType.DOUBLE,
    "float": ColumnType.DOUBLE,
    "date": ColumnType.DATE,
    "date32": ColumnType.DATE,
    "timestamp": ColumnType.TIMESTAMP,
    "timestamp_ntz": ColumnType.TIMESTAMP,
    "boolean": ColumnType.BOOLEAN,
    "bool": ColumnType.BOOLEAN,
}
_CALLED_FROM = re.compile(r'"cast" was called from\s+.*?:(\d+)\s*$', re.MULTILINE)


def bad_value(tried: Tried, said: str) -> BadValue | None:
    """A cell that does not fit its type, with all that is known of its place."""
    failure = tried.failure
    assert failure is not None
    details = failure.details
    match = next((m for p in _BAD_VALUES if (m := p.search(said))), None)
    groups = match.groupdict() if match else {}
    value = _text(details.get("value")) or groups.get("value")
    if value is None and failure.code not in ("BAD_VALUE", "CAST_INVALID_INPUT"):
        return None
    position = groups.get("position")
    column = _text(details.get("column")) or groups.get("column")
    kind = (_text(details.get("target_type")) or groups.get("type") or "").strip('"').lower()
    code = _line_of(tried, said)
    return BadValue(
        value=value,
        columns=(column,) if column else tuple(_columns_in(code)),
        position=int(position) if position is not None else None,
        type=_TYPES.get(re.split(r"[\[(]", kind)[0]),
        cleaned="cast(kind)" in code or "Failed to parse string" in said,
    )


def _line_of(tried: Tried, said: str) -> str:
    """The line of the program that the failure names."""
    called = _CALLED_FROM.search(said)
    number = int(called.group(1)) if called else tried.failure.line if tried.failure else None
    lines = tried.program.splitlines()
    return lines[number - 1] if number is not None and number <= len(lines) else ""


def _columns_in(code: str) -> Iterator[str]:
    """The columns that a cast names."""
    if ".cast(" in code:
        for name in re.findall(r"F\.col\((\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\)", code):
            yield ast.literal_eval(name).strip("`").replace("``", "`")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
