"""What a reading leaves out is said, weighed, or refused; a slip of the pen is read, and said."""

from typing import cast

import pytest

from arclight.contracts.failure import StepFailed
from services.codegen.planner.language.respell import corrected, respelled
from services.codegen.planner.planner import schema_of
from services.codegen.planner.words import tokens
from tests.codegen.planner_language.tables import answer, planned, table


def test_a_word_that_can_be_done_without_is_said_to_be_left_out() -> None:
    plan = planned("members who never took loans", "members", "loans")

    assert "left out 'took': no meaning was found for it" in plan.assumptions
    assert plan.not_understood == ("took",)


def test_a_condition_that_was_left_out_beside_others_is_never_sure() -> None:
    plan = planned("number of strikes at night in Florida in winter", "birdstrikes")

    assert plan.certainty == "assumed"
    assert "left out 'winter': no meaning was found for it" in plan.assumptions


def test_a_refusal_offers_the_answer_without_the_word() -> None:
    (choice,) = _choices("average precipitation in summer", "seattle_weather")

    found = answer(planned(choice["prompt"], "seattle_weather"))
    assert found == answer(planned("average precipitation", "seattle_weather"))


def test_a_name_that_was_not_seen_is_asked_for_by_column() -> None:
    choices = _choices("number of strikes in Atlantis", "birdstrikes")

    assert len(choices) > 1
    assert all("'Atlantis'" in c["prompt"] for c in choices)
    assert len({c["text"] for c in choices}) == len(choices)


def test_a_reading_that_answers_nothing_is_not_offered() -> None:
    assert _choices("highest member", "loans") == []


@pytest.mark.parametrize(
    ("ask", "plain", "names", "said"),
    [
        ("strikes in Texs", "strikes in Texas", "birdstrikes", "read 'Texs' as 'Texas'"),
        ("avrage fee by status", "average fee by status", "loans", "read 'avrage' as 'average'"),
        (
            "number of airports in Califronia",
            "number of airports in California",
            "airports",
            "read 'Califronia' as 'California'",
        ),
    ],
)
def test_a_slip_of_the_pen_is_read_and_said(ask: str, plain: str, names: str, said: str) -> None:
    plan = planned(ask, names)

    assert answer(plan) == answer(planned(plain, names))
    assert said in plan.assumptions
    assert plan.certainty == "assumed"


@pytest.mark.parametrize("word", ["winter", "Atlantis", "summer", "loaned", "feed", "Tex"])
def test_a_word_of_its_own_is_no_slip(word: str) -> None:
    said = tokens(f"number of loans in {word}")

    assert respelled(said, [word], schema_of((table("loans"), table("birdstrikes")))) == {}


def test_only_the_slip_is_corrected() -> None:
    said = corrected(tokens("avrage of the avrage fee"), {"avrage": "average"})

    assert [t.text for t in said] == ["average", "of", "the", "average", "fee"]


def _choices(ask: str, *names: str) -> list[dict[str, str]]:
    """What the refusal offers."""
    with pytest.raises(StepFailed) as raised:
        planned(ask, *names)
    return cast("list[dict[str, str]]", raised.value.failure.details["choices"])
