"""The column that a failure complains about, from its fields or, failing those, its words."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from arclight.contracts.finding import Finding
from arclight.contracts.names import Severity
from services.codegen.generator import Tried
from services.codegen.planner.repairs.symptom import AmbiguousColumn, OtherHeader, UnknownColumn

_UNKNOWN = re.compile(
    r"with name `(?P<name>.+?)` cannot be resolved.*?\[(?P<proposals>.*?)\]", re.S
)
_NO_FIELD = re.compile(
    r"No match for FieldRef\.Name\((?P<name>.+?)\) in (?P<fields>[^\n]+(?:\n[^\n]+)*)"
)
_NO_COLUMN = re.compile(r"there is no column '(?P<name>[^']*)', only \[(?P<others>[^\n]*)\]")
_NOT_IN_CSV = re.compile(r"Column '(?P<name>[^']*)' in include_columns does not exist in CSV file")
_AMBIGUOUS = re.compile(r"Reference `(?P<name>.+?)` is ambiguous")
_HEADER = re.compile(
    r"CSV header does not conform to the schema\.\s+Header: (?P<header>[^\n]*)"
    r"\s+Schema: (?P<expected>[^\n]*)"
)


def unknown(details: Mapping[str, JsonValue], said: str) -> UnknownColumn | None:
    """A column that is not there, with those that are."""
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
    if match := _NOT_IN_CSV.search(said):
        return UnknownColumn(match["name"], ())
    return None


def other_header(details: Mapping[str, JsonValue], said: str) -> OtherHeader | None:
    """A CSV file whose header is not the one that the program expects."""
    expected, header = details.get("expected"), details.get("header")
    if isinstance(expected, list) and isinstance(header, list):
        return OtherHeader(tuple(map(str, expected)), tuple(map(str, header)))
    match = _HEADER.search(said)
    if match is None:
        return None
    return OtherHeader(*(tuple(match[n].strip().split(", ")) for n in ("expected", "header")))


def ambiguous(code: str, details: Mapping[str, JsonValue], said: str) -> AmbiguousColumn | None:
    """A name that two columns have."""
    match = _AMBIGUOUS.search(said)
    if match:
        return AmbiguousColumn(match["name"].split("`.`")[-1])
    name = details.get("name")
    known = code == "AMBIGUOUS_REFERENCE" and isinstance(name, str)
    return AmbiguousColumn(str(name).strip("`")) if known else None


def found_by_validator(tried: Tried) -> UnknownColumn | None:
    """A column that the validator missed in the catalog, with what may be meant."""
    for finding in tried.findings:
        if finding.code.startswith("COL") and finding.severity is Severity.ERROR:
            name = _named(finding, tried.program)
            if name and finding.candidates:
                return UnknownColumn(name, finding.candidates)
    return None


def _named(finding: Finding, program: str) -> str:
    """The name as it stands where the finding's fix would replace it, or in its message."""
    lines = program.encode().splitlines()
    fix = finding.fix
    if fix is not None and fix.line == fix.end_line and fix.line <= len(lines):
        text = lines[fix.line - 1][fix.column : fix.end_column].decode("utf-8", "replace")
        return text.strip("\"'")
    quoted = re.search(r"'([^']+)'|\"([^\"]+)\"|`([^`]+)`", finding.message)
    return next((name for name in quoted.groups() if name), "") if quoted else ""


def _names(listed: str) -> tuple[str, ...]:
    """`` `a`, `t`.`b` `` → ("a", "b"); Spark has the most similar first."""
    return tuple(part.split("`.`")[-1].strip("`") for part in re.split(r",\s*", listed) if part)
