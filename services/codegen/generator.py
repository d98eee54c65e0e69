"""The generator port: whoever can turn a question into a program, or repair one, sits behind it."""

from collections.abc import Sequence
from typing import Protocol

from arclight.catalog.profile import TableProfile
from arclight.contracts.base import Frozen
from arclight.contracts.failure import Failure
from arclight.contracts.finding import Finding
from arclight.contracts.job import Plan
from arclight.contracts.names import Framework


class Ask(Frozen):
    """What a generator is asked."""

    prompt: str
    tables: tuple[TableProfile, ...]
    framework: Framework
    first: tuple[TableProfile, ...] = ()
    """The tables as the first attempt knew them, where `tables` were read again since then."""
    before: tuple[str, ...] = ()
    """What was asked before in the same session, oldest first: the prompt may continue it."""
    explain: bool = False
    """Keep a trace of every decision; it costs time."""


class Tried(Frozen):
    """One earlier attempt, oldest first."""

    program: str
    failure: Failure | None
    findings: tuple[Finding, ...] = ()


class Draft(Frozen):
    """A program and why it is as it is."""

    program: str
    framework: Framework
    plan: Plan
    reason: str


class Repairer(Protocol):
    """Whoever can change a program that failed."""

    name: str

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        """A changed program for the last failure. Raises StepFailed when it knows no other."""
        ...


class Generator(Repairer, Protocol):
    """Deterministic or not, local or not; raises StepFailed with kind `request` when it cannot."""

    def generate(self, ask: Ask) -> Draft:
        """A first program."""
        ...
