"""Questions about one table in the order of its file: neighbours, ends, one of two, distances."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.codegen.planner_language.tables import answer, planned

_FILE = Path(__file__).parent / "understood_places.toml"
_CASES = tomllib.loads(_FILE.read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["ask"]) for c in _CASES])
def test_answer_is_the_one_read_off_the_table(case: dict[str, Any]) -> None:
    # When
    plan = planned(case["ask"], *case["tables"])
    _, found = answer(plan)
    # Then
    assert [list(row) for row in found] == case["rows"]
    said = "\n".join(plan.assumptions)
    assert all(words in said for words in case.get("says", []))
