"""`arclight up`: the whole installation on this machine, until Ctrl-C."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.connect import HomePath

if TYPE_CHECKING:
    from arclight.cli.stack.stack import Stack
    from arclight.cli.term import Terminal
    from arclight.runtime.settings import Settings


def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the gateway. [8484]")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to bind to. [127.0.0.1]")] = None,
    home: HomePath = None,
    flower: Annotated[
        bool, typer.Option("--flower", help="Start Flower, which shows queues and workers.")
    ] = False,
    lazy: Annotated[
        bool,
        typer.Option("--lazy", help="Start Spark and Ray at their first job: little memory."),
    ] = False,
) -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    from arclight.cli.signals import Interrupts
    from arclight.cli.stack.display import Display
    from arclight.cli.stack.plan import names
    from arclight.cli.stack.stack import Stack
    from arclight.cli.term import Terminal

    term = Terminal()
    display = Display(term, names(flower=flower))
    settings = settings_with(home, host, port, lazy=lazy or None)
    stack = Stack(settings, display, flower=flower)
    with Interrupts() as interrupts:
        stack.start(interrupts.stopping)
        display.settle()
        if not interrupts.stopping():
            _welcome(stack, term)
        try:
            stack.run(interrupts.stopping)
        finally:
            term.say("Stopping; a step at work gets 10 s. Ctrl-C again stops at once.")
            stack.stop(interrupts.hurry)
            term.say("Stopped. Jobs are kept; unfinished ones go on at the next `arclight up`.")


def settings_with(
    home: Path | None, host: str | None, port: int | None, lazy: bool | None = None
) -> "Settings":
    """The settings of the environment, with what the command line says instead."""
    from arclight.runtime.settings import Settings

    given = {"home": home, "host": host, "port": port, "lazy": lazy}
    return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]


def home_option(path: Path) -> str:
    """What other commands must be told to find this stack."""
    from arclight.cli.connect import home_of

    usual = home_of(Path(os.environ["ARCLIGHT_HOME"]) if "ARCLIGHT_HOME" in os.environ else None)
    return "" if path == usual.path else f" --home {shlex.quote(str(path))}"


def _welcome(stack: "Stack", term: "Terminal") -> None:
    term.say()
    term.say(f"Arclight answers at {term.style(stack.url, 'bold')}")
    if stack.new_key:
        term.say(f"API key, shown this once: {term.style(stack.new_key, 'bold')}")
        term.say(f"  This user's commands find it in {stack.home.path / 'credentials'}.")
        if not stack.settings.webhook_secret.get_secret_value():
            term.say(
                f"Webhooks are signed with the secret in {stack.home.path / 'webhook.secret'}."
            )
    if stack.flower:
        term.say(
            f"Flower answers at {stack.flower.url}, user arclight, password {stack.flower.password}"
        )
    if stack.tier < "T3":
        term.say(f"Programs run in a cage of tier {stack.tier}: `arclight doctor` says what is")
        term.say("  missing here, and the cure.")
    term.say(f"Logs: {stack.home.logs}")
    where = home_option(stack.home.path)
    term.say(f'Ask:  arclight run "total revenue by region" --data sales.csv{where}')
    term.say("Stop: Ctrl-C")
