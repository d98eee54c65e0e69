"""The answers benchmark end to end, on DuckDB, Spark and Ray."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from arclight.catalog.intake import check_file
from arclight.catalog.profile import ColumnType, TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from benchmarks.answers import asking, tables
from benchmarks.answers.engine import TooSlow
from benchmarks.answers.on_sql import SqlEngine
from benchmarks.answers.outcome import Status
from benchmarks.answers.programs import ProgramEngine, ProgramFailed
from benchmarks.answers.run import measure
from benchmarks.answers.sets import Database, Question, Table
from services.codegen.generator import Ask
from services.codegen.planner import plan as p

CSV = "city,opened,staff\nOslo,2020-02-01,4\nOslo,2021-03-01,6\nRome,2019-01-01,8\nBern,,\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tables._folder.cache_clear()


@pytest.fixture
def table(tmp_path: Path) -> TableProfile:
    path = tmp_path / "shops.csv"
    path.write_text(CSV)
    return check_file(path, path.name).profile.model_copy(update={"uri": path.as_uri()})


def planned(table: TableProfile, staff: ColumnType = ColumnType.INTEGER) -> p.Planned:
    """Cities with their staff and latest opening, most staff first."""
    read = (
        p.ReadColumn("city", ColumnType.STRING, "city"),
        p.ReadColumn("opened", ColumnType.DATE, "opened"),
        p.ReadColumn("staff", staff, "staff"),
    )
    measures = (
        p.Measure(p.Func.SUM, p.Col("staff"), "total"),
        p.Measure(p.Func.MAX, p.Col("opened"), "latest"),
    )
    grouped = p.Aggregate(p.Scan(table, read), (p.Key(p.Col("city"), "city"),), measures)
    ordered = p.Sort(grouped, (p.SortKey("total", descending=True), p.SortKey("city")))
    return p.Planned(ordered, "Staff by city", (), 1.0, "Staff by city?")


ROWS = [["Oslo", 10, "2021-03-01"], ["Rome", 8, "2019-01-01"], ["Bern", None, None]]


def question(table: TableProfile, text: str, id: str = "q") -> Question:
    path = Path(table.uri.removeprefix("file://"))
    database = Database("shops", (Table("shops", path),))
    return Question("small", id, text, database, "single", False, [[18]])


def asks_for(table: TableProfile, monkeypatch: pytest.MonkeyPatch, plan: p.Planned) -> Question:
    monkeypatch.setattr(asking, "plan", lambda _: plan)
    return question(table, "Staff by city?")


# --- DuckDB ------------------------------------------------------------------------------------


@pytest.fixture
def sql() -> Iterator[SqlEngine]:
    engine = SqlEngine(10.0)
    yield engine
    engine.close()


def test_a_plan_is_answered_on_duckdb(table: TableProfile, sql: SqlEngine) -> None:
    answer = sql.answer(planned(table), (table,))
    assert answer.rows == ROWS
    assert answer.program.startswith("SELECT")


def test_a_query_that_takes_too_long_is_stopped(table: TableProfile) -> None:
    engine = SqlEngine(0.2)
    scans = [p.Scan(table, (p.ReadColumn("city", ColumnType.STRING, f"c{n}"),)) for n in range(20)]
    root: p.Node = scans[0]
    for scan in scans[1:]:
        root = p.Join(root, scan, how=p.How.CROSS)
    count = p.Aggregate(root, (), (p.Measure(p.Func.COUNT_DISTINCT, p.Col("c0"), "n"),))
    with pytest.raises(TooSlow):
        engine.answer(p.Planned(count, "", (), 1.0), (table,))
    assert engine.answer(planned(table), (table,)).rows == ROWS
    engine.close()


def test_an_answer_is_scored(
    table: TableProfile, sql: SqlEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asks_for(table, monkeypatch, planned(table))
    found = asking.ask(asked, sql)
    assert (found.status, found.strict, found.cause) == (
        Status.ANSWERED,
        False,
        "wrong column count",
    )
    assert found.rows == ROWS
    assert found.plan.startswith("shops[city, opened, staff] | aggregate")
    assert found.certainty == "sure"


def test_a_question_back_is_no_error(
    table: TableProfile, sql: SqlEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Ask) -> p.Planned:
        raise StepFailed(Failure(kind=FailureKind.REQUEST, code="UNCLEAR", message="Which one?"))

    monkeypatch.setattr(asking, "plan", refuse)
    found = asking.ask(question(table, "Staff?"), sql)
    assert (found.status, found.certainty, found.words) == (
        Status.ABSTAINED,
        "unclear",
        "Which one?",
    )


def test_a_bug_is_an_error_and_says_where(
    table: TableProfile, sql: SqlEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Ask) -> p.Planned:
        raise KeyError("no such column")

    monkeypatch.setattr(asking, "plan", broken)
    found = asking.ask(question(table, "Staff?"), sql)
    assert found.status == Status.ERROR
    assert found.cause.startswith("error in planner: KeyError at test_answers_engines.py:")
    assert "no such column" in found.words
    assert "broken, asking.py" in found.words


def test_a_planner_that_hangs_is_stopped(
    table: TableProfile, sql: SqlEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(_: Ask) -> p.Planned:
        while True:
            pass

    monkeypatch.setattr(asking, "plan", hang)
    monkeypatch.setattr(asking, "PLAN_SECONDS", 0.1)
    assert "TooSlow" in asking.ask(question(table, "Staff?"), sql).cause


def test_several_processes_find_the_same(table: TableProfile) -> None:
    texts = ["How many rows are there?", "total staff", "Frobnicate the wibbles", "total staff"]
    asked = [question(table, text, f"q{n}") for n, text in enumerate(texts)]

    def brief(jobs: int) -> list[tuple[str, str, bool]]:
        return [(o.id, o.status, o.strict) for o in measure(asked, "sql", jobs)]

    assert brief(2) == brief(1)
    assert [right for _, _, right in brief(1)] == [False, True, False, True]


# --- programs ----------------------------------------------------------------------------------


def works(engine: ProgramEngine, table: TableProfile) -> None:
    """Answers, survives a program that fails, is replaced when one hangs."""
    answer = engine.answer(planned(table), (table,))
    assert answer.rows == ROWS
    assert "def main()" in answer.program
    elsewhere = table.model_copy(update={"uri": "file:///nowhere/shops.csv"})
    with pytest.raises(ProgramFailed, match="shops"):
        engine.answer(planned(elsewhere), (elsewhere,))
    with pytest.raises(ProgramFailed, match="validator rejects"):
        engine.answer(planned(table), (elsewhere,))
    engine.limit = 0.0
    with pytest.raises(TooSlow):
        engine.answer(planned(table), (table,))
    engine.limit = 60.0
    assert engine.answer(planned(table), (table,)).rows == ROWS


@pytest.mark.spark
def test_programs_run_in_one_warm_spark(table: TableProfile) -> None:
    engine = ProgramEngine("spark", 60.0)
    try:
        works(engine, table)
    finally:
        engine.close()


@pytest.mark.ray
def test_programs_run_in_one_warm_ray(table: TableProfile) -> None:
    engine = ProgramEngine("ray", 60.0)
    try:
        works(engine, table)
    finally:
        engine.close()
