"""What a strategy is given, and what it yields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure
from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework
from services.codegen.mend.tree import Edit, Tree


@dataclass(frozen=True)
class Case:
    """A program that failed, what it failed with, and what is known of its sources."""

    tree: Tree
    failure: Failure
    tables: tuple[TableProfile, ...] = ()
    framework: Framework = Framework.AUTO
    findings: tuple[Finding, ...] = ()

    def detail(self, *names: str) -> str:
        """The first of these details that is a text; empty when there is none."""
        found = (self.failure.details.get(name) for name in names)
        return next((text for text in found if isinstance(text, str) and text), "")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns of the declared sources."""
        return tuple(dict.fromkeys(c.name for t in self.tables for c in t.columns))


@dataclass(frozen=True)
class Change:
    """A way to mend one fault."""

    edits: tuple[Edit, ...]
    said: str
    """One sentence: what is changed, and why."""
    assumption: str = ""
    """What whoever reads the answer must know of it; empty when nothing is assumed."""


ForFailure = Callable[[Case], Iterator[Change]]
"""Mends what stopped a run; yields alternatives, best first."""
ForFinding = Callable[[Case, Finding], Iterator[Change]]
"""Mends what the validator refused; yields alternatives, best first."""
