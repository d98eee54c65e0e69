"""Tokens: numbers, dates, names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codegen.planner.periods import Period
from services.codegen.planner.words import Kind, pieces, tokens


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10),
        ("1,234,567", 1234567),
        ("$5", 5),
        ("12%", 12),
        ("1.5 million", 1_500_000),
        ("1.5m", 1_500_000),
        ("10k", 10_000),
        ("two thousand", 2000),
        ("five", 5),
        ("twenty-five", 25),
        ("a dozen", 12),
        ("20th", 20),
        ("-3.5", -3.5),
        ("1e6", 1_000_000),
    ],
)
def test_number(text: str, number: float) -> None:
    assert [t.number for t in tokens(text) if t.kind is Kind.NUMBER] == [number]


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2001-05-01", date(2001, 5, 1), date(2001, 5, 2)),
        ("2001-05", date(2001, 5, 1), date(2001, 6, 1)),
        ("March 2015", date(2015, 3, 1), date(2015, 4, 1)),
        ("december of 2015", date(2015, 12, 1), date(2016, 1, 1)),
        ("March 5, 2015", date(2015, 3, 5), date(2015, 3, 6)),
        ("5th of March 2015", date(2015, 3, 5), date(2015, 3, 6)),
        ("Feb 29, 2012", date(2012, 2, 29), date(2012, 3, 1)),
        ("Q4 2015", date(2015, 10, 1), date(2016, 1, 1)),
    ],
)
def test_period(text: str, first: date, end: date) -> None:
    assert [t.period for t in tokens(f"since {text} by state") if t.period] == [Period(first, end)]


@pytest.mark.parametrize("text", ["2001-13-01", "2001-02-30", "February 30, 2012"])
def test_a_day_that_does_not_exist_is_no_period(text: str) -> None:
    days = [t.period for t in tokens(text) if t.period]
    assert all((p.end - p.first).days > 1 for p in days)


def test_a_bare_year_stays_a_number() -> None:
    (token,) = tokens("2013")
    assert (token.number, token.year) == (2013, 2013)
    assert [t.year for t in tokens("2,013 99999 201")] == [None, None, None]


def test_quoted_text_is_one_token() -> None:
    found = [t.lower for t in tokens("named \"Bob's Field\" or 'A B'") if t.kind is Kind.QUOTED]
    assert found == ["Bob's Field", "A B"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Cost Total $", ("cost", "total")),
        ("tempMax_2", ("temp", "max", "2")),
        ("flights-airport", ("flights", "airport")),
        ("HTTPCode", ("http", "code")),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert pieces(name) == words


@given(st.text(max_size=80))
def test_tokens_lie_in_order_within_any_text(text: str) -> None:
    found = tokens(text)
    ends = [0, *(t.end for t in found)]
    assert all(a <= t.start < t.end <= len(text) for a, t in zip(ends, found, strict=False))
