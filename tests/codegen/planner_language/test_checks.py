"""No plan adds up texts, or compares a value with what it cannot be."""

from datetime import date, datetime

import pytest

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.language.checks import check
from services.codegen.planner.language.problem import CannotBuild

KINDS = ("integer", "double", "boolean", "date", "timestamp", "string")
THINGS = TableProfile(
    name="things",
    uri="file:///things.csv",
    format="csv",
    columns=tuple(ColumnProfile(name=kind, type=ColumnType(kind)) for kind in KINDS),
    bytes=100,
    sampled_rows=10,
)
SCAN = p.Scan(THINGS, tuple(p.ReadColumn(k, ColumnType(k), k) for k in KINDS))


def compared(column: str, value: p.Scalar) -> p.Compare:
    return p.Compare(p.CompareOp.EQ, p.Col(column), p.Lit(value))


def measured(func: p.Func, column: str, where: p.Predicate | None = None) -> p.Node:
    return p.Aggregate(SCAN, (), (p.Measure(func, p.Col(column), "found", where=where),))


GOOD = (
    p.Filter(SCAN, compared("integer", 2.5)),
    p.Filter(SCAN, compared("boolean", True)),
    p.Filter(SCAN, compared("date", date(2024, 1, 2))),
    p.Filter(SCAN, compared("timestamp", datetime(2024, 1, 2, 3))),
    p.Filter(SCAN, compared("string", 7)),
    p.Filter(SCAN, p.Match(p.TextMatch.CONTAINS, p.Col("integer"), "4")),
    measured(p.Func.SUM, "double"),
    measured(p.Func.COUNT, "string"),
    measured(p.Func.MAX, "date"),
    p.Derive(SCAN, "days", p.Arith(p.ArithOp.SUBTRACT, p.Col("date"), p.Col("timestamp"))),
)
BAD = (
    (p.Filter(SCAN, compared("integer", "Oslo")), "integer is compared with “Oslo”"),
    (p.Filter(SCAN, compared("double", True)), "double is compared"),
    (p.Filter(SCAN, compared("boolean", "True")), "boolean is compared"),
    (p.Filter(SCAN, compared("date", "2024-01-02")), "date is compared"),
    (p.Filter(SCAN, p.Not(p.AnyOf((compared("integer", "x"),)))), "integer is compared"),
    (p.Filter(SCAN, p.Between(p.Col("date"), p.Lit(1), p.Lit(2))), "date is compared"),
    (p.Filter(SCAN, p.OneOf(p.Col("integer"), (p.Lit(1), p.Lit("b")))), "integer is compared"),
    (measured(p.Func.SUM, "string"), "string holds no numbers, so it has no sum"),
    (measured(p.Func.MEDIAN, "date"), "date holds no numbers, so it has no median"),
    (measured(p.Func.COUNT, "string", compared("integer", "x")), "integer is compared"),
    (
        p.Derive(SCAN, "sum", p.Arith(p.ArithOp.ADD, p.Col("integer"), p.Col("string"))),
        "string holds no numbers, so it has no calculation",
    ),
    (
        p.Derive(SCAN, "case", p.Case(((compared("integer", "x"), p.Lit(1)),))),
        "integer is compared",
    ),
    (
        p.Window(SCAN, "running", p.WindowFunc.SUM, p.Col("string")),
        "string holds no numbers, so it has no sum",
    ),
)


@pytest.mark.parametrize("plan", GOOD, ids=str)
def test_a_plan_whose_types_fit(plan: p.Node) -> None:
    check(plan)
    check(p.Limit(plan, 3))


@pytest.mark.parametrize(("plan", "said"), BAD, ids=[said for _, said in BAD])
def test_a_plan_whose_types_do_not_fit(plan: p.Node, said: str) -> None:
    for root in (plan, p.Limit(plan, 3)):
        with pytest.raises(CannotBuild, match=said):
            check(root)
