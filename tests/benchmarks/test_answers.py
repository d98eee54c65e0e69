"""The answers benchmark: score, values, sets, tables."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arclight.catalog.profile import ForeignKey, TableProfile
from benchmarks.answers import sets, tables
from benchmarks.answers.__main__ import arguments, chosen
from benchmarks.answers.score import columns_found, lenient, strict
from benchmarks.answers.values import json_rows

ANSWER = [["Ann", 1], ["Bob", 2]]


# --- score -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "gold"),
    [
        ([["Bob", 2], ["Ann", 1]], ANSWER),
        ([[1, "Ann"], [2, "Bob"]], ANSWER),
        ([["ANN", "1.0"], [" bob ", 2.0004]], ANSWER),
        ([["1,234"]], [[1234]]),
        ([[None], [float("nan")]], [[""], [""]]),
        ([[True]], [[1]]),
        ([["a  b"]], [["A b"]]),
        ([], []),
    ],
)
def test_rows_that_say_the_same_are_strictly_right(found: sets.Rows, gold: sets.Rows) -> None:
    assert strict(found, gold, ordered=False)


@pytest.mark.parametrize(
    "found",
    [
        [["Ann", 1]],
        [["Ann", 1], ["Bob", 2], ["Bob", 2]],
        [["Ann", 2], ["Bob", 1]],
        [["Ann"], ["Bob"]],
        [["Ann", 1], ["Bob"]],
        [["Ann", 1.01], ["Bob", 2]],
        [],
    ],
)
def test_rows_that_differ_are_wrong(found: sets.Rows) -> None:
    assert not strict(found, ANSWER, ordered=False)
    assert not lenient(found, ANSWER, ordered=False)


def test_the_order_counts_where_the_question_asks_for_one() -> None:
    turned = ANSWER[::-1]
    assert strict(ANSWER, ANSWER, ordered=True)
    assert not strict(turned, ANSWER, ordered=True)
    assert not lenient(turned, ANSWER, ordered=True)


@pytest.mark.parametrize(("extra", "right"), [(1, True), (2, True), (3, False)])
def test_lenient_allows_two_columns_more(extra: int, right: bool) -> None:
    wide = [[*["x"] * extra, *row] for row in ANSWER]
    assert lenient(wide, ANSWER, ordered=False) is right
    assert not strict(wide, ANSWER, ordered=False)


def test_columns_are_matched_row_by_row_and_each_once() -> None:
    gold = [[1, 1, "a"], [1, 2, "b"], [2, 1, "c"], [2, 2, "d"]]
    assert strict([[b, x, a] for a, b, x in gold], gold, ordered=False)
    # The columns hold the same values, but not beside each other.
    assert not strict([[1, 2, "a"], [1, 2, "b"], [2, 1, "c"], [2, 1, "d"]], gold, ordered=False)
    assert not lenient([[1, "x"]], [[1, 1]], ordered=False)


def test_a_wide_answer_of_equal_columns_takes_no_time() -> None:
    found, gold = [[1] * 12, [2] * 12], [[1] * 11 + [3], [2] * 11 + [4]]
    assert not strict(found, gold, ordered=False)
    assert columns_found(found, gold) == 11


# --- values ------------------------------------------------------------------------------------


def test_values_are_written_as_a_table_file_has_them() -> None:
    noon = datetime(2024, 5, 1, 12, 0)
    row = [date(2024, 5, 1), noon, noon.replace(tzinfo=UTC), Decimal("3.00"), Decimal("0.5")]
    assert json_rows([row, [float("nan"), None, True, "a", 2.5]]) == [
        ["2024-05-01", "2024-05-01 12:00:00", "2024-05-01 12:00:00", 3, 0.5],
        [None, None, True, "a", 2.5],
    ]


# --- sets --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of three questions over two tables."""
    here = tmp_path / "small_set"
    (here / "tables").mkdir(parents=True)
    (here / "tables" / "shop__city.csv").write_text("city_id,name\n1,Oslo\n2,Rome\n3,Bern\n")
    (here / "tables" / "shop__shop.csv").write_text("shop_id,city_id,staff\n1,1,4\n2,1,6\n3,2,8\n")
    described = {
        "tables": [
            {"name": "city", "path": "tables/shop__city.csv"},
            {"name": "shop", "path": "tables/shop__shop.csv"},
        ],
        "primary_keys": [["city", "city_id"], ["shop", "shop_id"]],
        "foreign_keys": [[["shop", "city_id"], ["city", "city_id"]]],
    }
    (here / "schema.json").write_text(json.dumps({"shop": described}))
    asked: list[dict[str, Any]] = [
        {"id": "s-1", "question": "How many shops are there?", "gold": [[3]]},
        {"id": "s-2", "question": "What is the total staff?", "gold": 18, "kind": "sum"},
        {"id": "s-3", "question": "Frobnicate the wibbles", "gold": [{"x": 1}]},
    ]
    files = ["tables/shop__city.csv", "tables/shop__shop.csv"]
    lines = [json.dumps({"db": "shop", "tables": files, **a}) for a in asked]
    (here / "questions.jsonl").write_text("\n".join(lines))
    return here


def test_a_set_is_read_with_names_keys_and_rows(folder: Path) -> None:
    questions = sets.load(folder)
    assert [q.gold for q in questions] == [[[3]], [[18]], [[1]]]
    assert [q.kind for q in questions] == ["single", "sum", "single"]
    database = questions[0].database
    assert [t.name for t in database.tables] == ["city", "shop"]
    assert database.keys.foreign == ((("shop", "city_id"), ("city", "city_id")),)
    assert database is questions[1].database


def test_a_folder_that_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(sets.BadSet, match=r"no questions\.jsonl"):
        sets.load(tmp_path)
    (tmp_path / "questions.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(sets.BadSet, match="line 1"):
        sets.load(tmp_path)


def test_a_sample_is_the_same_whatever_else_is_there(folder: Path) -> None:
    questions = sets.load(folder)
    many = [replace(questions[0], id=f"q{n}") for n in range(100)]
    few = sets.sample(many, 10)
    assert len(few) == 10
    assert few == [q for q in many if q in few]
    assert {q.id for q in sets.sample(many[::-1], 10)} == {q.id for q in few}
    kept = {q.id for q in sets.sample(many[:50], 10)}
    assert {q.id for q in few if q in many[:50]} <= kept


def test_questions_for_one_framework_are_all_asked_there_and_nowhere_else(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    lines[2]["framework"] = "ray"
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))

    def ids(*said: str) -> list[str]:
        return [q.id for q in chosen(arguments([str(folder), *said]))]

    assert ids() == ["s-1", "s-2"]
    assert ids("--framework", "ray") == ["s-1", "s-2", "s-3"]
    assert len(ids("--framework", "ray", "--sample", "1")) == 2
    assert ids("--kind", "sum") == ["s-2"]
    assert ids("--only", "s-3") == ["s-3"]


# --- tables ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tables._folder.cache_clear()
    tables._profile.cache_clear()


def test_tables_have_the_names_and_keys_of_the_schema(folder: Path) -> None:
    city, shop = tables.profiles(sets.load(folder)[0].database)
    assert (city.name, shop.name) == ("city", "shop")
    assert city.uri == (folder / "tables" / "shop__city.csv").resolve().as_uri()
    assert shop.primary_key == ("shop_id",)
    assert shop.foreign_keys == (
        ForeignKey(columns=("city_id",), table="city", referenced=("city_id",)),
    )
    assert city.foreign_keys == ()


def test_profiles_are_kept_until_file_or_catalog_changes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    whole = tables.check_file
    monkeypatch.setattr(tables, "check_file", lambda f, n: read.append(n) or whole(f, n))
    database = sets.load(folder)[0].database

    def again() -> tuple[TableProfile, ...]:
        tables._folder.cache_clear()
        tables._profile.cache_clear()
        read.clear()
        return tables.profiles(database)

    first = again()
    assert len(read) == 2
    assert (again(), read) == (first, [])
    database.tables[0].path.write_text("city_id,name\n1,Oslo\n")
    assert again()[0].rows == 1
    assert read == ["shop__city.csv"]
    monkeypatch.setattr(tables, "catalog_version", lambda: "another")
    again()
    assert len(read) == 2


def test_a_file_that_the_catalog_refuses_is_named(folder: Path) -> None:
    database = sets.load(folder)[0].database
    database.tables[1].path.write_text("")
    with pytest.raises(tables.Refused, match=r"shop__shop\.csv.*empty"):
        tables.profiles(database)
