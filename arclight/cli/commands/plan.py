"""`arclight plan "…" --data FILE…`: what would be computed, and how sure that is. Runs nothing."""

import json
import shlex
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arclight.cli.choices import choice_lines
from arclight.cli.commands.run import Data, Prompt, check
from arclight.cli.exits import CliError, Exit
from arclight.cli.table import tame
from arclight.contracts.names import Framework

if TYPE_CHECKING:
    from arclight.cli.term import Terminal

_PLANNER = "services.codegen.explain"
"""Looked up by name: the command line knows no service."""
_NOT_UNDERSTOOD = Exit.JOB_FAILED

After = Annotated[
    list[str] | None,
    typer.Option(
        "--after",
        metavar="QUESTION",
        help="An earlier question that this one continues; may be repeated, oldest first.",
    ),
]


def plan(
    prompt: Prompt,
    data: Data = None,
    framework: Annotated[
        Framework, typer.Option("--framework", "-f", help="Engine; `auto` chooses.")
    ] = Framework.AUTO,
    after: After = None,
    program: Annotated[bool, typer.Option("--program", help="Print the program, too.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what each pass of the planner decided.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show what a question is read as, and why, without running it."""
    from arclight.cli.term import Terminal

    files = data or []
    check(prompt, files)
    explained = _planner()(prompt, files, framework.value, before=after or (), trace=explain)
    if as_json:
        print(json.dumps(explained, indent=2, ensure_ascii=False))
    elif explained["understood"]:
        print("\n".join(map(tame, plan_lines(explained, program=program))))
    else:
        _tell_refusal(explained, prompt, files, Terminal())
    if explain and not as_json:
        print("\n".join(map(tame, trace_lines(explained))))
    if not explained["understood"]:
        raise typer.Exit(_NOT_UNDERSTOOD)


def _planner() -> Any:
    """`services.codegen.explain.explain`. Raises CliError where the planner is not installed."""
    try:
        return import_module(_PLANNER).explain
    except ModuleNotFoundError as missing:
        raise CliError(
            f"The planner is not installed here: the module {missing.name} is missing.",
            "pip install 'arclight[codegen]'",
            Exit.UNAVAILABLE,
        ) from missing


def plan_lines(explained: Mapping[str, Any], *, program: bool) -> Iterator[str]:
    """The plan, what was assumed, what else it could have been; and the program if wanted."""
    yield explained["summary"]
    yield f"{explained['certainty'].capitalize()} (confidence {explained['confidence']:.2f})"
    yield from _listed("Assumed", explained["assumptions"])
    yield from _listed("Not understood", explained["not_understood"])
    yield from _listed("It could also mean", explained["runners_up"])
    yield ""
    yield f"Steps, on {explained['framework']}"
    for number, step in enumerate(explained["steps"], 1):
        yield f"  {number}. {step}"
    if program:
        yield from ("", "Program", "")
        yield explained["program"].rstrip("\n")


def trace_lines(explained: Mapping[str, Any]) -> Iterator[str]:
    """What each pass decided, in order."""
    yield ""
    if not explained["trace"]:
        yield "The planner kept no trace of its passes for this question."
        return
    yield "Passes"
    for entry in explained["trace"]:
        yield f"  {entry['step']}: {entry['text']}"


def _listed(head: str, items: list[str]) -> Iterator[str]:
    for item in items:
        yield f"{head}: {item}"


def _tell_refusal(
    explained: Mapping[str, Any], prompt: str, files: list[Path], term: "Terminal"
) -> None:
    failure = explained["failure"]
    term.say(f"{term.style('Unclear:', 'yellow')} {tame(failure['message'])}")
    if failure.get("hint"):
        term.say(f"  {tame(failure['hint'])}")
    named = "".join(f" --data {shlex.quote(str(f))}" for f in files)
    for line in choice_lines(failure.get("details", {}), "arclight plan", named):
        term.say(line)
