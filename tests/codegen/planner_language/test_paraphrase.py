"""The same question in six ways: the planner must give the same answer, the one written by hand."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.planner import plan
from tests.codegen.planner_language.folders import by_hand, of_plan, profiles, same

_ENOUGH = 0.9
"""Share of all phrasings that must give the answer."""
_WAYS = 6
_RAW = tomllib.loads((Path(__file__).parent / "paraphrase.toml").read_text("utf-8"))
INTENTS: list[dict[str, Any]] = _RAW["intent"]


def test_there_are_forty_intents_in_six_ways_each() -> None:
    assert len(INTENTS) >= 40
    assert len({i["name"] for i in INTENTS}) == len(INTENTS)
    assert all(len({a.casefold() for a in i["ask"]}) == _WAYS for i in INTENTS)


@pytest.mark.parametrize("intent", INTENTS, ids=lambda i: str(i["name"]))
def test_the_answer_by_hand_is_an_answer(intent: dict[str, Any]) -> None:
    answers = [by_hand(intent["db"], sql) for sql in (intent["sql"], *intent.get("also", ()))]

    assert all(answers)
    assert len({len(a) for a in answers}) == 1
    assert any(value is not None for row in answers[0] for value in row)


def test_nine_of_ten_phrasings_give_the_answer() -> None:
    misses = list(_misses())

    asked = sum(len(i["ask"]) for i in INTENTS)
    right = 1 - len(misses) / asked
    told = "\n".join(
        [f"{asked - len(misses)} of {asked} phrasings are right ({right:.1%})", *misses]
    )
    sys.stdout.write(told + "\n")
    assert right >= _ENOUGH, told


def _misses() -> Iterator[str]:
    for intent in INTENTS:
        sqls = (intent["sql"], *intent.get("also", ()))
        expected = [by_hand(intent["db"], sql) for sql in sqls]
        for ask in intent["ask"]:
            if why := _wrong(intent, ask, expected):
                yield f"{intent['name']}: {ask!r}: {why}"


def _wrong(intent: dict[str, Any], ask: str, expected: list[Any]) -> str:
    """Why the planner's answer is not the one by hand; empty when it is."""
    tables = profiles(intent["db"], tuple(intent.get("tables", ())))
    try:
        planned = plan(Ask(prompt=ask, tables=tables, framework=Framework.SPARK))
    except StepFailed as refused:
        return f"refused, {refused.failure.message}"
    try:
        found = of_plan(intent["db"], planned.root)
    except duckdb.Error as error:
        return f"cannot be computed, {str(error).splitlines()[0]} ({planned.summary})"
    if any(same(found, answer, more=intent.get("more", False)) for answer in expected):
        return ""
    return f"{len(found)} rows such as {found[:2]}, not {expected[0][:2]} ({planned.summary})"
