"""Failures of real engines lead to programs that give the right answer."""

import dataclasses
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.plan import (
    Aggregate,
    Bucket,
    Col,
    Func,
    Join,
    Key,
    Measure,
    Node,
    Planned,
    Project,
    Scan,
    Sort,
    SortKey,
    Unit,
)
from services.codegen.planner.repair import repair
from tests.codegen.render.conftest import Engine, ProgramFailed
from tests.codegen.render.tables import profile
from tests.codegen.render.test_answers import Rows, rows_in, rows_of
from tests.codegen.repair.plans import CLEAN_ROWS, scan, table, total


def failure_of(error: dict[str, object]) -> Failure:
    """As little as an executor can know: the kind, and the engine's own words."""
    causes = error.get("causes")
    words = [str(error["message"]), *(causes if isinstance(causes, list) else [])]
    return Failure(
        kind=FailureKind.DATA,
        code=str(error.get("condition") or "PROGRAM_FAILED"),
        message=str(error["message"]).splitlines()[0],
        details={"parameters": dict(error["parameters"])} if error.get("parameters") else {},  # type: ignore[call-overload]
        traceback="\n".join(words),
    )


def solve(root: Node, framework: str, runner: Engine, most: int = 5) -> tuple[Rows, list[Draft]]:
    """The loop: run, repair, run again, at most five times."""
    ask = Ask(prompt="What is it?", tables=(), framework=Framework(framework))
    drafts: list[Draft] = []
    tried: list[Tried] = []
    while True:
        draft = repair(ask, tried, lambda _: Planned(root, "Summary", (), 1.0))
        drafts.append(draft)
        try:
            return rows_in(runner.run(draft.program)), drafts
        except ProgramFailed as failed:
            assert len(drafts) < most, [d.reason for d in drafts]
            tried.append(Tried(program=draft.program, failure=failure_of(failed.error)))


def in_sql(table: TableProfile, sql: str) -> Rows:
    path = table.uri.removeprefix("file://")
    with duckdb.connect() as db:
        db.execute(f"create table t as from read_csv('{path}', header=true, all_varchar=true)")
        return rows_of(db.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("odd", "attempts"),
    [(["n/a"], 2), (["1,234"], 2), (["12.5"], 2), (["n/a", "1,234", "$5", " 12 %", "7.5"], 3)],
    ids=str,
)
def test_amounts_that_are_no_numbers(
    odd: list[str], attempts: int, tmp_path: Path, engine: tuple[str, Engine]
) -> None:
    # Given a column of whole numbers in which other cells stand below the sample
    rows = [f'b,"{cell}",1' for cell in odd]
    sold = table(tmp_path, "sold", "shop,amount,boxes", "a,{i},2", rows)
    plan = total(scan(sold, "shop", "amount", "boxes"), "shop", "amount", "boxes")
    # When the loop runs
    answer, drafts = solve(plan, *engine)
    # Then the answer counts what spells a number, and the plan says so
    plain = """try_cast(regexp_replace(amount, '[$,% ]', '', 'g') as double)"""
    sql = f"select shop, sum({plain}), sum(boxes::int)::bigint from t group by 1 order by 1"
    assert answer == in_sql(sold, sql)
    assert len(drafts) == attempts
    assert "amount" in drafts[-1].reason
    assert "boxes" not in drafts[-1].reason, "only the offending column changes"
    # Spark names the first of them, Arrow the last.
    assert any(cell.strip() in a for cell in odd for a in drafts[1].plan.assumptions)


def test_dates_that_are_none(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    rows = ["2024/02/01,5", "oops,7", "32/13/2024,1"]
    log = table(tmp_path, "log", "day,hits", "2023-{month:02}-15,{i}", rows)
    key = Key(Bucket(Unit.MONTH, Col("day")), "month")
    counted = Aggregate(scan(log, "day", "hits"), (key,), (Measure(Func.SUM, Col("hits"), "hits"),))
    answer, drafts = solve(Sort(counted, (SortKey("month"),)), *engine)
    sql = """select date_trunc('month', coalesce(try_cast(day as date),
        try_strptime(day, '%Y/%m/%d')::date)) m, sum(hits::int)::bigint
        from t group by 1 order by 1 nulls last"""
    assert [r[1] for r in answer] == [r[1] for r in in_sql(log, sql)]
    assert len(drafts) == 2
    assert "'day'" in drafts[-1].reason


def test_json_with_a_text_among_numbers(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    path = tmp_path / "sold.jsonl"
    lines = [f'{{"shop": "a", "amount": {i}}}' for i in range(CLEAN_ROWS)]
    path.write_text("\n".join([*lines, '{"shop": "b", "amount": "n/a"}', '{"shop": "b"}']) + "\n")
    answer, drafts = solve(total(scan(profile(path), "shop", "amount"), "shop", "amount"), *engine)
    assert answer == [("a", sum(range(CLEAN_ROWS))), ("b", None)]
    assert len(drafts) == 2


def test_a_column_that_was_renamed(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    path = tmp_path / "sold.parquet"
    content = pa.table({"shop": ["a"], "total_amount": [3], "amount_eur": [5]})
    pq.write_table(content, path)
    known = profile(path)
    stale = Scan(known, (scan(known, "shop").columns[0], *scan(known, "amount_eur").columns))
    column = dataclasses.replace(stale.columns[1], name="amount", as_name="amount")
    plan = total(Scan(known, (stale.columns[0], column)), "shop", "amount")
    answer, drafts = solve(plan, *engine)
    assert answer == [("a", 5)]
    assert "amount_eur" in drafts[-1].reason


@pytest.mark.spark
def test_sums_beyond_64_bits(tmp_path: Path, spark: Engine) -> None:
    sold = table(tmp_path, "sold", "shop,amount", "a,{i}", [f"b,{2**63 - 1}", "b,1"])
    answer, drafts = solve(total(scan(sold, "shop", "amount"), "shop", "amount"), "spark", spark)
    assert answer[1] == ("b", 2**63)
    assert len(drafts) == 2


@pytest.mark.spark
def test_names_that_differ_by_case_only(tmp_path: Path, spark: Engine) -> None:
    left = table(tmp_path, "left", "id,x", "{i},{i}", [])
    right = table(tmp_path, "right", "ID,y", "{i},{i}", [])
    joined = Join(scan(left, "id", "x"), scan(right, "ID", "y"), "id", "ID")
    plan = Sort(Project(joined, ("x", "y", "ID")), (SortKey("x", True),))
    answer, drafts = solve(plan, "spark", spark)
    assert answer[0] == (CLEAN_ROWS - 1,) * 3
    assert "'ID'" in drafts[-1].reason or "'id'" in drafts[-1].reason


@pytest.mark.spark
def test_line_breaks_in_cells(tmp_path: Path, spark: Engine) -> None:
    sold = table(tmp_path, "sold", "shop,amount,note", "a,{i},x", ['b,7,"two\nlines"'])
    unaware = sold.model_copy(update={"multiline": False})
    plan = Sort(scan(unaware, "shop", "amount", "note"), (SortKey("shop", True),))
    answer, drafts = solve(plan, "spark", spark)
    assert answer[0] == ("b", 7, "two\nlines")
    assert len(drafts) == 2
