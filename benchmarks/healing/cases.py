"""The seeded set: which fault meets which question over which data."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from benchmarks.healing.fault import Fault
from benchmarks.healing.faults import FAULTS, KINDS
from benchmarks.healing.questions import QUESTIONS, Question
from benchmarks.healing.world import World, world
from services.codegen.generator import Ask, Draft
from services.codegen.planner.planner import Planner

FRAMEWORKS = (Framework.SPARK, Framework.RAY)


class DoesNotFit(Exception):
    """The fault has no place in the program or the data of this question."""


@dataclass(frozen=True)
class Case:
    """One faulty program. `seed` makes the data, and draws what a fault leaves open."""

    number: int
    fault: Fault
    question: Question
    seed: str

    @property
    def framework(self) -> Framework:
        return self.fault.framework

    def draw(self) -> Random:
        """The same numbers whenever it is asked."""
        return Random(hashlib.sha256(self.seed.encode()).digest())

    def uploaded(self) -> World:
        """The data as its schema is read. Raises DoesNotFit."""
        clean = world(self.draw().randrange(2**32))
        return self._changed(clean, self.fault.data)

    def world(self) -> World:
        """The data that programs read, and its truth. Raises DoesNotFit."""
        return self._changed(self.uploaded(), self.fault.later)

    def _changed(self, before: World, change: object) -> World:
        if change is None:
            return before
        assert callable(change)
        after = change(before, self.question, self.draw())
        if after is None:
            raise DoesNotFit
        assert isinstance(after, World)
        return after

    def spoil(self, draft: Draft) -> Draft:
        """The first program with the fault in it. Raises DoesNotFit."""
        if self.fault.program is None:
            return draft
        text = self.fault.program(draft.program, self.question, self.draw())
        if text is None or text == draft.program:
            raise DoesNotFit
        return draft.model_copy(update={"program": text})


def cases(count: int, seed: int, tables: Sequence[TableProfile]) -> tuple[Case, ...]:
    """`count` cases, spread evenly over the classes, then over their faults and frameworks.

    `tables`: profiles of clean tables, to see which questions a fault of the program fits.
    """
    draw = Random(seed)
    turns = {kind: cycle(_in_turn(kind)) for kind in KINDS}
    found: list[Case] = []
    for number, kind in zip(range(1, count + 1), cycle(KINDS), strict=False):
        fault = next(turns[kind])
        questions = draw.sample(QUESTIONS, len(QUESTIONS))
        made = (Case(number, fault, q, f"{seed}:{number}") for q in questions)
        found.append(next(c for c in made if _fits(c, tables)))
    return tuple(found)


def _in_turn(kind: str) -> Iterator[Fault]:
    """The faults of a class, a Spark one and a Ray one by turns where there are both."""
    sides = [[f for f in FAULTS if f.kind == kind and f.framework is x] for x in FRAMEWORKS]
    longest = max(map(len, sides))
    for turn in range(longest):
        yield from (side[turn % len(side)] for side in sides if side)


def _fits(case: Case, tables: Sequence[TableProfile]) -> bool:
    ask = Ask(prompt=case.question.text, tables=tuple(tables), framework=case.framework)
    try:
        case.spoil(Planner().generate(ask))
        case.world()
    except DoesNotFit:
        return False
    return True
