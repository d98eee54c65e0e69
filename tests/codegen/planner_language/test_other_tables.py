"""Questions about tables that are not there: a plan that says what it left out, or a refusal."""

import random
import tomllib
from pathlib import Path

import pytest

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.planner import plan
from tests.codegen.planner_language.folders import profiles
from tests.codegen.planner_language.tables import FILES

QUESTIONS = [
    case["ask"]
    for path in sorted(Path(__file__).parent.glob("understood*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]


@pytest.mark.parametrize("many", [1, 2, 3])
def test_other_tables_end_in_a_plan_or_a_refusal(many: int) -> None:
    draw = random.Random(many)
    refusals: list[Failure] = []
    for question in draw.sample(QUESTIONS, 150):
        tables = tuple(p for name in draw.sample(sorted(FILES), many) for p in profiles(name))
        try:
            plan(Ask(prompt=question, tables=tables, framework=Framework.SPARK))
        except StepFailed as refused:
            refusals.append(refused.failure)
    assert refusals
    assert {failure.kind for failure in refusals} == {FailureKind.REQUEST}
    assert all(failure.hint for failure in refusals)


def test_groups_of_things_that_no_table_has_are_refused() -> None:
    tables = (*profiles("matches"), *profiles("members"))

    with pytest.raises(StepFailed, match="countries"):
        plan(
            Ask(
                prompt="Which countries have at least 5 customers?",
                tables=tables,
                framework=Framework.SPARK,
            )
        )
