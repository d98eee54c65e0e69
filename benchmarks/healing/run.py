"""All cases, one after another."""

import time
from collections.abc import Callable, Sequence
from itertools import product

from arclight.catalog.profile import TableProfile
from arclight.catalog.resolve import profiles
from arclight.contracts.job import JobRequest
from arclight.contracts.names import Framework
from benchmarks.healing.cases import FRAMEWORKS, Case, cases
from benchmarks.healing.loop import Loop
from benchmarks.healing.outcome import Outcome, outcome_of
from benchmarks.healing.platform import BLOWS, Survived, survive
from benchmarks.healing.questions import QUESTIONS
from benchmarks.healing.world import world

Say = Callable[[str], None]


def clean_tables(loop: Loop) -> tuple[TableProfile, ...]:
    """Profiles of tables without a fault."""
    return profiles(loop.upload(world(0)), loop.artifacts)


def chosen(loop: Loop, count: int, seed: int) -> tuple[Case, ...]:
    """The seeded set."""
    return cases(count, seed, clean_tables(loop))


async def heal(loop: Loop, wanted: Sequence[Case], say: Say) -> list[Outcome]:
    """What became of each case."""
    outcomes = []
    for case in wanted:
        began = time.perf_counter()
        job = await loop.run(case)
        rows = loop.rows(job) if job.result else None
        outcome = outcome_of(case, job, rows, time.perf_counter() - began)
        say(_told(outcome))
        outcomes.append(outcome)
    return outcomes


async def withstand(loop: Loop, frameworks: Sequence[Framework] = FRAMEWORKS) -> list[Survived]:
    """What each blow of the platform cost."""
    sources = loop.upload(world(0))
    found = []
    for framework, blow in product(frameworks, BLOWS):
        request = JobRequest(prompt=QUESTIONS[0].text, sources=sources, framework=framework)
        found.append(await survive(loop, blow, request))
    return found


def _told(o: Outcome) -> str:
    verdict = "right" if o.right else "WRONG"
    path = " → ".join([*o.failures, o.ended.split(":")[0] if not o.right else "answered"])
    where = f"{o.framework:5} {o.kind} ({o.fault})"
    return f"{o.number:3} {verdict} {o.attempts} {o.seconds:5.1f} s  {where}: {path}"
