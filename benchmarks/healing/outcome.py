"""What became of one case, and of a class of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from arclight.contracts.job import Job
from benchmarks.answers.score import strict
from benchmarks.answers.sets import Rows
from benchmarks.answers.values import json_rows
from benchmarks.healing.cases import Case

SOON = 2
"""Attempts within which most faults should be mended."""
GOAL_RIGHT = 0.90
GOAL_SOON = 0.75


@dataclass(frozen=True)
class Outcome:
    """One case. Fields are JSON."""

    number: int
    kind: str
    fault: str
    where: str
    framework: str
    question: str
    state: str
    right: bool
    attempts: int
    failures: tuple[str, ...]
    """Code of the failure of each attempt that failed."""
    reasons: tuple[str, ...]
    """Of each repair."""
    notes: tuple[str, ...]
    """What the answer says of itself."""
    ended: str
    seconds: float

    @property
    def soon(self) -> bool:
        """Right, and within SOON attempts."""
        return self.right and self.attempts <= SOON


def outcome_of(case: Case, job: Job, rows: Rows | None, seconds: float) -> Outcome:
    """`rows`: the answer, where there is one."""
    gold = json_rows(case.world().answer(case.question.sql))
    return Outcome(
        number=case.number,
        kind=case.fault.kind,
        fault=case.fault.name,
        where=case.fault.where,
        framework=case.framework,
        question=case.question.text,
        state=job.state,
        right=rows is not None and strict(rows, gold, False),
        attempts=len(job.attempts),
        failures=tuple(a.failure.code for a in job.attempts if a.failure),
        reasons=tuple(a.reason for a in job.attempts[1:]),
        notes=job.result.notes if job.result else (),
        ended=_ended(job),
        seconds=round(seconds, 1),
    )


def _ended(job: Job) -> str:
    if job.error is None:
        return "answered"
    why = job.error.details.get("stopped_because", "")
    return f"{job.error.code}: {job.error.message} {why}".strip()


def share(outcomes: Sequence[Outcome], good: Sequence[bool]) -> float:
    """Which part is good, 0 to 1; all of none is good."""
    return sum(good) / len(outcomes) if outcomes else 1.0


def reached(outcomes: Sequence[Outcome]) -> bool:
    """True when both goals are reached."""
    right = share(outcomes, [o.right for o in outcomes])
    soon = share(outcomes, [o.soon for o in outcomes])
    return right >= GOAL_RIGHT and soon >= GOAL_SOON
