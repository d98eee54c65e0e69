"""Mentions of values: cells in whatever writing people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codegen.planner.schema import Schema
from services.codegen.planner.typed_values import typed_hits
from services.codegen.planner.value_hit import ValueHit
from services.codegen.planner.value_text import normal
from services.codegen.planner.values import value_hits
from services.codegen.planner.words import tokens
from tests.codegen.planner_language.grounding import made, one


def found(said: str, *cells: str, column: str = "label") -> list[ValueHit]:
    """Hits in a column of these cells, the best first."""
    schema = one(f"{column}|n", *((c, str(i)) for i, c in enumerate((*cells, "zebra crossing"))))
    return sorted((h for _, h in value_hits(tokens(said), schema)), key=lambda h: -h.score)


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ("those of northern territory", "NORTHERN TERRITORY"),
        ("from são paulo", "Sao Paulo"),
        ("from Sao Paulo", "São Paulo"),
        ("scored 2–6, 6–4, 7–6(3)", "2-6, 6-4, 7-6 (3)"),
        ("with 1234 items", "1,234"),
        ("with 1,234 items", "1234 "),
        ("in class 7", "007"),
        ("the song 'La Mer'", '"La Mer"'),
        ("in Toronto", "Toronto (ON)"),
        ("in Toronto", "Toronto[3]"),
        ("for john smith", "Smith, John"),
        ("the southeast region", "South-East"),
        ("on rainy days", "rain"),
        ("the italian ones", "Italy"),
        ("made in the USA", "United States"),
        ("the americans", "American"),
        ("the Dutch players", "Netherlands"),
        ("the NBA titles", "National Basketball Association"),
        ("on October 16, 2010", "16 October 2010"),
        ("men's singles", "Men's Singles"),
        ("rock & roll records", "Rock and Roll"),
        ("for sample h2", "H2"),
        ("of 18.73 seconds", "18.730"),
    ],
)
def test_a_cell_is_found_in_other_writing(said: str, cell: str) -> None:
    schema = one("label|n", (cell, "1"), ("zebra crossing", "2"))
    question = tokens(said)
    hits = [h for _, h in (*value_hits(question, schema), *typed_hits(question, schema))]

    assert any(cell in h.values and not h.part for h in hits), hits


def test_the_whole_cell_is_surer_than_every_other_writing() -> None:
    whole = found("in Toronto", "Toronto")[0]
    noted = found("in Toronto", "Toronto (ON)")[0]
    part = found("in Toronto", "Greater Toronto Area")[0]

    assert (whole.exact, noted.exact, part.exact) == (True, False, False)
    assert whole.score > noted.score > part.score
    assert (part.part, part.value) == (True, "Toronto")


def test_a_part_names_all_cells_that_hold_it_and_the_rarer_is_surer() -> None:
    many = found("written by Marlowe", "Ann Marlowe", "Bo Marlowe", "Cy Marlowe")[0]
    single = found("written by Marlowe", "Ann Marlowe", "Bo Roe", "Cy Roe")[0]

    assert many.part
    assert many.values == ("Ann Marlowe", "Bo Marlowe", "Cy Marlowe")
    assert single.score > many.score


def test_more_of_a_cell_is_surer() -> None:
    cells = ("Max Porter Kit Marlowe", "x")

    assert found("by Porter Kit Marlowe", *cells)[0].score > found("by Marlowe", *cells)[0].score


@pytest.mark.parametrize("said", ["show the name of each", "who has the most", "is it in the list"])
def test_words_of_questions_are_no_parts_of_cells(said: str) -> None:
    assert found(said, "What Is Love", "The Most of It", "Who Is the Name", "List in Each") == []


def test_a_quoted_full_name_is_found_in_two_columns() -> None:
    schema = one("fname|lname", ("Ada", "Quill"), ("Ann", "Roe"))
    hits = [h for _, h in value_hits(tokens('letters by "Ada Quill"'), schema)]

    assert [(h.field.name, h.value, h.also[0][0].name, h.also[0][1]) for h in hits if h.also] == [
        ("lname", "Quill", "fname", "Ada")
    ]


def test_a_number_is_a_cell_of_the_columns_that_hold_it() -> None:
    schema = one("a|b|c", ("1", "18.73", "5"), ("2", "20", "18"))
    hits = [h for _, h in typed_hits(tokens("with 18.73 or 5"), schema)]

    assert [(h.field.name, h.value) for h in hits] == [("b", "18.73"), ("c", "5")]


def test_a_number_of_millions_is_looked_up_as_the_column_counts() -> None:
    schema = one("visitors (millions)|n", ("4.27", "1"), ("10.2", "2"))
    hits = [h.value for _, h in typed_hits(tokens("with 4.27 million visitors"), schema)]

    assert hits == ["4.27"]


@pytest.mark.parametrize("said", ["on october 16", "on 16 October", "the 16th of October"])
@pytest.mark.parametrize(
    "cells",
    [("2010-10-16", "2011-01-02"), ("October 16, 2010", "May 1, 2011"), ("16/10/2010", "2/1/2011")],
)
def test_a_day_is_found_however_it_is_written(said: str, cells: tuple[str, str]) -> None:
    schema = one("day|n", (cells[0], "1"), (cells[1], "2"))
    hits = [h for _, h in typed_hits(tokens(said), schema)]

    assert [h.values for h in hits] == [(cells[0],)]


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("has_paper_copy", ("true", "false"), "books with a paper copy"),
        ("has_paper_copy", ("Y", "N"), "books that have a paper copy"),
        ("is_open", ("1", "0"), "which are open"),
        ("lendable_yn", ("Yes", "No"), "that are lendable"),
    ],
)
def test_a_column_of_two_states_is_said_by_its_name(
    column: str, cells: tuple[str, str], said: str
) -> None:
    schema = one(f"{column}|label", (cells[0], "x"), (cells[1], "y"), (cells[0], "z"))
    (hit,) = [h for _, h in typed_hits(tokens(said), schema)]

    assert (hit.field.name, hit.value, hit.opposite) == (column, *cells)


def test_a_name_that_a_sample_lacks_may_stand_where_names_look_like_it() -> None:
    rows = [("Ann Roe", "a1"), ("Bo Doe", "b2"), ("Cy Poe", "c3")]
    sampled = Schema([made("people", "person|code", *rows, rows_in_file=9_000)])
    whole = Schema([made("people", "person|code", *rows)])
    said = tokens("orders of Zoe Voe")

    (hit,) = [h for _, h in value_hits(said, sampled)]
    assert (hit.field.name, hit.value, hit.sampled) == ("person", "Zoe Voe", False)
    assert hit.score < 0.5
    assert list(value_hits(said, whole)) == []


@given(st.text(min_size=1, max_size=40))
def test_every_cell_that_is_quoted_is_found_or_cannot_be_quoted(cell: str) -> None:
    said = tokens(f'the one called "{cell}"')
    quoted = any(t.text == f'"{cell}"' for t in said)
    schema = one("label|n", (cell, "1"), ("other words", "2"))
    text = schema.fields["things.label"].profile.type == "string"
    hits = [h for _, h in value_hits(said, schema)]

    if quoted and text and normal(cell):
        assert any(cell in h.values for h in hits)
