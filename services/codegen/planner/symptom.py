"""What a failure says about the data or the plan, from its fields or, failing those, its words.

The words are those of pyspark 4.3 and pyarrow 26; `tests/codegen/render/test_repair.py` runs
programs into each of them.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from arclight.catalog.profile import ColumnType
from services.codegen.generator import Tried


@dataclass(frozen=True)
class BadValue:
    """A cell that does not fit its type; what is unknown is None."""

    value: str | None = None
    columns: tuple[str, ...] = ()
    """Names that the failure points at; more than one when it points at a line."""
    position: int | None = None
    """Index of the column in its file."""
    type: ColumnType | None = None
    cleaned: bool = False
    """The cell was turned from text by the program's own helper."""


@dataclass(frozen=True)
class BrokenRecord:
    """Lines that do not make records: a quoted cell may hold a line break."""


@dataclass(frozen=True)
class UnknownColumn:
    name: str
    proposals: tuple[str, ...]


@dataclass(frozen=True)
class AmbiguousColumn:
    name: str


@dataclass(frozen=True)
class Overflow:
    """A whole number left 64 bits; `product` when a multiplication did."""

    product: bool


Symptom = BadValue | BrokenRecord | UnknownColumn | AmbiguousColumn | Overflow

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
_UNKNOWN = re.compile(
    r"with name `(?P<name>.+?)` cannot be resolved.*?\[(?P<proposals>.*?)\]", re.S
)
_NO_FIELD = re.compile(
    r"No match for FieldRef\.Name\((?P<name>.+?)\) in (?P<fields>[^\n]+(?:\n[^\n]+)*)"
)
_NO_COLUMN = re.compile(r"there is no column '(?P<name>[^']*)', only \[(?P<others>[^\n]*)\]")
_AMBIGUOUS = re.compile(r"Reference `(?P<name>.+?)` is ambiguous")
_OVERFLOW = re.compile(r"ARITHMETIC_OVERFLOW|CAST_OVERFLOW|ArrowInvalid: overflow|\boverflow\b")
_BROKEN = re.compile(
    r"MALFORMED_CSV_RECORD|CSV parse error: .*?Expected \d+ columns, got \d+", re.S
)


def symptom_of(tried: Tried) -> Symptom | None:
    """What the failure of an attempt points at; None when it points at nothing known."""
    failure = tried.failure
    if failure is None:
        return None
    said = f"{failure.traceback}\n\n{failure.message}"
    if found := _ambiguous(failure.code, failure.details, said):
        return found
    if found_unknown := _unknown(failure.details, said):
        return found_unknown
    if _BROKEN.search(said):
        return BrokenRecord()
    if found_value := _bad_value(tried, said):
        return found_value
    if failure.code.startswith("MALFORMED"):
        return BrokenRecord()
    if "OVERFLOW" in failure.code or _OVERFLOW.search(said):
        return Overflow(product="try_multiply" in said or "multiply_checked" in said)
    return None


def _bad_value(tried: Tried, said: str) -> BadValue | None:
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


def _unknown(details: Mapping[str, JsonValue], said: str) -> UnknownColumn | None:
    parameters = details.get("parameters")
    given = {**details, **parameters} if isinstance(parameters, dict) else details
    name, proposal = given.get("objectName"), given.get("proposal")
    if isinstance(name, str):
        return UnknownColumn(name.strip("`"), _names(str(proposal or "")))
    if match := _UNKNOWN.search(said):
        return UnknownColumn(match["name"], _names(match["proposals"]))
    if match := _NO_COLUMN.search(said):
        return UnknownColumn(match["name"], tuple(re.findall("'([^']*)'", match["others"])))
    if match := _NO_FIELD.search(said):
        fields = re.findall(r"^(.+?): \w", match["fields"], re.M)
        return UnknownColumn(match["name"], tuple(fields))
    return None


def _names(listed: str) -> tuple[str, ...]:
    """`` `a`, `t`.`b` `` → ("a", "b"); Spark has the most similar first."""
    return tuple(part.split("`.`")[-1].strip("`") for part in re.split(r",\s*", listed) if part)


def _ambiguous(code: str, details: Mapping[str, JsonValue], said: str) -> AmbiguousColumn | None:
    match = _AMBIGUOUS.search(said)
    if match:
        return AmbiguousColumn(match["name"].split("`.`")[-1])
    name = details.get("name")
    known = code == "AMBIGUOUS_REFERENCE" and isinstance(name, str)
    return AmbiguousColumn(str(name).strip("`")) if known else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
