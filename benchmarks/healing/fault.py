"""One fault: what is put into the first program, or into the data that it reads."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from arclight.contracts.limits import RunLimits
from arclight.contracts.names import Framework
from benchmarks.healing.questions import Question
from benchmarks.healing.world import World

Edit = Callable[[str, Question, Random], str | None]
"""The spoiled text of a program; None where the fault has no place in it."""
Change = Callable[[World, Question, Random], World | None]
"""The spoiled data; None where the fault cannot touch the question."""


@dataclass(frozen=True)
class Fault:
    """A fault of a class. A fault of the data hits the planner's own programs, every one."""

    kind: str
    """The class, as it stands in the table."""
    name: str
    framework: Framework
    program: Edit | None = None
    """Spoils the first program."""
    data: Change | None = None
    """Spoils the data beyond the rows that the schema was read from."""
    later: Change | None = None
    """Replaces the data after its schema was read."""
    limits: RunLimits = field(default=RunLimits())
    """Of the job: the first program breaks one of them."""

    @property
    def where(self) -> str:
        """`program`, `data`, or both."""
        places = [("program", self.program), ("data", self.data or self.later)]
        return " and ".join(name for name, used in places if used)


def swap(text: str, *pairs: tuple[str, str]) -> str | None:
    """Each first text once for each second one; None when one of them is not there."""
    for old, new in pairs:
        if old not in text:
            return None
        text = text.replace(old, new, 1)
    return text


def swapped(*pairs: tuple[str, str]) -> Edit:
    """The edit that swaps these."""
    return lambda text, question, draw: swap(text, *pairs)


def elsewhere(text: str, question: Question, draw: Random) -> str | None:
    """The sales are read from a folder that does not exist."""
    return re.sub(r'"file://\S*/sales\.csv"', '"file:///data/exports/sales.csv"', text, count=1)
