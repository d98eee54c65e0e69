"""Every node and function on Ray Data, against the plan's own SQL, in blocks of two rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from services.codegen.planner import plan as p
from services.codegen.planner.render import ray as ray_program
from services.codegen.planner.render.sql import to_sql
from tests.codegen.render import ray_double
from tests.codegen.render.cases import by, group
from tests.codegen.render.tables import Tables
from tests.codegen.render.test_answers import Rows, rows_in, rows_of, tables

__all__ = ["tables"]

COLUMNS = ("id", "customer", "region", "quantity", "unit_price", "discount", "ordered", "shipped")
AGGREGATES = (p.WindowFunc.SUM, p.WindowFunc.AVG, p.WindowFunc.MIN, p.WindowFunc.MAX)
RANKS = (p.WindowFunc.ROW_NUMBER, p.WindowFunc.RANK, p.WindowFunc.DENSE_RANK)
BY_PRICE = (p.SortKey("unit_price", True), p.SortKey("id"))
PARTITIONS: tuple[tuple[str, ...], ...] = ((), ("region",), ("customer", "discount"))


Kind = Callable[["Plans"], Iterator[tuple[str, p.Node]]]


@dataclass(frozen=True)
class Plans:
    """Plans over the test's tables."""

    tables: Tables

    def orders(self, prefix: str = "", *names: str) -> p.Scan:
        """The orders; a prefix makes their names others."""
        known = self.tables.profiles["orders"]
        columns = []
        for name in names or COLUMNS:
            column = known.column(name)
            assert column is not None
            columns.append(p.ReadColumn(name, column.type, prefix + name))
        return p.Scan(known, tuple(columns))

    def none(self, prefix: str = "") -> p.Node:
        """The orders without any row."""
        return p.Filter(self.orders(prefix), over(prefix + "id", 99))

    def total(self, source: p.Node | None = None) -> p.Node:
        measures = (
            p.Measure(p.Func.AVG, p.Col("other quantity"), "mean"),
            p.Measure(p.Func.MAX, p.Col("other region"), "last region"),
            p.Measure(p.Func.COUNT, None, "all"),
        )
        return group(source or self.orders("other "), {}, *measures)

    def by_region(self, prefix: str = "") -> p.Node:
        measure = p.Measure(p.Func.SUM, p.Col(prefix + "quantity"), prefix + "items", wide=True)
        return group(self.orders(prefix), {prefix + "area": p.Col(prefix + "region")}, measure)


def over(name: str, value: int | float) -> p.Compare:
    return p.Compare(p.CompareOp.GT, p.Col(name), p.Lit(value))


def derived(source: p.Node, *exprs: p.Expr) -> p.Node:
    for number, expr in enumerate(exprs):
        source = p.Derive(source, f"value {number}", expr)
    return source


def arith(left: p.Expr, op: str, right: p.Expr) -> p.Arith:
    return p.Arith(p.ArithOp(op), left, right)


def windows(t: Plans) -> Iterator[tuple[str, p.Node]]:
    for partition in PARTITIONS:
        for func in RANKS:
            yield (
                f"{func} {partition}",
                p.Window(t.orders(), "value", func, None, partition, BY_PRICE[:1]),
            )
        for func, rows in ((f, r) for f in (p.WindowFunc.LAG, p.WindowFunc.LEAD) for r in (1, 3)):
            shifted = p.Window(
                t.orders(), "value", func, p.Col("region"), partition, BY_PRICE, rows
            )
            yield f"{func} {rows} {partition}", shifted
        yield from measured_windows(t, partition)


def measured_windows(t: Plans, partition: tuple[str, ...]) -> Iterator[tuple[str, p.Node]]:
    frames = (((), None), (BY_PRICE, None), (BY_PRICE, 1), (BY_PRICE, 3))
    for order, rows in frames:
        for func in AGGREGATES:
            for of in ("quantity", "unit_price"):
                node = p.Window(t.orders(), "value", func, p.Col(of), partition, order, rows)
                yield f"{func} of {of} {bool(order)} {rows} {partition}", node
        for of in ("region", "ordered", "shipped"):
            node = p.Window(
                t.orders(), "value", p.WindowFunc.MAX, p.Col(of), partition, order, rows
            )
            yield f"max of {of} {bool(order)} {rows} {partition}", node
        for counted in (None, p.Col("discount"), p.Col("region")):
            node = p.Window(
                t.orders(), "value", p.WindowFunc.COUNT, counted, partition, order, rows
            )
            yield f"count of {counted} {bool(order)} {rows} {partition}", node
        total = p.Window(
            t.by_region(), "running", p.WindowFunc.SUM, p.Col("items"), (), order and AREA, rows
        )
        yield f"a sum of wide sums {bool(order)} {rows} {partition}", total


AREA = (p.SortKey("area", True),)


def measures(t: Plans) -> Iterator[tuple[str, p.Node]]:
    keys: tuple[dict[str, p.Expr], ...] = (
        {},
        {"region": p.Col("region")},
        {"year": p.Bucket(p.Unit.YEAR, p.Col("ordered")), "who": p.Col("customer")},
    )
    for source in (t.orders(), t.none()):
        for key in keys:
            for where in (None, over("discount", 0), p.Not(over("discount", 0))):
                found = tuple(replace(m, where=where) for m in every_measure())
                yield f"{list(key)} {where} of {type(source)}", group(source, key, *found)


def every_measure() -> Iterator[p.Measure]:
    for func in p.Func:
        for of in ("quantity", "unit_price"):
            two = func in (p.Func.CORRELATION, p.Func.SLOPE)
            other = p.Col("discount") if two else None
            fraction = 0.9 if func is p.Func.PERCENTILE else None
            yield p.Measure(func, p.Col(of), f"{func} of {of}", other=other, fraction=fraction)
    yield p.Measure(p.Func.COUNT, None, "rows")
    yield p.Measure(p.Func.MIN, p.Col("ordered"), "first")
    yield p.Measure(p.Func.MAX, p.Col("region"), "last region")
    yield p.Measure(p.Func.SUM, p.Col("quantity"), "wide", wide=True)
    small = p.Case(((over("quantity", 2), p.Lit(1)),), p.Lit(0.5))
    yield p.Measure(p.Func.SUM, small, "weights")


def joins(t: Plans) -> Iterator[tuple[str, p.Node]]:
    hows = (p.How.INNER, p.How.LEFT, p.How.SEMI, p.How.ANTI)
    sides: dict[str, tuple[p.Node, p.Node]] = {
        "all": (t.orders(), t.orders("other ")),
        "few": (t.orders(), p.Filter(t.orders("other "), over("other id", 4))),
        "no right": (t.orders(), t.none("other ")),
        "no left": (t.none(), t.orders("other ")),
    }
    pairs = (
        ("customer", "other customer"),
        ("region", "other region"),
        ("ordered", "other shipped"),
    )
    for how in hows:
        for name, (left, right) in sides.items():
            yield f"{how} {name}", p.Join(left, right, *pairs[0], how=how)
        for pair in (
            pairs[1],
            ("ordered", "other shipped"),
            ("id", "other unit_price"),
            ("id", "other region"),
        ):
            yield f"{how} by {pair}", p.Join(t.orders(), t.orders("other "), *pair, how=how)
        yield (
            f"{how} by two",
            p.Join(t.orders(), t.orders("other "), *pairs[0], how=how, more=(pairs[1],)),
        )
        yield (
            f"{how} of groups",
            p.Join(t.by_region(), t.by_region("other "), "area", "other area", how),
        )
    for name, left in {"all": t.orders(), "none": t.none()}.items():
        yield f"beside a total, {name}", p.Join(left, t.total(), how=p.How.CROSS)
        nothing = t.total(t.none("other "))
        yield f"beside a total of nothing, {name}", p.Join(left, nothing, how=p.How.CROSS)
    both = p.Join(p.Join(t.orders(), t.by_region(), "region", "area"), t.total(), how=p.How.CROSS)
    share = arith(p.Col("quantity"), "/", p.Col("items"))
    far = arith(p.Col("items"), "-", arith(p.Col("mean"), "*", p.Col("items")))
    yield "shares of wide sums", derived(both, share, far, arith(p.Lit(100), "*", share))
    mean = p.Join(t.by_region(), t.total(), how=p.How.CROSS)
    above = p.Compare(p.CompareOp.GT, p.Col("items"), p.Col("mean"))
    yield "groups above a mean", p.Filter(p.Filter(mean, above), over("items", 2))


def sets(t: Plans) -> Iterator[tuple[str, p.Node]]:
    few = p.Filter(t.orders(), over("id", 3))
    columns = ("region", "quantity", "discount")
    prices = p.Project(t.orders("o "), ("o region", "o unit_price", "o discount"))
    for op in p.SetOp:
        left = p.Project(few, columns)
        yield f"{op}", p.SetOperation(op, left, p.Project(t.orders(), columns))
        yield f"{op} of numbers", p.SetOperation(op, left, prices)
        yield f"{op} with nothing", p.SetOperation(op, left, p.Project(t.none("n "), N_COLUMNS))
        yield f"{op} of nothing", p.SetOperation(op, p.Project(t.none(), columns), prices)
        yield f"{op} of scans", p.SetOperation(op, t.orders(), few)
        yield f"{op} of groups", p.SetOperation(op, t.by_region(), t.by_region("other "))
        yield f"{op} of totals", p.SetOperation(op, t.total(), t.total(t.none("other ")))
        all_of = p.SetOperation(op, left, p.Project(t.orders(), columns))
        rows = p.Measure(p.Func.COUNT, None, "rows")
        yield f"{op}, counted", group(all_of, {"region": p.Col("region")}, rows)


N_COLUMNS = ("n region", "n quantity", "n discount")


def orders_of_rows(t: Plans) -> Iterator[tuple[str, p.Node]]:
    for key in COLUMNS:
        for sign in ("", "-"):
            yield f"by {sign}{key}", by(t.orders(), sign + key)
            yield f"first by {sign}{key}", p.Limit(by(t.orders(), sign + key, "-region"), 3)
    kept = p.Filter(by(t.orders(), "-unit_price"), over("id", 2))
    yield "a filter above a sort", p.Project(by(kept, "-unit_price"), ("id", "region"))
    top = p.Limit(by(t.by_region(), "-items"), 2)
    yield "the first of groups", p.Project(top, ("area", "items"), names=("Region", "Total"))
    yield "the best, joined", by(p.Join(t.orders(), top, "region", "area"), "id")
    yield "distinct", by(p.Project(t.orders(), ("region", "discount"), True), "region")
    named = p.Project(t.orders(), ("customer",), True, ("Who",))
    yield "distinct under a name", by(named, "-Who")
    rows = replace(t.orders(), position="row")
    yield "by place", by(p.Filter(rows, over("row", 4)), "-row")
    following = p.Window(rows, "next", p.WindowFunc.LEAD, p.Col("region"), (), (p.SortKey("row"),))
    yield "the next listed", by(following, "row")


def values(t: Plans) -> Iterator[tuple[str, p.Node]]:
    price, quantity = p.Col("unit_price"), p.Col("quantity")
    day, time = p.Col("ordered"), p.Col("shipped")
    numbers = (
        arith(arith(quantity, "-", p.Lit(3)), "*", arith(price, "+", p.Lit(1))),
        p.Call(p.Fn.ABS, arith(quantity, "-", p.Lit(3))),
        p.Call(p.Fn.ABS, arith(p.Lit(0.5), "-", price)),
        arith(p.Lit(1), "/", arith(quantity, "-", p.Lit(2))),
        arith(time, "-", day),
        arith(p.Bucket(p.Unit.MONTH, day), "-", time),
        p.Call(p.Fn.LENGTH, p.Col("region")),
        p.Call(p.Fn.LENGTH, arith(quantity, "*", p.Lit(10))),
        p.Call(p.Fn.LOWER, p.Col("region")),
        p.Call(p.Fn.NUMBER, p.Col("region")),
    )
    yield "numbers", derived(t.orders(), *numbers)
    large = over("quantity", 2)
    branches = (
        p.Case(((large, p.Lit(1)), (p.IsNull(quantity), price)), p.Lit(0)),
        p.Case(((p.Not(large), quantity),)),
        p.Case(((large, p.Lit("many")), (p.Not(p.IsNull(quantity)), p.Col("region")))),
        p.Case(((large, day),), p.Lit(FAR)),
        arith(p.Case(((large, p.Lit(1)),), p.Lit(0)), "+", quantity),
    )
    yield "branches", derived(t.orders(), *branches)
    matched = p.Match(p.TextMatch.CONTAINS, p.Col("region"), "O")
    tests = (
        p.Not(p.AllOf((large, p.Not(matched)))),
        p.AnyOf((p.IsNull(p.Col("region")), p.Between(price, p.Lit(1), p.Lit(5)))),
        p.Compare(p.CompareOp.LT, day, time),
        p.Compare(p.CompareOp.EQ, p.Call(p.Fn.LENGTH, p.Col("region")), p.Lit(5)),
    )
    for test in tests:
        yield f"{test}"[:60], p.Filter(t.orders(), test)
    yield "nothing at all", by(t.none(), "region")


FAR = date(2030, 1, 1)
KINDS = (windows, measures, joins, sets, orders_of_rows, values)


def sorted_rows(rows: Rows) -> Rows:
    return sorted(rows, key=repr)


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_answers_of_every_kind(
    kind: Kind, parts: int, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_program, "partitions", lambda root, *, sparing=False: parts)
    wrong = {}
    with duckdb.connect() as db:
        for number, (name, root) in enumerate(kind(Plans(tables))):
            # Given a plan, and its answer from SQL
            expected = rows_of(db.execute(to_sql(root)).fetchall())
            # When its program runs over blocks of two rows
            text = ray_program.render_ray(p.Planned(root, "Summary", (), 1.0))
            found = rows_in(ray_double.run(text, tmp_path / str(number)))
            # Then the rows are the same, and in order where there is one
            if not isinstance(root, p.Sort | p.Limit):
                found, expected = sorted_rows(found), sorted_rows(expected)
            if found != expected:
                wrong[name] = (found, expected)
    assert wrong == {}
