"""The healing benchmark itself: its set, its loop, its figures. Engines are replaced here."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.contracts.events import Event, JobFinished
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import JobRequest
from arclight.contracts.names import Framework, JobState, Queue
from arclight.contracts.result import Result, ResultFile, ResultKind
from arclight.runtime.artifacts import get_program
from arclight.runtime.settings import Settings
from arclight.runtime.work import Work
from benchmarks.answers.score import strict
from benchmarks.answers.values import json_rows
from benchmarks.healing import report
from benchmarks.healing.cases import Case
from benchmarks.healing.faults import FAULTS, KINDS
from benchmarks.healing.loop import Loop
from benchmarks.healing.outcome import Outcome, outcome_of, reached
from benchmarks.healing.platform import BLOWS, Blow, survive
from benchmarks.healing.questions import QUESTIONS, Question
from benchmarks.healing.run import chosen, clean_tables
from benchmarks.healing.world import world
from services.codegen.generator import Ask
from services.codegen.planner.planner import Planner, plan
from services.codegen.planner.render.sql import to_sql

COUNT = 40


class Pretended:
    """An engine that fails for programs with a word in them, and else knows the answer."""

    def __init__(self, word: str, failure: Failure, answer: list[tuple[object, ...]]) -> None:
        self._word, self._failure, self._answer = word, failure, answer

    def __call__(self, work: Work) -> Event:
        attempt = work.job.attempt
        assert attempt is not None
        assert attempt.program is not None
        if self._word in get_program(work.artifacts, attempt.program):
            raise StepFailed(self._failure)
        columns = list(zip(*self._answer, strict=True))
        table = pa.table({f"c{n}": list(map(str, c)) for n, c in enumerate(columns)})
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        data = sink.getvalue().to_pybytes()
        key = f"{work.output_key}/part-0.parquet"
        work.artifacts.put(key, data)
        file = ResultFile(
            key=key, rows=table.num_rows, bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
        result = Result(kind=ResultKind.TABLE, files=(file,), total_rows=table.num_rows)
        return JobFinished(state=JobState.SUCCEEDED, result=result, **work.stamp())


def loop_with(tmp_path: Path, execute: Callable[[Work], Event]) -> Loop:
    settings = Settings(home=tmp_path / "home")
    return Loop(settings, {Queue.EXECUTOR_SPARK: execute, Queue.EXECUTOR_RAY: execute})


@pytest.fixture
def idle(tmp_path: Path) -> Loop:
    """A loop whose engine nobody asks."""

    def never(work: Work) -> Event:
        raise AssertionError("no engine is needed here")

    return loop_with(tmp_path, never)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.text)
def test_the_planner_answers_the_questions_over_data_without_a_fault(
    question: Question, idle: Loop
) -> None:
    ask = Ask(prompt=question.text, tables=clean_tables(idle), framework=Framework.SPARK)
    with duckdb.connect() as db:
        rows = json_rows(db.execute(to_sql(plan(ask).root)).fetchall())

    assert strict(rows, json_rows(world(0).answer(question.sql)), False)


def test_the_same_seed_makes_the_same_set(idle: Loop) -> None:
    assert chosen(idle, COUNT, 1) == chosen(idle, COUNT, 1)
    assert chosen(idle, COUNT, 1) != chosen(idle, COUNT, 2)


def test_the_set_covers_the_classes_on_both_frameworks(idle: Loop) -> None:
    found = chosen(idle, COUNT, 1)

    assert {c.fault.kind for c in found} == set(KINDS)
    assert len(KINDS) >= 12
    assert {c.framework for c in found} == {Framework.SPARK, Framework.RAY}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.framework} {f.kind} {f.name}")
def test_a_fault_changes_a_program_or_the_data_and_leaves_the_truth_askable(
    fault: object, idle: Loop
) -> None:
    found = next(c for c in all_cases(idle) if c.fault is fault)

    draft = Planner().generate(
        Ask(prompt=found.question.text, tables=clean_tables(idle), framework=found.framework)
    )
    spoiled = found.spoil(draft).program != draft.program
    before, after = found.uploaded(), found.world()
    clean = world(found.draw().randrange(2**32))
    odd = [t.text() for t in after.tables] != [t.text() for t in clean.tables]

    assert spoiled or odd
    compile(found.spoil(draft).program, "program.py", "exec")
    assert before.answer(found.question.sql)


_ALL: dict[str, tuple[Case, ...]] = {}


def all_cases(loop: Loop) -> tuple[Case, ...]:
    """Enough cases that every fault is among them; made once."""
    if "all" not in _ALL:
        _ALL["all"] = chosen(loop, len(KINDS) * 16, 3)
    return _ALL["all"]


def case_of(loop: Loop, name: str) -> Case:
    return next(c for c in all_cases(loop) if c.fault.name == name)


async def test_the_loop_repairs_a_faulty_first_program_and_says_what_it_cost(
    tmp_path: Path, idle: Loop
) -> None:
    case = case_of(idle, "misspelt variable")
    wrong = Failure(kind=FailureKind.CODE, code="NAME_ERROR", message="NameError: total")
    gold = case.world().answer(case.question.sql)
    loop = loop_with(tmp_path, Pretended("= total.select(", wrong, gold))

    job = await loop.run(case)
    outcome = outcome_of(case, job, loop.rows(job), 0.1)

    assert (outcome.right, outcome.soon, outcome.attempts) == (True, True, 2)
    assert outcome.failures == ("NAME_ERROR",)
    assert "anew" in outcome.reasons[0]


async def test_an_answer_to_another_question_is_not_right(tmp_path: Path, idle: Loop) -> None:
    case = case_of(idle, "misspelt variable")
    wrong = Failure(kind=FailureKind.CODE, code="NAME_ERROR", message="NameError: total")
    loop = loop_with(tmp_path, Pretended("= total.select(", wrong, [("North", 1)]))

    job = await loop.run(case)

    assert not outcome_of(case, job, loop.rows(job), 0.1).right


@pytest.mark.parametrize("blow", BLOWS, ids=lambda b: f"{b.name} at {b.step}")
async def test_a_fault_of_the_platform_costs_no_attempt(blow: Blow, tmp_path: Path) -> None:
    unused = Failure(kind=FailureKind.CODE, code="NEVER", message="Never.")
    loop = loop_with(tmp_path, Pretended("no such word", unused, [("North", 1)]))
    request = JobRequest(
        prompt=QUESTIONS[0].text, sources=loop.upload(world(0)), framework=Framework.RAY
    )

    survived = await survive(loop, blow, request)

    assert survived.free, survived
    assert survived.again == blow.times


async def test_a_fault_of_the_program_does_cost_one(tmp_path: Path) -> None:
    broken = Failure(kind=FailureKind.CODE, code="BROKEN", message="It broke.")
    loop = loop_with(tmp_path, Pretended("no such word", broken, [("North", 1)]))
    request = JobRequest(
        prompt=QUESTIONS[0].text, sources=loop.upload(world(0)), framework=Framework.RAY
    )

    survived = await survive(loop, Blow("its own", "execution", lambda work: broken), request)

    assert not survived.free


def outcome(kind: str, right: bool, attempts: int) -> Outcome:
    return Outcome(
        number=1,
        kind=kind,
        fault="f",
        where="program",
        framework="spark",
        question="q",
        state="succeeded",
        right=right,
        attempts=attempts,
        failures=("A",),
        reasons=("r",),
        notes=(),
        ended="answered",
        seconds=1.0,
    )


def test_the_goals_are_both_needed() -> None:
    good, late, bad = outcome("k", True, 2), outcome("k", True, 3), outcome("k", False, 2)

    assert reached([good] * 9 + [bad])
    assert not reached([good] * 8 + [bad] * 2)
    assert not reached([good] * 7 + [late] * 3)


def test_the_table_has_a_line_per_class_and_one_for_all() -> None:
    text = report.table([outcome("a", True, 2), outcome("a", True, 3), outcome("b", False, 5)])

    assert "| a | 2 | 100% | 50% | 2.5 | A |" in text
    assert "| b | 1 | 0% | 0% | 5.0 | A |" in text
    assert "| **all** | 3 | 67% | 33% |" in text
