"""Cells are only calculated and compared with what their kind allows: else it is said why."""

import pytest

from arclight.contracts.failure import StepFailed
from services.codegen.planner.language.choose import readings
from services.codegen.planner.language.traces import offered
from services.codegen.planner.planner import schema_of
from services.codegen.planner.words import tokens
from tests.codegen.planner_language.tables import answer, planned, table


@pytest.mark.parametrize(
    ("ask", "tables", "said"),
    [
        ("total status", ("loans",), "holds text"),
        ("staff where started is 58600", ("staff",), "holds dates and is never 58600"),
        ("loans where lent on is 'zork'", ("loans",), "holds dates and is never 'zork'"),
        ("loans where fee is 'zork'", ("loans",), "holds numbers and is never 'zork'"),
    ],
)
def test_what_no_engine_can_compute_is_refused(
    ask: str, tables: tuple[str, ...], said: str
) -> None:
    with pytest.raises(StepFailed) as raised:
        planned(ask, *tables)
    assert said in raised.value.failure.message


@pytest.mark.parametrize(
    "ask", ["latest lent on by status", "highest status", "average fee by status"]
)
def test_ends_and_averages_are_computed(ask: str) -> None:
    assert answer(planned(ask, "loans"))[1]


def test_an_offered_question_means_the_reading_it_stands_for() -> None:
    schema = schema_of((table("loans"),))
    found = readings(tokens("average fee of overdue loans by member"), schema)
    choices = list(offered(found))

    assert choices
    for text, prompt in choices:
        again = next(offered(readings(tokens(prompt), schema)))
        assert again[0] == text
