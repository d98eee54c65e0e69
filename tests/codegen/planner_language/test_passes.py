"""The passes of the language core, one by one."""

from collections.abc import Sequence

import pytest

from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.language.certainty import SURE, signature
from services.codegen.planner.language.choose import Reading, readings
from services.codegen.planner.language.rephrase import rephrase
from services.codegen.planner.language.segments import splits
from services.codegen.planner.language.sketch import sketch
from services.codegen.planner.language.spread import spread
from services.codegen.planner.planner import plan
from services.codegen.planner.render import render
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import tokens
from tests.codegen.planner_language.grounding import made

PEOPLE = made(
    "people",
    "Person ID|First Name|Last Name|City|Age|Date Joined",
    ("1", "Ada", "Moor", "Oslo", "31", "2021-03-04"),
    ("2", "Ben", "Hill", "Rome", "45", "2020-01-09"),
    ("3", "Cleo", "Ford", "Oslo", "28", "2022-07-30"),
    ("4", "Dan", "Wood", "Bern", "52", "2019-11-11"),
)
VISITS = made(
    "visits",
    "Visit ID|Person ID|Place|Pieces (thousands)",
    ("10", "1", "Port of Oslo (old)", "2"),
    ("11", "1", "Station", "7"),
    ("12", "3", "Station", "5"),
)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema([PEOPLE, VISITS])


def best(prompt: str, schema: Schema) -> Reading:
    return readings(tokens(prompt), schema)[0]


def cut(prompt: str, schema: Schema) -> Sequence[str]:
    """The question as it is cut by the best split."""
    return [s.text for s in splits(tokens(prompt), schema)[0].segments]


# --- splits ------------------------------------------------------------------------------------


def test_names_of_columns_and_phrases_hold_together(schema: Schema) -> None:
    assert cut("list all people with an age of at least 30", schema) == [
        *("list all", "people", "with", "an", "age", "of", "at least", "30")
    ]


def test_a_word_of_order_begins_no_column(schema: Schema) -> None:
    found = cut("people ordered by date joined", schema)
    assert found == ["people", "ordered by", "date joined"]


def test_a_long_cell_is_found_letter_by_letter(schema: Schema) -> None:
    assert "Port of Oslo ( old" in cut("visits at Port of Oslo (old)", schema)


def test_a_list_is_not_one_name(schema: Schema) -> None:
    assert "and" in cut("the city and age of people", schema)


# --- lists that share a noun -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("first and last name of people", "first name and last name of people"),
        ("first or last name", "first name or last name"),
        ("city and last name", "city and last name"),
        ("age and city", "age and city"),
    ],
)
def test_a_shared_noun_is_said_with_each_word(said: str, meant: str, schema: Schema) -> None:
    assert " ".join(t.text for t in spread(tokens(said), schema)) == meant


# --- rules and slots ---------------------------------------------------------------------------


def test_the_rules_that_fitted_are_kept_in_order(schema: Schema) -> None:
    reader = sketch(splits(tokens("average age of people in Oslo"), schema)[0].segments, schema)
    names = [step.split(":")[0] for step in reader.steps]
    assert names.index("aggregate_rule") < names.index("column_item") < names.index("value_test")


def test_a_column_is_of_the_table_that_is_named_with_it(schema: Schema) -> None:
    reading = best("person id of the visits", schema)
    assert [f.table.name for f in reading.choice.fields()] == ["visits"]


def test_numbers_fit_the_unit_of_their_column(schema: Schema) -> None:
    reading = best("places of visits with more than 4 thousand pieces", schema)
    assert "value=4)" in repr(reading.q.where)


# --- confidence --------------------------------------------------------------------------------


def test_unknown_words_make_a_reading_less_certain(schema: Schema) -> None:
    plain = best("what is the age of people in Oslo", schema)
    strange = best("what is the glorped age of frumious people in Oslo", schema)
    assert strange.confidence < plain.confidence
    assert 0.0 <= strange.confidence < SURE


def test_a_plain_question_is_sure(schema: Schema) -> None:
    assert best("which city does the person with last name Ford live in?", schema).confidence > 0.8


# --- saying it again ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt",
    [
        "average age of people by city",
        "number of visits by place",
        "city of people older than 30",
        "last name of people in Oslo sorted by age descending",
        "different cities of people",
        "the 2 oldest people",
    ],
)
def test_a_reading_said_again_means_the_same(prompt: str, schema: Schema) -> None:
    reading = best(prompt, schema)
    again = rephrase(reading.q, schema)
    assert again
    assert signature(best(again, schema).q) == signature(reading.q)


# --- the whole ---------------------------------------------------------------------------------


def test_the_trace_tells_of_every_pass() -> None:
    ask = Ask(
        prompt="average age by city in Oslo",
        tables=(PEOPLE,),
        framework=Framework.SPARK,
        explain=True,
    )
    steps = {t.step for t in plan(ask).trace}
    assert {"words", "mentions", "rules", "columns", "confidence", "plan"} <= steps
    assert plan(ask.model_copy(update={"explain": False})).trace == ()


@pytest.mark.parametrize("framework", [Framework.SPARK, Framework.RAY])
def test_the_same_question_gives_the_same_program(framework: Framework) -> None:
    ask = Ask(prompt="average age by city", tables=(PEOPLE, VISITS), framework=framework)
    programs = {render(plan(ask), framework) for _ in range(3)}
    assert len(programs) == 1
