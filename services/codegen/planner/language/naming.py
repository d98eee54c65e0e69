"""Readable names for the columns of an answer."""

from collections.abc import Mapping

from services.codegen.planner.language.query import (
    TIME,
    Agg,
    Item,
    Place,
    Ratio,
    Running,
    Share,
    Shift,
)
from services.codegen.planner.plan import Arith, ArithOp, Bucket, Call, Case, Col, Expr, Fn, Func
from services.codegen.planner.schema import snake

_PREFIX = {
    Func.SUM: "total",
    Func.AVG: "average",
    Func.MIN: "minimum",
    Func.MAX: "maximum",
    Func.MEDIAN: "median",
    Func.STDDEV: "stddev",
    Func.VARIANCE: "variance",
    Func.PERCENTILE: "percentile",
    Func.CORRELATION: "correlation",
    Func.SLOPE: "slope",
    Func.COUNT_DISTINCT: "distinct",
    Func.COUNT: "number_of",
}
_SIGN = {
    ArithOp.ADD: "plus",
    ArithOp.SUBTRACT: "minus",
    ArithOp.MULTIPLY: "times",
    ArithOp.DIVIDE: "per",
}


def expr_name(expr: Expr, columns: Mapping[str, str]) -> str:
    """A name for an expression over field keys."""
    match expr:
        case Col(name=name):
            return "date" if expr == TIME else columns.get(name, snake(name.split(".", 1)[-1]))
        case Bucket(unit=unit):
            return unit.value
        case Case(branches=((_, first), *_)):
            return expr_name(first, columns)
        case Arith(op=ArithOp.MULTIPLY, left=Call(fn=Fn.FLOOR, of=Arith(left=of))):
            return f"{expr_name(of, columns)}_from"
        case Call(fn=fn, of=of):
            return f"{fn.value}_{expr_name(of, columns)}"
        case Arith(op=op, left=left, right=right):
            return f"{expr_name(left, columns)}_{_SIGN[op]}_{expr_name(right, columns)}"
    return "value"


def item_name(item: Item, columns: Mapping[str, str]) -> str:
    """`total_cost_repair`, `number_of_strikes`, `share_of_sales`."""
    match item:
        case Agg():
            return _measure(item, columns)
        case Ratio(op=op, left=Agg(part=True)):
            return "percentage" if op == "%" else "fraction"
        case Ratio(op=">" | "<"):
            return "answer"
        case Ratio(op="gap", left=left):
            return f"difference_in_{item_name(left, columns)}"
        case Ratio(op=op, left=left, right=right):
            word = {"-": "minus", "%": "percent_of"}.get(op, "per")
            return f"{item_name(left, columns)}_{word}_{item_name(right, columns)}"
        case Share(of=of):
            return f"share_of_{item_name(of, columns)}"
        case Shift(kind=kind, of=of):
            return f"{kind}_of_{item_name(of, columns)}"
        case Running(of=of, rows=rows):
            return f"{'moving' if rows else 'running'}_{item_name(of, columns)}"
        case Place():
            return "rank"
        case _:
            return expr_name(item, columns)


def _measure(measure: Agg, columns: Mapping[str, str]) -> str:
    if measure.label:
        return measure.label
    if measure.of is None:
        return f"number_of_{snake(measure.noun or 'rows')}"
    if measure.func in (Func.COUNT, Func.SUM) and measure.noun:
        return f"number_of_{snake(measure.noun)}"
    prefix, name = _PREFIX[measure.func], expr_name(measure.of, columns)
    if measure.fraction is not None:
        prefix = f"p{measure.fraction * 100:g}".replace(".", "_")
    if measure.other is not None:
        name += f"_and_{expr_name(measure.other, columns)}"
    rest = [w for w in name.split("_") if w != prefix]
    return "_".join([prefix, *rest])
