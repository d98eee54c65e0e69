"""Findings of the validator as people, programs and GitHub read them."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from arclight.cli.table import tame
from arclight.contracts.names import Framework

if TYPE_CHECKING:
    from arclight.cli.term import Terminal

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
_NEWLINE = re.compile(r"\r\n|\r|\n")
_TAB = 4
"""Columns of a tab in a shown line."""
_BEFORE, _LONGEST = 60, 110
"""Characters that are shown of a long line: before the caret, and in all."""


class Reported(NamedTuple):
    """One program that was checked: its name here, its text and what was found."""

    file: str
    text: str
    findings: Sequence[Mapping[str, Any]]
    explanation: Sequence[str]
    framework: Framework


def text_lines(reported: Reported, term: "Terminal") -> Iterator[str]:
    """Each finding with its place, the line of the program with a caret, and the help."""
    for finding, line, before in _placed(reported):
        number = finding["line"]
        place = f"{reported.file}:{number}:{len(before) + 1}"
        severity = finding["severity"]
        code = term.style(f"{finding['code']} {severity}:", "bold", _COLOURS[severity])
        yield f"{term.style(tame(place) + ':', 'bold')} {code} {tame(finding['message'])}"
        yield from _excerpt(line, before, number, _helps(finding), term)
        yield ""


def _excerpt(
    line: str, before: str, number: int, helps: Sequence[str], term: "Terminal"
) -> Iterator[str]:
    margin = " " * len(str(number))
    bar = term.style("|", "dim")
    if line.strip():
        yield f"{margin} {bar}"
        cut = max(0, len(before) - _BEFORE)
        shown, lead = line[cut : cut + _LONGEST], _shown(before[cut:])
        yield f"{term.style(str(number), 'dim')} {bar} {_shown(shown).rstrip()}"
        yield f"{margin} {bar} {' ' * _width(lead)}{term.style('^', 'bold')}"
    for text in helps:
        yield f"{margin} {term.style('=', 'dim')} {tame(text)}"


def _helps(finding: Mapping[str, Any]) -> list[str]:
    helps = [f"help: {finding['hint']}"] if finding["hint"] else []
    if finding["candidates"]:
        helps.append(f"perhaps: {', '.join(finding['candidates'])}")
    if finding["fix"]:
        helps.append(f"write: {finding['fix']['text']}")
    return helps


def _placed(reported: Reported) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """Each finding with its line and what stands before it there. Columns of findings count bytes,
    as Python's `ast` does."""
    lines = _NEWLINE.split(reported.text)
    for finding in reported.findings:
        number = finding["line"]
        line = lines[number - 1] if number <= len(lines) else ""
        before = line.encode(errors="replace")[: finding["column"]]
        yield finding, line, before.decode(errors="ignore")


def _shown(line: str) -> str:
    return tame(line.replace("\t", " " * _TAB))


def _width(text: str) -> int:
    """Columns on a terminal: two for a wide character, none for one that joins the one before."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


def json_text(reported: Sequence[Reported]) -> str:
    """All findings as one list; each names its file."""
    found = [{"file": r.file, **finding} for r in reported for finding in r.findings]
    return json.dumps(found, indent=2, ensure_ascii=False)


def github_lines(reported: Reported) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the line."""
    for finding, _, before in _placed(reported):
        what, column = _GITHUB[finding["severity"]], len(before) + 1
        place = f"file={_property(reported.file)},line={finding['line']},col={column}"
        message = " ".join(filter(None, [finding["message"], finding["hint"]]))
        yield f"::{what} {place},title={finding['code']}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(reported: Sequence[Reported]) -> str:
    """How many findings of each severity, in how many programs."""
    severities = [f["severity"] for r in reported for f in r.findings]
    counts = [(severities.count(s), s) for s in ("error", "warning", "info")]
    told = [f"{n} {s}{'s' if n != 1 and s != 'info' else ''}" for n, s in counts if n]
    programs = f"{len(reported)} program{'' if len(reported) == 1 else 's'}"
    return f"{', '.join(told) or 'Nothing'} found in {programs}."


def rule_lines(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """One line for each rule."""
    for rule in rules:
        yield f"{rule['code']}  {rule['severity']:<7}  {rule['title']}"


def page_lines(rule: Mapping[str, Any]) -> Iterator[str]:
    """All of one rule: why, an example of each side, and what to do."""
    yield from (f"{rule['code']}: {rule['title']} ({rule['severity']})", "", rule["why"])
    for head, example in (("Bad", rule["bad"]), ("Good", rule["good"])):
        yield from ("", head, "")
        yield from (f"    {line}".rstrip() for line in _example(example))
    yield from ("", f"Help: {rule['hint']}")


def _example(text: str) -> list[str]:
    """Characters that nobody can see are written out."""
    return tame(text.rstrip("\n")).split("\n")
