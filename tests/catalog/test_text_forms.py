"""Dates, numbers with units, states and orders in text columns."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arclight.catalog.infer import text_column
from arclight.catalog.profile import ColumnProfile, TableProfile


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["March 24, 2007", "May 3, 2008"], ("%B %d, %Y",)),
        (["24/03/2007", "01/02/2007"], ("%d/%m/%Y",)),
        (["03/24/2007", "1/2/2007"], ("%m/%d/%Y",)),
        (["01/02/2007", "03/04/2008"], ()),
        (["24/03/2007", "03/24/2007"], ()),
        (["1.2.2007", "3.4.2008"], ("%d.%m.%Y",)),
        (["Mar-07", "Apr-08"], ("%b-%y",)),
        (["7-Mar", "12-Apr"], ("%d-%b",)),
        (["January 10", "February 29"], ("%B %d",)),
        (["2007", "March 2007", "March 2008"], ("%B %Y", "%Y")),
        (["2007/08/01", "2007/08/02"], ("%Y/%m/%d",)),
        (["12 May 2001 10:15", "1 June 2002 9:05"], ("%d %B %Y %H:%M",)),
        (["Sunday, 5 May 1999"], ("%A, %d %B %Y",)),
        (["March 5"] * 19 + ["n/a"], ("%B %d",)),
        (["March 5"] * 4 + ["Bye"], ("%B %d",)),
        (["March 5"] * 3 + ["Bye"], ()),
        (["March 5"] * 9 + ["week 7"], ()),
        (["February 30, 2001", "March 31, 2001"], ()),
        (["10-5", "3-2"], ()),
        (["may", "be"], ()),
        (["2007", "n/a"], ()),
    ],
)
def test_dates_in_texts_are_read_by_formats(cells: list[str], formats: tuple[str, ...]) -> None:
    assert text_column("c", cells).date_formats == formats


@given(
    st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(
        ["%B %d, %Y", "%d %b %Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y %H:%M", "%b %d, %Y"]
    ),
)
def test_the_formats_read_back_every_date(days: list[date], written: str) -> None:
    days = [*days, date(2001, 12, 31)]  # one day that tells day and month apart
    cells = [d.strftime(written) for d in days]
    formats = text_column("c", cells).date_formats

    assert formats
    for day, cell in zip(days, cells, strict=True):
        read = {r.date() for f in formats if (r := _read(cell, f))}
        assert day in read


def _read(cell: str, format: str) -> datetime | None:
    try:
        return datetime.strptime(cell, format)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        (["12 km", "3 km"], 1.0),
        (["US$1.5 million", "$3", "n/a", "unknown"], 0.5),
        (["23 (3)", "1,234[2]"], 1.0),
        (["3–6", "10:15", "1996/97", "1996-97"], 0.0),
        (["007 x", "008"], 0.0),
        (["March 24, 2007"], 0.0),
        (["about 5"], 0.0),
    ],
)
def test_numbers_at_the_front_of_texts_are_seen(cells: list[str], share: float) -> None:
    assert text_column("c", cells).first_number == pytest.approx(share)


@pytest.mark.parametrize(
    ("cells", "states"),
    [
        (["Yes", "No", "Yes"], ("Yes", "No")),
        (["N", "Y"], ("Y", "N")),
        (["yes", "yes"], ()),
        (["yes", "no", "maybe"], ()),
    ],
)
def test_columns_of_two_states_are_known(cells: list[str], states: tuple[str, ...]) -> None:
    assert text_column("c", cells).yes_no == states


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["1", "2", "2", "5"], "ascending"),
        (["2012-03-01", "2012-02-01", "2012-01-01"], "descending"),
        (["1", "3", "2"], ""),
        (["1", "1", "1", "1"], ""),
        (["1", "2"], ""),
    ],
)
def test_the_order_of_the_file_is_seen(cells: list[str], order: str) -> None:
    assert text_column("c", cells).file_order == order


def test_an_older_record_is_still_read() -> None:
    column = ColumnProfile.model_validate({"name": "a", "type": "string"})
    table = TableProfile.model_validate(
        {
            "name": "t",
            "uri": "",
            "format": "csv",
            "columns": [column],
            "bytes": 1,
            "sampled_rows": 0,
        }
    )

    assert (column.date_formats, table.primary_key, table.foreign_keys) == ((), (), ())
    assert TableProfile.model_validate_json(table.model_dump_json()) == table


@given(st.lists(st.dates(date(2000, 1, 1)), min_size=3, unique=True))
def test_sorted_days_are_in_order(days: list[date]) -> None:
    cells = [d.isoformat() for d in sorted(days)]

    assert text_column("c", cells).file_order == "ascending"
    assert text_column("c", cells[::-1]).file_order == "descending"
    assert text_column("c", [*cells, (min(days) - timedelta(1)).isoformat()]).file_order == ""
