"""The engine port: whatever executes a plan sits behind this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from arclight.catalog.profile import TableProfile
from benchmarks.answers.sets import Rows
from services.codegen.planner.plan import Planned


class TooSlow(Exception):
    """A step took longer than it may."""


@dataclass(frozen=True)
class Answer:
    """The text that was executed and the rows that it gave."""

    program: str
    rows: Rows


class Engine(Protocol):
    """One warm engine."""

    framework: str

    def answer(self, planned: Planned, tables: Sequence[TableProfile]) -> Answer:
        """Raises whatever goes wrong. `tables` are all that the question may be answered from."""
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
