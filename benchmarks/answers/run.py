"""All questions, one after the other or over several processes."""

import math
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from benchmarks.answers.asking import ask
from benchmarks.answers.engine import Engine
from benchmarks.answers.outcome import Outcome
from benchmarks.answers.sets import Question

LIMITS = {"sql": 10.0, "spark": 60.0, "ray": 60.0}
"""Seconds for one program; the median is far below 1."""
_EVERY = 50
"""Questions between two words on the progress."""


def measure(questions: Sequence[Question], framework: str, jobs: int = 1) -> list[Outcome]:
    """The outcomes in the order of the questions. Several `jobs` are for `sql` only."""
    if jobs == 1:
        return _measured(questions, framework)
    size = max(1, math.ceil(len(questions) / (4 * jobs)))
    parts = [questions[i : i + size] for i in range(0, len(questions), size)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        done = pool.map(_measured, parts, [framework] * len(parts))
        return [outcome for part in done for outcome in part]


def start(framework: str) -> Engine:
    """A warm engine."""
    # Each imports what only it needs: renderers, Spark's and Ray's environments.
    if framework == "sql":
        from benchmarks.answers.on_sql import SqlEngine

        return SqlEngine(LIMITS[framework])
    from benchmarks.answers.programs import ProgramEngine

    return ProgramEngine(framework, LIMITS[framework])


def _measured(questions: Sequence[Question], framework: str) -> list[Outcome]:
    engine = start(framework)
    outcomes = []
    try:
        for number, question in enumerate(questions, 1):
            outcomes.append(ask(question, engine))
            if framework != "sql" and number % _EVERY == 0:
                right = sum(o.strict for o in outcomes)
                print(f"{framework}: {number} of {len(questions)}, {right} right", file=sys.stderr)
    finally:
        engine.close()
    return outcomes
