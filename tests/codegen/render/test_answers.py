"""Rendered programs on real engines give the answers that DuckDB gives."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from arclight.contracts.names import Framework
from services.codegen.planner.plan import (
    Aggregate,
    Arith,
    ArithOp,
    Col,
    Compare,
    CompareOp,
    Compute,
    Func,
    Limit,
    Lit,
    Measure,
    Node,
    Planned,
    Scan,
    Sort,
    SortKey,
    Task,
    Window,
    WindowFunc,
)
from services.codegen.planner.render import ray as ray_program
from services.codegen.planner.render import render
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.sql import to_sql
from tests.codegen.render.cases import Case
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.conftest import Engine
from tests.codegen.render.tables import Tables, profile, write_tables

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("data")))


def program(root: Node, framework: str) -> str:
    return render(
        Planned(root, "Summary", ("An assumption",), 1.0, "Question?"), Framework(framework)
    )


def plain(value: Any) -> Any:
    """Values that say the same are equal, whatever type an engine keeps them in."""
    match value:
        case float() if math.isfinite(value):
            return round(value, 9)
        case Decimal():
            return float(value) if value % 1 else int(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def rows_of(rows: Sequence[Sequence[Any]]) -> Rows:
    return [tuple(plain(v) for v in row) for row in rows]


def rows_in(table: pa.Table) -> Rows:
    columns = [column.to_pylist() for column in table.columns]
    return rows_of(list(zip(*columns, strict=True)))


def expected(case: Case, tables: Tables) -> Rows:
    with duckdb.connect() as db:
        for name in ("orders", "customers"):
            path = Path(tables.profiles[name].uri.removeprefix("file://"))
            db.execute(f"create table {name} as from read_csv('{path}', header = true)")
        return rows_of(db.execute(case.sql).fetchall())


@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_answer(case: Case, tables: Tables, engine: tuple[str, Engine]) -> None:
    # Given a plan and its program
    framework, runner = engine
    plan = case.plan(tables)
    text = program(plan, framework)
    # When the engine runs the program
    answer = runner.run(text)
    # Then it gives the rows of the same question in SQL, in the same order
    assert answer.column_names == list(columns_of(plan))
    assert rows_in(answer) == expected(case, tables)


@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_the_plans_own_query(case: Case, tables: Tables) -> None:
    # Given the query that is made of the plan
    plan = case.plan(tables)
    # When DuckDB runs it on the files
    with duckdb.connect() as db:
        answer = db.execute(to_sql(plan))
        names = [column[0] for column in answer.description or ()]
        rows = rows_of(answer.fetchall())
    # Then it gives the rows of the query that a person wrote
    assert names == list(columns_of(plan))
    assert rows == expected(case, tables)


def test_a_task_has_no_query() -> None:
    with pytest.raises(ValueError, match="render it for spark or ray"):
        to_sql(Compute(Task.FACTORIAL, (3,)))


SPLIT = 600_000
"""Lines of a file of 12 MB: Spark reads it in two parts, being 4 MB or more each."""


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """A file whose lines say which they are."""
    path = tmp_path_factory.mktemp("long") / "lines.csv"
    path.write_text("line,text\n" + "".join(f"{n},{'x' * 12}\n" for n in range(1, SPLIT + 1)))
    assert path.stat().st_size > 11_000_000
    return Tables({"lines": profile(path)}).scan("lines", "line")


def rows_in_place(lines: Scan) -> Node:
    """How many rows have their own number for a place, and the last place."""
    same = Compare(CompareOp.EQ, Col("line"), Col("place"))
    measures = (
        Measure(Func.COUNT, None, "same", where=same),
        Measure(Func.MAX, Col("place"), "last"),
    )
    return Aggregate(replace(lines, position="place"), (), measures)


def rows_in_order(lines: Scan) -> Node:
    """How many rows follow the line before them."""
    listed = replace(lines, position="order", numbered=False)
    order = (SortKey("order"),)
    beside = Window(listed, "before", WindowFunc.LAG, Col("line"), order=order)
    after = Compare(CompareOp.EQ, Col("line"), Arith(ArithOp.ADD, Col("before"), Lit(1)))
    return Aggregate(beside, (), (Measure(Func.COUNT, None, "next", where=after),))


LONG: tuple[tuple[Callable[[Scan], Node], tuple[int, ...]], ...] = (
    (rows_in_place, (SPLIT, SPLIT)),
    (rows_in_order, (SPLIT - 1,)),
)


@pytest.mark.parametrize(("plan", "found"), LONG, ids=["place", "order"])
def test_a_file_of_several_parts_keeps_its_order(
    plan: Callable[[Scan], Node],
    found: tuple[int, ...],
    long_file: Scan,
    engine: tuple[str, Engine],
) -> None:
    framework, runner = engine
    assert rows_in(runner.run(program(plan(long_file), framework))) == [found]


@pytest.mark.ray
@pytest.mark.parametrize(("plan", "found"), LONG, ids=["place", "order"])
def test_many_blocks_are_counted_through(
    plan: Callable[[Scan], Node],
    found: tuple[int, ...],
    long_file: Scan,
    ray: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a program for files that are too long for one block
    monkeypatch.setattr(ray_program, "partitions", lambda root, *, sparing=False: 3)
    text = program(plan(long_file), "ray")
    assert "numbered(lines" in text
    # When Ray runs it, Then its rows have the places that they have in the file
    assert rows_in(ray.run(text)) == [found]


PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
TASKS: tuple[tuple[Task, tuple[int, ...], Rows], ...] = (
    (Task.FIRST_PRIMES, (10,), [(p,) for p in PRIMES]),
    (Task.FIRST_PRIMES, (1,), [(2,)]),
    (Task.PRIMES_BELOW, (29,), [(p,) for p in PRIMES[:-1]]),
    (Task.PRIMES_BELOW, (2,), []),
    (Task.RANGE_SUM, (1, 100_000), [(5_000_050_000,)]),
    (Task.RANGE_SUM, (5, 10, 2), [(21,)]),
    (Task.RANGE_SUM, (9 * 10**18, 9 * 10**18 + 2), [(str(27 * 10**18 + 3),)]),
    (Task.RANGE_SUM, (1, 4 * 10**9), [(8 * 10**18 + 2 * 10**9,)]),
    (Task.RANGE_SUM, (1, 10**15), [(str(10**15 * (10**15 + 1) // 2),)]),
    (Task.FIBONACCI, (90,), [(90, 2880067194370816120)]),
    (Task.FIBONACCI, (0, 9), list(enumerate([0, 1, 1, 2, 3, 5, 8, 13, 21, 34]))),
    (Task.FIBONACCI, (100,), [(100, "354224848179261915075")]),
    (Task.FACTORIAL, (20,), [(20, math.factorial(20))]),
    (Task.FACTORIAL, (1,), [(1, 1)]),
    (Task.FACTORIAL, (30,), [(30, str(math.factorial(30)))]),
)


@pytest.mark.parametrize(("task", "args", "rows"), TASKS, ids=lambda v: str(v)[:30])
def test_task(task: Task, args: tuple[int, ...], rows: Rows, engine: tuple[str, Engine]) -> None:
    framework, runner = engine
    assert rows_in(runner.run(program(Compute(task, args), framework))) == rows


@pytest.mark.ray
def test_a_number_of_many_digits(ray: Engine) -> None:
    answer = rows_in(ray.run(program(Compute(Task.FACTORIAL, (2000,)), "ray")))
    assert len(answer[0][1]) == 5736


def test_pi_is_near_and_repeatable(engine: tuple[str, Engine]) -> None:
    framework, runner = engine
    text = program(Compute(Task.MONTE_CARLO_PI, (200_000, 7)), framework)
    first, second = rows_in(runner.run(text)), rows_in(runner.run(text))
    assert first == second
    assert first[0][0] == 200_000
    assert first[0][1] == pytest.approx(math.pi, abs=0.02)


def test_steps_above_a_task(engine: tuple[str, Engine]) -> None:
    framework, runner = engine
    root = Limit(Sort(Compute(Task.FIRST_PRIMES, (10,)), (SortKey("prime", True),)), 2)
    assert rows_in(runner.run(program(root, framework))) == [(29,), (23,)]
