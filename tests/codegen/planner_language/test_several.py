"""Questions over several tables: the answer must be the one that SQL written by hand gives."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.planner import plan
from tests.codegen.planner_language.folders import by_hand, of_plan, profiles, same

_FILES = ("understood_joins.toml", "understood_rows.toml")
_TEXTS = [(Path(__file__).parent / f).read_text("utf-8") for f in _FILES]
_CASES = [case for text in _TEXTS for case in tomllib.loads(text)["case"]]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["ask"]) for c in _CASES])
def test_answer_over_several_tables(case: dict[str, Any]) -> None:
    # Given
    db = case["database"]
    expected = by_hand(db, case["sql"])
    # When
    made = plan(Ask(prompt=case["ask"], tables=profiles(db), framework=Framework.SPARK))
    found = of_plan(db, made.root)
    # Then
    assert expected, "a case with an empty answer proves nothing"
    assert same(found, expected)
