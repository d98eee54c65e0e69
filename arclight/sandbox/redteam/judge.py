"""From an observation to a verdict. Pure: the same observation gets the same verdict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from arclight.sandbox.redteam import checks
from arclight.sandbox.redteam.checks import Escape
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.observation import Observation
from arclight.sandbox.redteam.probe import Probe
from arclight.sandbox.watch import Reason


class Outcome(StrEnum):
    CONTAINED = "contained"
    ESCAPED = "escaped"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Verdict:
    """What became of one program."""

    probe: Probe
    outcome: Outcome
    evidence: str
    """One sentence."""
    escapes: tuple[Escape, ...] = ()

    @property
    def clause(self) -> Clause:
        """The promise that was broken, else the one that was tried."""
        return self.escapes[0].clause if self.escapes else self.probe.clause


def judge(probe: Probe, seen: Observation) -> Verdict:
    """Every check looks at every run; the program's own clause comes first in the evidence."""
    escapes = tuple(sorted(_escapes(probe, seen), key=lambda e: e.clause is not probe.clause))
    if escapes:
        evidence = " ".join(escape.evidence for escape in escapes[:3])
        return Verdict(probe, Outcome.ESCAPED, evidence, escapes)
    if why := _inconclusive(probe, seen):
        return Verdict(probe, Outcome.INCONCLUSIVE, why)
    return Verdict(probe, Outcome.CONTAINED, _ending(seen))


def _escapes(probe: Probe, seen: Observation) -> Iterator[Escape]:
    for check in checks.ALWAYS:
        yield from check(seen)
    for word in probe.expects:
        name, _, value = word.partition(":")
        if name in checks.ASKED:
            yield from checks.ASKED[name](probe, seen, value)


_BROKEN = re.compile(
    r"\b(ModuleNotFoundError|ImportError|NameError|AttributeError|IndentationError"
    r"|UnboundLocalError|TypeError)\b"
)
"""Exceptions of a program that is wrong itself and never came to its attack."""


def _inconclusive(probe: Probe, seen: Observation) -> str | None:
    if seen.ran.unstarted:
        return f"The program never began: {seen.ran.unstarted}"
    if seen.ran.reason is Reason.CANCELLED:
        return "The run was cancelled."
    if checks.NEEDS_SIGN & set(probe.expects) and seen.held is None:
        return "No process of the run showed its sign, so nobody could look at it."
    said = seen.ran.failure or ""
    if (broken := _BROKEN.search(said)) and probe.clause is not Clause.CONTROL:
        return f"The program is wrong itself: {_line(said, broken.start())}"
    return None


def _line(text: str, place: int) -> str:
    return text[place : place + 160].splitlines()[0]


def _ending(seen: Observation) -> str:
    ran = seen.ran
    if ran.reason is not Reason.ENDED:
        return f"It was ended: {ran.reason}."
    if ran.failure is None:
        return f"It ended well, with {ran.rows or 0} honest rows."
    said = next((line for line in ran.failure.splitlines() if line.strip()), "")
    return f"It failed: {said[:140]}"
