"""`arclight check FILE…`: the validator alone, on programs that people or machines wrote. Runs
nothing."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from arclight.cli.exits import CliError, Exit
from arclight.cli.findings import (
    Reported,
    github_lines,
    json_text,
    page_lines,
    rule_lines,
    summary,
    text_lines,
)
from arclight.cli.table import tame
from arclight.cli.term import Terminal
from arclight.contracts.names import Framework

_VALIDATOR = "services.validator.report"
"""Looked up by name: the command line knows no service."""
_ERRORS_FOUND = Exit.JOB_FAILED
_STDIN = "-"
_TABLE = re.compile(r"[^\s.=/]+(\.[^\s.=/]+){1,2}")


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


Files = Annotated[
    list[str] | None, typer.Argument(metavar="FILE…", help="Programs; `-` is standard input.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        "-s",
        metavar="NAME=URI",
        help="What the program may read: a file by a name and its URI or path, written as in the"
        " program, or a table of a catalog as DATABASE.TABLE. May be repeated.",
    ),
]
Select = Annotated[
    str,
    typer.Option(
        metavar="CODES",
        envvar="ARCLIGHT_RULES_SELECT",
        help="Only these rules: codes or their beginnings, as in `SPK,ARC004`. Errors of SEC and"
        " PRV count in any case.",
    ),
]
Ignore = Annotated[
    str, typer.Option(metavar="CODES", envvar="ARCLIGHT_RULES_IGNORE", help="Not these rules.")
]
SeverityOf = Annotated[
    str,
    typer.Option(
        metavar="CODE=SEVERITY",
        envvar="ARCLIGHT_RULES_SEVERITY",
        help="Other severities than the rules' own, as in `SPK005=error`.",
    ),
]


def check(
    files: Files = None,
    framework: Annotated[
        Framework, typer.Option("--framework", "-f", help="Engine; `auto` looks at the imports.")
    ] = Framework.AUTO,
    source: Sources = None,
    prompt: Annotated[
        str, typer.Option(help="The question that the program answers, where there is one.")
    ] = "",
    output_format: Annotated[
        OutputFormat, typer.Option("--output-format", help="How findings are printed.")
    ] = OutputFormat.TEXT,
    select: Select = "",
    ignore: Ignore = "",
    severity: SeverityOf = "",
    describe: Annotated[
        bool, typer.Option("--describe", help="Say in sentences what the program does, too.")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List all rules.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="CODE", help="Print what a rule is about.")
    ] = None,
) -> None:
    """Check programs against the validator's rules, without running them."""
    validator = _validator()
    if rules or explain is not None:
        _tell_rules(validator.rules(), explain, output_format)
        return
    if not files:
        raise CliError("No program is named.", "arclight check FILE, or - for standard input.")
    sources = dict(_source(text) for text in source or ())
    try:
        reporter = validator.reporter(
            framework.value, sources, prompt, select=select, ignore=ignore, severity=severity
        )
    except ValueError as error:
        raise CliError(str(error), "`arclight check --rules` lists all rules.") from error
    checked = [_checked(reporter, file) for file in files]
    _tell(checked, output_format, describe=describe)
    _tell_doubts(checked, sources)
    if any(f["severity"] == "error" for c in checked for f in c.findings):
        raise typer.Exit(_ERRORS_FOUND)


def _validator() -> Any:
    """`services.validator.report`. Raises CliError where the validator is not installed."""
    try:
        return import_module(_VALIDATOR)
    except ModuleNotFoundError as missing:
        raise CliError(
            f"The validator is not installed here: the module {missing.name} is missing.",
            "pip install 'arclight[validator]'",
            Exit.UNAVAILABLE,
        ) from missing


def _source(text: str) -> tuple[str, str]:
    """Name and URI of a `--source`. Raises CliError."""
    name, equals, uri = text.partition("=")
    if not name or (equals and not uri) or not (equals or _TABLE.fullmatch(text)):
        raise CliError(
            f"--source {text} names no source.",
            "Write NAME=URI, such as birds=s3://data/birds.csv or birds=data/birds.csv, or a table"
            " of a catalog as DATABASE.TABLE.",
        )
    return name, uri


def _checked(reporter: Any, file: str) -> Reported:
    told = reporter.report(_read(file))
    return Reported(
        "<stdin>" if file == _STDIN else file,
        told["text"],
        told["findings"],
        told["explanation"],
        Framework(told["framework"]),
    )


def _read(file: str) -> bytes:
    if file == _STDIN:
        return sys.stdin.buffer.read()
    path = Path(file)
    if not path.is_file():
        what = "is a folder, not a program" if path.is_dir() else "does not exist"
        raise CliError(f"{file} {what}.", "Name a Python file, or - for standard input.")
    return path.read_bytes()


def _tell(checked: Sequence[Reported], how: OutputFormat, *, describe: bool) -> None:
    if how is OutputFormat.JSON:
        print(json_text(checked))
        return
    out = Terminal(sys.stdout)
    for program in checked:
        if how is OutputFormat.GITHUB:
            lines = [*github_lines(program)]
        else:
            lines = [*_described(program, describe), *text_lines(program, out)]
        if lines:
            print("\n".join(lines))
    Terminal().say(summary(checked))


def _described(program: Reported, wanted: bool) -> Iterator[str]:
    if wanted:
        yield f"{tame(program.file)}:"
        yield from (f"  {number}. {tame(s)}" for number, s in enumerate(program.explanation, 1))
        yield ""


def _tell_doubts(checked: Sequence[Reported], sources: Mapping[str, str]) -> None:
    """What was not said and therefore not checked, or checked against nothing."""
    term = Terminal()
    unclear = [c.file for c in checked if c.framework is Framework.AUTO]
    if unclear:
        term.say(
            f"{', '.join(map(tame, unclear))}: not clearly of PySpark or Ray, so only the common"
            " rules were checked. Name the engine with --framework."
        )
    if not sources and any(f["code"].startswith("PRV") for c in checked for f in c.findings):
        term.say("No source is declared. Name what may be read with --source NAME=URI.")


def _tell_rules(known: Sequence[Mapping[str, Any]], code: str | None, how: OutputFormat) -> None:
    if code is None:
        shown, lines = known, rule_lines(known)
    else:
        one = next((rule for rule in known if rule["code"] == code.upper()), None)
        if one is None:
            raise CliError(f"There is no rule {code}.", "`arclight check --rules` lists them all.")
        shown, lines = [one], page_lines(one)
    print(json.dumps(shown, indent=2) if how is OutputFormat.JSON else "\n".join(lines))
