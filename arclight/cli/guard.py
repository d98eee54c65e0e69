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

_LIST = "`arclight jobs` lists the jobs that are kept; a finished job is kept for 30 days."
_AGAIN = "`arclight retry JOB` runs it again, as a new job."
_HINTS = {
    "UNAUTHORIZED": "Name the key with --api-key or ARCLIGHT_API_KEY. `arclight up` shows one at "
    "its first start and keeps it in the file `credentials` of its home.",
    "MALFORMED_JOB_ID": _LIST,
    "JOB_NOT_FOUND": _LIST,
    "JOB_ALREADY_FINISHED": _AGAIN,
    "JOB_NOT_FINISHED": "`arclight watch JOB` follows it to its end.",
    "JOB_FAILED": "`arclight show JOB` tells what was tried; `arclight retry JOB` tries again.",
    "JOB_CANCELLED": _AGAIN,
    "ATTEMPT_NOT_FOUND": "`arclight show JOB` lists them.",
    "NO_PROGRAM": "`arclight watch JOB` follows the job; `arclight show JOB` tells what was tried.",
    "RESULT_GONE": _AGAIN,
    "NOT_AWAITING_APPROVAL": "`arclight show JOB --attempts` tells who said what. `arclight run "
    "--mode review` asks before a program runs.",
    "PROGRAM_CHANGED": "`arclight watch JOB` shows the program that waits now; then name its "
    "attempt with --attempt.",
    "PROGRAM_HAS_ERRORS": "`arclight approve JOB --program FILE` takes a corrected one.",
    "NO_FURTHER_PROGRAM": "`arclight approve JOB --program FILE` takes your own, which costs no "
    "attempt; `arclight cancel JOB` ends the job.",
    "TOO_MANY_EDITS": "`arclight cancel JOB` ends the job.",
    "NOT_ACCEPTABLE": "`arclight result JOB` prints it.",
    "INVALID_REQUEST": "",
}
"""What to type next, where the API's own hint speaks of addresses and headers."""


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
    own = _HINTS.get(error.code)
    hint = error.hint if own is None else own.replace("JOB", error.job_id or "JOB")
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
