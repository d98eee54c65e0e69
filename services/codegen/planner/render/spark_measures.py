"""Aggregates in PySpark."""

from collections.abc import Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import leaves_64_bits
from services.codegen.planner.render.layout import Doc, call, flat, parsed
from services.codegen.planner.render.normal import positive
from services.codegen.planner.render.spark_expr import SparkExpressions, reference
from services.codegen.planner.render.spark_statements import ROOM, Statements
from services.codegen.planner.render.text import quote

_FUNCS: Mapping[p.Func, str] = {
    p.Func.COUNT: "F.count",
    p.Func.COUNT_DISTINCT: "F.count_distinct",
    p.Func.SUM: "F.sum",
    p.Func.AVG: "F.avg",
    p.Func.MIN: "F.min",
    p.Func.MAX: "F.max",
    p.Func.MEDIAN: "F.median",
    p.Func.STDDEV: "F.stddev",
    p.Func.VARIANCE: "F.variance",
    p.Func.PERCENTILE: "F.percentile",
    p.Func.CORRELATION: "F.corr",
    p.Func.SLOPE: "F.regr_slope",
}


def measure(to: Statements, m: p.Measure, node: p.Aggregate) -> Doc:
    """`F.sum(…).alias(name)`; statements that it needs before are added to `to`."""
    where = positive(m.where) if m.where is not None else None
    over = to.over(node.source, m.of, m.other, where, wish=m.name)
    values = [_value(over, m, node)] if m.of is not None else []
    values += [_plain(over, m.other)] if m.other is not None else []
    room = ROOM // (len(values) or 1)
    if where is not None:
        test = flat(over.predicate(where))
        if not values and len(test) <= ROOM:
            return call(f"F.count_if({test}).alias", quote(m.name))
        values = [_where(to, over, where, value, m.name, room) for value in values or ["1"]]
    else:
        values = [_short(to, value, m.name, room) for value in values]
    values += [repr(m.fraction)] if m.fraction is not None else []
    return call(f"{_FUNCS[m.func]}({', '.join(values or ['F.lit(1)'])}).alias", quote(m.name))


def _short(to: Statements, value: str, wish: str, room: int) -> str:
    """`value`, by a name of its own where it is long and can be broken."""
    if len(value) <= room or not value.startswith("F."):
        return value
    return to.assign(to.fresh(wish), parsed(value))


def _value(over: SparkExpressions, m: p.Measure, node: p.Aggregate) -> str:
    assert m.of is not None
    if leaves_64_bits(m, node):
        return f'{over.whole(m.of)}.cast("decimal(38,0)")'
    return _plain(over, m.of)


def _plain(over: SparkExpressions, expr: p.Expr) -> str:
    return reference(expr.name) if isinstance(expr, p.Col) else over.expr(expr)


def _where(
    to: Statements, over: SparkExpressions, where: p.Predicate, value: str, wish: str, room: int
) -> str:
    """`value` in the rows that pass the test, missing in the others."""
    value = f"F.col({value})" if value[0] in "\"'" else value
    case = call("F.when", over.predicate(where), value)
    if len(flat(case)) <= room:
        return flat(case)
    return to.assign(to.fresh(wish), case)
