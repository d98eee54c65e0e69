"""A place where one program can run."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from arclight.contracts.names import LogStream, Way
from arclight.sandbox.caged import Exit, Log
from arclight.sandbox.logs import FullLog
from arclight.sandbox.runner.protocol import Ask, Go, Numbers


@dataclass(frozen=True)
class Listener:
    """Where news of a running program go."""

    log: Log
    numbers: Callable[[Numbers], None]
    full: Mapping[LogStream, FullLog]
    cancelled: threading.Event


@dataclass(frozen=True)
class Outcome:
    """How a program ended."""

    exit: Exit
    lost: str = ""
    """What the engine did, when the end was its fault and not the program's."""


class Place(Protocol):
    """One slot with an engine behind it. `close` ends and removes everything; idempotent."""

    folder: Path
    way: Way
    reason: str

    def run(self, go: Go, listener: Listener) -> Outcome: ...

    def close(self) -> None: ...


class Provider(Protocol):
    """Where places come from."""

    def place(self, ask: Ask) -> Place | str:
        """A place; or why this provider has none for such a program now."""
        ...

    def tick(self) -> None:
        """Look after what is warm. Called about every half second from one thread."""
        ...

    @property
    def warm(self) -> bool: ...

    @property
    def states(self) -> Mapping[str, str]:
        """State of each engine by its name, for people."""
        ...

    def close(self) -> None: ...
