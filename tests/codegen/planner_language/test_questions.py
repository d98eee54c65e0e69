"""Questions over real files: the plan's answer must be the one that SQL written by hand gives."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from services.codegen.planner.language.certainty import FLOOR
from tests.codegen.planner_language.tables import answer, planned, rows


def _cases(file: str) -> list[Any]:
    raw = tomllib.loads((Path(__file__).parent / file).read_text("utf-8"))
    return [pytest.param(c, id=f"{c['ask']}-{len(c['tables'])}") for c in raw["case"]]


@pytest.mark.parametrize("case", [*_cases("understood.toml"), *_cases("understood_analysis.toml")])
def test_answer_is_the_one_computed_by_hand(case: dict[str, Any]) -> None:
    # When
    plan = planned(case["ask"], *case["tables"])
    columns, found = answer(plan)
    # Then
    assert FLOOR <= plan.confidence <= 1.0
    assert case.get("columns", columns) == columns
    said = "\n".join(plan.assumptions)
    for words in case.get("says", []):
        assert words in said
    if "sql" in case:
        expected = rows(case["sql"])
        if case.get("first_column"):
            found, expected = [r[:1] for r in found], [r[:1] for r in expected]
        if not case.get("ordered"):
            found, expected = sorted(found, key=repr), sorted(expected, key=repr)
        assert expected, "a case with an empty answer proves nothing"
        assert found[: case.get("first", len(found))] == expected


@pytest.mark.parametrize("case", _cases("refused.toml"))
def test_refusal_names_the_words_and_the_columns(case: dict[str, Any]) -> None:
    # When
    with pytest.raises(StepFailed) as raised:
        planned(case["ask"], *case["tables"])
    # Then
    failure = raised.value.failure
    assert failure.kind is FailureKind.REQUEST
    assert failure.code == "PROMPT_NOT_UNDERSTOOD"
    for word in case["words"]:
        assert word in failure.details["words"]  # type: ignore[operator]
        assert f"'{word}'" in failure.message
    assert case.get("message", "") in failure.message
    assert set(failure.details["columns"]) == set(case["tables"])  # type: ignore[arg-type]
    for table in case["tables"]:
        assert table in failure.hint
