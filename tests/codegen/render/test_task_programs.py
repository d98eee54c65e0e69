"""Programs of computations: right on real engines, and as people would write them.

The prompts and answers are those of our own suite, whose answers share nothing with the planner.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.names import Framework
from benchmarks.answers.ray import make
from services.codegen.planner.plan import Compute, Planned, Task
from services.codegen.planner.render import render
from services.codegen.planner.tasks import numeric_task
from tests.codegen.render.conftest import Engine
from tests.codegen.render.test_answers import rows_in
from tests.codegen.render.test_text import FORBIDDEN, ruff

FRAMEWORKS = (Framework.SPARK, Framework.RAY)
SUITE = make.FOLDER / "questions.jsonl"


@cache
def questions() -> tuple[dict[str, Any], ...]:
    """Those that need no table."""
    lines = SUITE.read_text("utf-8").splitlines()
    return tuple(q for q in map(json.loads, lines) if not q["tables"])


def planned(prompt: str) -> Planned:
    found = numeric_task(prompt)
    assert found is not None, prompt
    return replace(found, question=prompt)


def task_of(prompt: str) -> Task:
    root = planned(prompt).root
    assert isinstance(root, Compute)
    return root.task


@cache
def one_per_task() -> Mapping[Task, dict[str, Any]]:
    """The first question of the suite for each task."""
    found: dict[Task, dict[str, Any]] = {}
    for question in questions():
        found.setdefault(task_of(question["question"]), question)
    return found


def close(found: Any, gold: Any, tolerance: float) -> bool:
    if isinstance(found, int | float) and isinstance(gold, int | float):
        return abs(found - gold) <= max(tolerance, 1e-9) * max(1.0, abs(gold))
    return bool(found == gold)


def test_the_suite_is_what_its_generator_makes() -> None:
    lines = [json.dumps(q, ensure_ascii=False) for q in make.described()]
    assert SUITE.read_text("utf-8").splitlines() == lines


def test_every_task_has_a_question_in_the_suite() -> None:
    assert {*Task} - {*one_per_task()} == set()


@pytest.mark.parametrize("task", Task)
def test_answer(task: Task, engine: tuple[str, Engine]) -> None:
    # Given a prompt of the suite, planned and written for an engine
    framework, runner = engine
    question = one_per_task()[task]
    program = render(planned(question["question"]), Framework(framework))
    # When the engine runs it
    rows = rows_in(runner.run(program))
    # Then it gives the suite's answer; another generator of random numbers comes near to it
    gold = question["gold"]
    tolerance = question["tolerance"] if framework == "spark" else 0.0
    assert len(rows) == len(gold)
    for row, expected in zip(rows, gold, strict=True):
        assert len(row) == len(expected)
        pairs = zip(row, expected, strict=True)
        assert all(close(a, b, tolerance) for a, b in pairs), (row, expected)


def test_every_program_is_formatted_and_clean(tmp_path: Path) -> None:
    # Given every question of the suite as a program on both frameworks
    for question in questions():
        for framework in FRAMEWORKS:
            text = render(planned(question["question"]), framework)
            (tmp_path / f"{question['id'].replace('-', '_')}_{framework}.py").write_text(text)
    # When ruff looks at them, Then it finds nothing to change
    assert ruff("format", "--diff", ".", cwd=tmp_path) == ""
    assert ruff("check", "--output-format", "concise", ".", cwd=tmp_path) == ""


LONG = (
    "mean of " + ", ".join(str(n * 1.5) for n in range(60)),
    "sort " + ", ".join(str(10**15 + n) for n in range(40)),
    "word count of '" + "the cat sat on the mat and looked at the dog " * 12 + "'",
    "reverse the words " + ", ".join(["antidisestablishmentarianism", "tree"] * 6),
    "multiply [[1,2,3,4,5,6,7,8,9,10],[1,2,3,4,5,6,7,8,9,10]] by "
    "[[1],[2],[3],[4],[5],[6],[7],[8],[9],[10]]",
    "square each of " + ", ".join(map(str, range(1000, 1040))),
    "compute (x + 1)**3 - 2 / (x**2 + 1) + sqrt(x) * 0.5 for x from 1 to 100",
    "2 to the power of 20000",
    "factorial of 2000",
    "factorials of 1 to 60",
    "sum of x**40 for x from 1 to 100",
    "compute 3**x for x from 0 to 200",
    "sum of the digits of 2**20000",
    "gcd of 123456789012345678, 987654321098765432 and 555555555555555555",
    "product of the numbers from 1 to 500",
    "10 dice with 20 sides rolled 1000 times",
    "integrate exp(x) * sin(2 * x) from -1 to 2.5 with 1000 samples and seed 9",
    "the first 300 fibonacci numbers",
)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("prompt", LONG, ids=lambda p: p[:30])
def test_long_arguments_are_laid_out(prompt: str, framework: Framework, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(render(planned(prompt), framework))
    assert ruff("format", "--diff", ".", cwd=tmp_path) == ""
    assert ruff("check", "--output-format", "concise", ".", cwd=tmp_path) == ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_session_limits_or_credentials(framework: Framework) -> None:
    for question in questions():
        text = render(planned(question["question"]), framework)
        assert [word for word in FORBIDDEN if word in text] == []


def test_ray_programs_use_remote_functions() -> None:
    # Lists that stand in the prompt's own range need no computation.
    for task, question in one_per_task().items():
        text = render(planned(question["question"]), Framework.RAY)
        assert "@ray.remote" in text or task in (Task.NUMBERS, Task.RANGE_SUM), text


HOSTILE = ('"; import os #', "\\", "'''", '"""', "\n", "{x}", "🧮", "a\x00b")


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("text", HOSTILE)
def test_quoted_text_stays_text(text: str, framework: Framework) -> None:
    quoted = f"“{text} one two”"
    tree = ast.parse(render(planned(f"word count of {quoted}"), framework))
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert quoted[1:-1] in texts
