"""Repair without a model: the question is planned again, then changed by what failures said."""

import dataclasses
from collections.abc import Callable, Sequence

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import Planned
from services.codegen.planner.remedy import Remedy, remedies
from services.codegen.planner.render import render
from services.codegen.planner.symptom import symptom_of

PlanFor = Callable[[Ask], Planned]


def repair(ask: Ask, tried: Sequence[Tried], plan: PlanFor) -> Draft:
    """A program that differs from all that were tried. Raises StepFailed when there is none.

    Every earlier failure is answered in turn, so that the repair of the third attempt keeps what
    the second one learned.
    """
    framework = _framework(ask, tried)
    planned = plan(ask)
    planned = dataclasses.replace(planned, question=planned.question or ask.prompt)
    reason = "Written anew from the plan of the question."
    for number, attempt in enumerate(tried, 1):
        seen = {t.program for t in tried[:number]}
        answered = _answer(planned, attempt, seen, framework)
        if answered is not None:
            planned, reason = answered
    program = render(planned, framework)
    if program in {t.program for t in tried}:
        raise StepFailed(_no_further(tried[-1]))
    return Draft(program=program, framework=framework, plan=outline(planned), reason=reason)


def _answer(
    planned: Planned, attempt: Tried, seen: set[str], framework: Framework
) -> tuple[Planned, str] | None:
    """The first changed plan for the attempt's failure whose program is new."""
    symptom = symptom_of(attempt)
    if symptom is None:
        return None
    for remedy in remedies(planned.root, symptom):
        changed = _changed(planned, remedy)
        if render(changed, framework) not in seen:
            return changed, remedy.reason
    return None


def _changed(planned: Planned, remedy: Remedy) -> Planned:
    said = remedy.assumption and remedy.assumption not in planned.assumptions
    assumptions = (*planned.assumptions, remedy.assumption) if said else planned.assumptions
    return dataclasses.replace(planned, root=remedy.root, assumptions=assumptions)


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
