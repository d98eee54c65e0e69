"""The failure file of a run, read as what it is: text that a hostile program may have written.

It explains a failure. It never decides whether there was one: that is the exit code's.
"""

import os
import stat

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_BYTES = 256 * 1024


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Throwable(_Said):
    """One link of the chain of causes, in Python or in Java."""

    name: str = Field(alias="class")
    module: str = ""
    bases: tuple[str, ...] = Field(default=(), alias="mro")
    message: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    condition: str | None = None
    sql_state: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)
    contexts: tuple[dict[str, str], ...] = ()


class Frame(_Said):
    line: int = Field(ge=1)
    function: str = ""
    text: str = ""


class Crash(Throwable):
    """The uncaught exception of a program."""

    line: int | None = Field(default=None, ge=1)
    frames: tuple[Frame, ...] = ()
    traceback: str = ""
    causes: tuple[Throwable, ...] = ()
    java: tuple[Throwable, ...] = ()
    remote: tuple[Frame, ...] = ()
    remote_errors: tuple[Throwable, ...] = ()

    @property
    def chain(self) -> tuple[Throwable, ...]:
        """The exception, then its causes, the Java ones last: from the outside in."""
        return (self, *self.causes, *self.java)

    @property
    def roots(self) -> tuple[Throwable, ...]:
        """The same with what other processes reported, from the inside out."""
        return (*self.remote_errors, *reversed(self.chain))

    @property
    def program_line(self) -> int | None:
        """The line that raised: on a worker when the error came from there."""
        return self.remote[-1].line if self.remote else self.line


def read_crash(folder_fd: int, name: str) -> Crash | None:
    """The crash in the file; None when there is none that can be read."""
    data = _read(folder_fd, name)
    if data is None:
        return None
    try:
        return Crash.model_validate_json(data)
    except ValidationError:
        return None


def _read(folder_fd: int, name: str) -> bytes | None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        fd = os.open(name, flags, dir_fd=folder_fd)
    except OSError:
        return None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        return os.read(fd, MAX_BYTES)
    finally:
        os.close(fd)
