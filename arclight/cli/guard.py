"""Around every command: errors for people, exit statuses for scripts, never a traceback."""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

import typer

from arclight.cli.exits import CliError, Exit
from arclight.contracts.failure import ArclightError

P = ParamSpec("P")

_EXITS = {"JOB_FAILED": Exit.JOB_FAILED, "JOB_CANCELLED": Exit.CANCELLED}
"""Problems that say how a job ended, when its result is asked for."""


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """`command`, whose errors end the process with a sentence and a status."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except CliError as error:
            status = _complain(str(error), error.hint, error.code)
        except KeyboardInterrupt:
            status = Exit.INTERRUPTED
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; the interpreter must not complain either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = Exit.OK
        except (ArclightError, OSError) as error:
            status = _explain(error)
        except ValueError as error:
            status = _settings(error)
        else:
            return
        raise typer.Exit(status)

    return run


def _explain(error: Exception) -> Exit:
    from arclight.client_errors import ApiError, Unreachable

    if isinstance(error, Unreachable):
        hint = "Start it with `arclight up`, or check --url and ARCLIGHT_URL."
        return _complain(str(error), hint, Exit.UNAVAILABLE)
    if not isinstance(error, ApiError):
        return _complain(str(error), "", Exit.UNAVAILABLE)
    hint = "\n".join([error.hint, *error.places]).strip()
    usual = Exit.UNAVAILABLE if error.unavailable else Exit.USAGE
    return _complain(error.detail, hint, _EXITS.get(error.code, usual))


def _settings(error: ValueError) -> Exit:
    """A value in the environment that pydantic refuses. Any other ValueError is ours: raised."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or error.title != "Settings":
        raise error
    wrong = [f"ARCLIGHT_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
    return _complain("A setting in the environment cannot be used.", "\n".join(wrong), Exit.USAGE)


def _complain(message: str, hint: str, code: Exit) -> Exit:
    from arclight.cli.term import Terminal

    term = Terminal()
    term.say(f"{term.style('Error:', 'red')} {message}")
    for line in hint.splitlines():
        term.say(f"  {line}")
    return code
