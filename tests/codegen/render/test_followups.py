"""The programs of follow-ups, on real engines: whole sessions, with answers written by hand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.planner import Planner
from tests.codegen.planner_language.folders import by_hand, plain, profiles, same
from tests.codegen.render.conftest import Engine

_FILE = Path(__file__).parents[1] / "planner_language" / "followups.toml"
_EDITS = ("percentage", "sort", "only", "last", "how many")
CASES = [
    case
    for case in tomllib.loads(_FILE.read_text("utf-8"))["answer"]
    if any(word in case["asks"][-1] for word in _EDITS)
]
"""Those whose last prompt changes the plan itself."""


@pytest.mark.parametrize("case", CASES, ids=lambda c: " + ".join(c["asks"]))
def test_a_session_has_the_answer_by_hand(case: dict[str, Any], engine: tuple[str, Engine]) -> None:
    name, runner = engine
    *before, now = case["asks"]
    ask = Ask(
        prompt=now,
        tables=profiles(case["db"], tuple(case.get("tables", ()))),
        framework=Framework(name),
        before=tuple(before),
    )

    table = runner.run(Planner().generate(ask).program)

    found = [tuple(row.values()) for row in table.to_pylist()]
    expected = by_hand(case["db"], case["sql"])
    assert same(found, expected), f"{found[:3]}, not {expected[:3]}"
    if case.get("ordered"):
        ordered = [[[plain(v) for v in row] for row in rows] for rows in (found, expected)]
        assert ordered[0] == ordered[1]
