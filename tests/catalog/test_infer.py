"""Types and values that a sample shows."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from arclight.catalog.infer import MAX_WORDS, text_column
from arclight.catalog.number_text import is_number_text
from arclight.catalog.profile import ColumnType
from arclight.catalog.upload import BadUpload, profile_file

DATA = Path(__file__).parents[2] / "examples" / "data"


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-2", "0"], "integer"),
        (["1", None, ""], "integer"),
        (["1", "2.5"], "double"),
        (["1e3", ".5", "-0.25"], "double"),
        (["9223372036854775807"], "integer"),
        (["9223372036854775808"], "string"),
        (["1e999"], "string"),
        (["00501", "10001"], "string"),
        (["00M", "1G4"], "string"),
        (["007.5"], "string"),
        (["+5"], "string"),
        ([" 5"], "string"),
        (["true", "FALSE"], "boolean"),
        (["true", "yes"], "string"),
        (["2012-01-31"], "date"),
        (["2012-02-30"], "string"),
        (["01/31/2012"], "string"),
        (["2012-01-31 10:00:00", "2012-01-31T10:00"], "timestamp"),
        (["2012-01-31", "2012-01-31T10:00:00.5"], "timestamp"),
        (["2012-01-31T10:00:00Z", "2012-01-31T10:00:00+02:00"], "timestamp"),
        (["2012-01-31T10:00:00Z", "2012-01-31T10:00:00"], "string"),
        (["0001-01-01T00:00:00+09:00"], "string"),
        (["1,234"], "string"),
        (["NaN"], "string"),
        (["٣"], "string"),
        ([None, ""], "string"),
        ([], "string"),
    ],
)
def test_a_type_is_given_only_when_every_cell_has_its_form(
    cells: list[str | None], type_: str
) -> None:
    assert text_column("c", cells).type == type_


@pytest.mark.parametrize(
    ("cells", "share", "odd"),
    [
        (["1,234", "5", "n/a", "2,000.50"], 0.75, ("n/a",)),
        (["$5", "-$1,000", "12 %", " 7 "], 1.0, ()),
        (["5", "unknown", "n/a", "n/a", "7", "8"], 0.5, ("n/a", "unknown")),
        (["red", "5", "blue"], 1 / 3, ()),
        (["00501", "10001", "90210"], 0.0, ()),
        (["1,23", "1,2345"], 0.0, ()),
    ],
)
def test_numbers_in_other_writing_are_seen(
    cells: list[str], share: float, odd: tuple[str, ...]
) -> None:
    column = text_column("c", cells)

    assert column.type is ColumnType.STRING
    assert column.numeric_text == pytest.approx(share)
    assert column.not_numeric == odd


def test_values_come_most_frequent_first_and_bounded() -> None:
    cells = ["b", "a", "b", "", "x" * 500, *[f"v{i}" for i in range(1200)]]

    column = text_column("c", cells)

    assert column.values[:2] == ("b", "a")
    assert len(column.values) == MAX_WORDS
    assert (column.distinct, column.nulls) == (1203, 1)
    assert "x" * 500 not in column.values


def test_moments_are_compared_in_time_not_in_writing() -> None:
    column = text_column("c", ["2012-01-01T23:00:00-05:00", "2012-01-02T01:00:00Z"])

    assert column.minimum == "2012-01-02T01:00:00+00:00"
    assert column.maximum == "2012-01-02T04:00:00+00:00"


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_whole_numbers_keep_their_value(numbers: list[int]) -> None:
    column = text_column("c", [str(n) for n in numbers])

    assert column.type is ColumnType.INTEGER
    assert (column.minimum, column.maximum) == (min(numbers), max(numbers))
    assert set(column.values) <= set(numbers)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_every_written_float_is_read_back(numbers: list[float]) -> None:
    column = text_column("c", [repr(n) for n in numbers])

    assert column.type is ColumnType.DOUBLE
    assert (column.minimum, column.maximum) == (min(numbers), max(numbers))


@given(st.lists(st.one_of(st.dates(), st.datetimes()), min_size=1))
def test_dates_and_moments_are_told_apart(moments: list[date]) -> None:
    column = text_column("c", [m.isoformat() for m in moments])

    timed = any(isinstance(m, datetime) for m in moments)
    assert column.type is (ColumnType.TIMESTAMP if timed else ColumnType.DATE)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9))
def test_every_grouped_number_is_a_number_text(number: Decimal) -> None:
    assert is_number_text(f"{number:,}")
    assert is_number_text(f"$ {number:,}")
    assert not is_number_text(f"{number:,} EUR")


@given(st.lists(st.one_of(st.none(), st.text()), max_size=20))
def test_no_text_breaks_the_inference(cells: list[str | None]) -> None:
    column = text_column("c", cells)

    assert column.nulls + sum(bool(c) for c in cells) == len(cells)
    json.loads(column.model_dump_json())


def test_the_real_files_are_read_as_what_they_are() -> None:
    tables = {p.name: p for p in map(profile_file, sorted(DATA.glob("*.csv")))}

    def types(name: str) -> dict[str, str]:
        return {c.name: c.type.value for c in tables[name].columns}

    assert list(tables) == ["airports", "birdstrikes", "flights_airport", "seattle_weather"]
    assert {"iata": "string", "latitude": "double"}.items() <= types("airports").items()
    assert types("flights_airport") == {
        "origin": "string",
        "destination": "string",
        "count": "integer",
    }
    strikes = {"Flight Date": "date", "Wildlife Size": "string", "Cost Repair": "integer"}
    assert strikes.items() <= types("birdstrikes").items()
    assert types("seattle_weather")["date"] == "date"
    sizes = tables["birdstrikes"].column("Wildlife Size")
    assert sizes is not None
    assert set(sizes.values) == {"Small", "Medium", "Large"}


def test_json_types_follow_the_values(tmp_path: Path) -> None:
    rows = [
        {"n": 1, "x": 1, "b": True, "d": "2012-01-01", "s": "5", "mixed": True, "deep": {"k": 1}},
        {"n": 2, "x": 0.5, "b": None, "d": "2012-01-02", "s": "6", "mixed": "one", "deep": [1]},
        {"n": 3, "big": 2**70},
    ]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))

    columns = {c.name: c for c in profile_file(path).columns}

    assert {n: c.type.value for n, c in columns.items()} == {
        "n": "integer",
        "x": "double",
        "b": "boolean",
        "d": "date",
        "s": "string",
        "mixed": "string",
        "deep": "string",
        "big": "double",
    }
    assert columns["s"].numeric_text == 1.0
    assert columns["mixed"].values == ("true", "one")
    assert (columns["deep"].values, columns["deep"].nulls) == ((), 1)


def test_parquet_types_follow_the_schema(tmp_path: Path) -> None:
    moment = datetime(2012, 1, 1, 10)
    table = pa.table(
        {
            "n": pa.array([1, 2], pa.int8()),
            "money": pa.array([Decimal("1.50"), None]),
            "nan": [float("nan"), 1.0],
            "flag": [True, False],
            "day": [moment.date(), None],
            "at": [moment, moment + timedelta(hours=1)],
            "word": pa.array(["2012-01-01", "5"]).dictionary_encode(),
            "blob": [b"\x00", b"\xff"],
            "list": [[1], []],
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")

    profile = profile_file(tmp_path / "t.parquet", name="things", uri="file:///x")
    columns = {c.name: c for c in profile.columns}

    assert (profile.name, profile.uri, profile.rows) == ("things", "file:///x", 2)
    assert [c.type.value for c in profile.columns] == [
        *["integer", "double", "double", "boolean", "date", "timestamp", "string", "string"],
        "string",
    ]
    assert (columns["money"].maximum, columns["nan"].nulls) == (1.5, 1)
    assert columns["day"].values == ("2012-01-01",)
    assert columns["at"].maximum == "2012-01-01T11:00:00"
    assert columns["word"].values == ("2012-01-01", "5")
    assert (columns["blob"].values, columns["list"].values) == ((), ())


def test_a_sample_that_ends_early_knows_all_rows_and_a_longer_file_does_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "short.csv").write_text("a\n" + "x\n" * 999)
    (tmp_path / "long.csv").write_text("a\n" + "x\n" * 1001)

    assert profile_file(tmp_path / "short.csv").rows == 999
    assert profile_file(tmp_path / "long.csv").rows is None


def test_a_file_of_no_known_format_has_no_profile(tmp_path: Path) -> None:
    with pytest.raises(BadUpload, match="UPLOAD_UNKNOWN_FORMAT"):
        profile_file(tmp_path / "t.orc")
