"""How a command ends, for scripts."""

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    JOB_FAILED = 1
    USAGE = 2
    TIMED_OUT = 3
    CANCELLED = 4
    UNAVAILABLE = 5
    INTERRUPTED = 130
    """What shells say of a command that Ctrl-C ended."""


class CliError(Exception):
    """Ends the command with one human sentence, and what to do next."""

    def __init__(self, message: str, hint: str = "", code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code
