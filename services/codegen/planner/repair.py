"""Repair without a model: the question is planned again, then changed by what failures said.

Every earlier failure is answered in turn, so that the repair of the third attempt keeps what the
second one learned. From then on, and when nothing else is left, the plan begins from the schema as
it was read again (`Ask.first` then holds the one that the first attempt knew).
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import Clean, Planned
from services.codegen.planner.render import render
from services.codegen.planner.repairs.anew import ANEW, anew
from services.codegen.planner.repairs.count_unread import count_unread
from services.codegen.planner.repairs.diagnosis import symptom_of
from services.codegen.planner.repairs.remedy import Remedy
from services.codegen.planner.repairs.strategies import (
    ABOUT_THE_SCHEMA,
    WHOEVER_WROTE_IT,
    remedies,
)
from services.codegen.planner.repairs.suspects import named_by
from services.codegen.planner.repairs.symptom import BadValue, BrokenRecord, Symptom

PlanFor = Callable[[Ask], Planned]

STRATEGY_CHANGES = 3
"""From this attempt on, all is planned anew, and not changed here and there."""
AGAIN = "The schema was read again, from the whole of each file, and the question planned anew."


@dataclass(frozen=True)
class _Answered:
    """A plan after all failures, why it was changed last, and which attempts were its own."""

    planned: Planned
    reason: str
    own: frozenset[int]


def repair(ask: Ask, tried: Sequence[Tried], plan: PlanFor) -> Draft:
    """A program that differs from all that were tried. Raises StepFailed when there is none."""
    framework = _framework(ask, tried)
    programs = {t.program for t in tried}
    for answered in _answers(ask, tried, plan, framework):
        program = render(answered.planned, framework)
        if program not in programs:
            return Draft(
                program=program,
                framework=framework,
                plan=outline(answered.planned),
                reason=answered.reason,
            )
    raise StepFailed(_no_further(tried[-1]))


def _answers(
    ask: Ask, tried: Sequence[Tried], plan: PlanFor, framework: Framework
) -> Iterator[_Answered]:
    """What to try, the best first. Raises StepFailed when the question cannot be planned at all."""
    if not ask.first:
        yield _answered(_planned(ask, plan), tried, framework)
        return
    known = ask.model_copy(update={"tables": ask.first, "first": ()})
    old = _answered(_planned(known, plan), tried, framework, again=ask.tables)
    one_cell = isinstance(symptom_of(tried[-1]), BadValue) and _shape(ask.first) == _shape(
        ask.tables
    )
    if one_cell and len(tried) < STRATEGY_CHANGES - 1:
        yield old  # One column is read otherwise, and all else stays.
    try:
        planned = _planned(ask.model_copy(update={"first": ()}), plan)
    except StepFailed:
        pass  # What was asked for is not in the files any more: only the old plan is left.
    else:
        counting = count_unread(planned, ask.first)
        new = _answered(counting, tried, framework, learned=old.own)
        yield dataclasses.replace(new, reason=f"{new.reason} {AGAIN}")
    yield old


def _shape(tables: Sequence[TableProfile]) -> list[object]:
    """What a reader must know of files before it can tell their cells apart."""
    return [(t.uri, t.multiline, [c.name for c in t.columns]) for t in tables]


def _planned(ask: Ask, plan: PlanFor) -> Planned:
    planned = plan(ask)
    return dataclasses.replace(planned, question=planned.question or ask.prompt)


def _answered(
    planned: Planned,
    tried: Sequence[Tried],
    framework: Framework,
    learned: Collection[int] = (),
    again: Sequence[TableProfile] = (),
) -> _Answered:
    """`learned`: attempts whose failures count for this plan too, although another one failed;
    `again`: the tables as they were read again."""
    own: set[int] = set()
    reason = f"{ANEW}."
    for number, attempt in enumerate(tried):
        seen = {t.program for t in tried[: number + 1]}
        if render(planned, framework) == attempt.program:
            own.add(number)
        symptom = symptom_of(attempt)
        mine = number in own
        found = None
        if symptom is not None and _concerns(symptom, planned, mine, number in learned):
            found = _first_new(remedies(planned, symptom, again), seen, framework)
        if found is None and not mine:
            found = anew(planned, attempt.failure)
        if found is not None:
            planned, reason = found.planned, found.reason
    return _Answered(planned, reason, frozenset(own))


def _concerns(symptom: Symptom, planned: Planned, own: bool, learned: bool) -> bool:
    """True where a symptom says something of the plan, and not of the program that failed alone."""
    if own or isinstance(symptom, WHOEVER_WROTE_IT):
        return True
    if learned:
        return not isinstance(symptom, ABOUT_THE_SCHEMA)
    if isinstance(symptom, BadValue):
        return any(c.clean is Clean.NONE for c in named_by(planned.root, symptom))
    return isinstance(symptom, BrokenRecord)


def _first_new(
    found: Iterator[Remedy], seen: Collection[str], framework: Framework
) -> Remedy | None:
    return next((r for r in found if render(r.planned, framework) not in seen), None)


def _framework(ask: Ask, tried: Sequence[Tried]) -> Framework:
    """The one that was asked for, else the one of the last program."""
    if ask.framework is not Framework.AUTO:
        return ask.framework
    return Framework.SPARK if tried and "pyspark" in tried[-1].program else Framework.RAY


def _no_further(last: Tried) -> Failure:
    failure = last.failure
    said = f" It said: {failure.message}" if failure else ""
    return Failure(
        kind=failure.kind if failure else FailureKind.CODE,
        code="NO_FURTHER_REPAIR",
        message=f"The planner knows no other program for this question and this failure.{said}",
        hint="Mend the data that the failure names, ask in other words, or bring your own program.",
        details=dict(failure.details) if failure else {},
        traceback=failure.traceback if failure else "",
    )
