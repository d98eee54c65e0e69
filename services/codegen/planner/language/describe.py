"""A query in one line of words."""

from services.codegen.planner.language.query import (
    TIME,
    Agg,
    Item,
    Place,
    Query,
    Ratio,
    Running,
    Share,
    Shift,
    grouped,
)
from services.codegen.planner.plan import (
    Arith,
    ArithOp,
    Bucket,
    Call,
    Case,
    Col,
    Expr,
    Fn,
    Func,
    Lit,
)
from services.codegen.planner.schema import Schema

_FUNC = {
    Func.SUM: "total of",
    Func.AVG: "average of",
    Func.MIN: "minimum of",
    Func.MAX: "maximum of",
    Func.MEDIAN: "median of",
    Func.STDDEV: "standard deviation of",
    Func.VARIANCE: "variance of",
    Func.PERCENTILE: "percentile of",
    Func.CORRELATION: "correlation of",
    Func.SLOPE: "slope of",
    Func.COUNT: "number of",
    Func.COUNT_DISTINCT: "number of different",
}
_RATIO = {"/": "per", "-": "less", "+": "plus", "*": "times", "%": "in percent of"}


def summary(q: Query, tables: list[str], schema: Schema) -> str:
    """Such as `total of Cost Repair by Wildlife Size, from birdstrikes`."""
    shown = [i for i in q.items if not (grouped(q) and i in q.keys)] or q.items
    what = ", ".join(said(i, schema) for i in shown)
    what = f"different {what}" if q.distinct else what
    if grouped(q) and q.keys:
        what += " by " + " and ".join(said(k, schema) for k in q.keys)
    filtered = ", filtered" if q.where or q.having else ""
    rows = "1 row" if q.limit == 1 else f"{q.limit} rows"
    within = " in each " + " and ".join(said(k, schema) for k in q.per) if q.per else ""
    after = f" after the first {q.offset}" if q.offset else ""
    limit = f", {rows} at most{within}{after}" if q.limit else ""
    return f"{what}, from {' and '.join(tables)}{filtered}{limit}"


def said(item: Item, schema: Schema) -> str:
    """An item in words, with columns under the names that they have in their files."""
    match item:
        case Agg():
            return _measure(item, schema)
        case Ratio(op="%", left=Agg(part=True), right=whole):
            return f"percentage of {said(whole, schema)}"
        case Ratio(op=">" | "<" as op, left=left):
            return f"whether one {said(left, schema)} is {op} the other"
        case Ratio(op="gap", left=left):
            return f"difference in {said(left, schema)}"
        case Ratio(op=op, left=left, right=right):
            return f"{said(left, schema)} {_RATIO.get(op, op)} {said(right, schema)}"
        case Share(of=of):
            return f"share of {said(of, schema)}"
        case Shift(kind=kind, of=of):
            return f"{kind} of {said(of, schema)}"
        case Running(of=of, rows=rows):
            return (
                f"{f'{rows}-row moving average' if rows else 'running total'} of {said(of, schema)}"
            )
        case Place(of=of):
            return f"rank by {said(of, schema)}"
        case _:
            return _expr(item, schema)


def _measure(measure: Agg, schema: Schema) -> str:
    part = f" ({measure.label.replace('_', ' ')})" if measure.label else ""
    part = part or (" of a part" if measure.where is not None else "")
    if measure.of is None:
        return f"number of {measure.noun or measure.table or 'rows'}{part}"
    func, of = _FUNC[measure.func], _expr(measure.of, schema)
    if measure.fraction is not None:
        func = f"{measure.fraction * 100:g}th percentile of"
    if measure.other is not None:
        of += f" and {_expr(measure.other, schema)}"
    return f"{func} {of}{part}"


def _expr(expr: Expr, schema: Schema) -> str:
    match expr:
        case Col(name=name) if name in schema.fields:
            return schema.fields[name].name
        case Bucket(unit=unit):
            return unit.value.replace("_", " ")
        case Arith(op=ArithOp.MULTIPLY, left=Call(fn=Fn.FLOOR, of=Arith(left=of)), right=width):
            return f"{_expr(of, schema)} in steps of {_expr(width, schema)}"
        case Lit(value=value):
            return str(value)
        case Case(branches=((_, first), *_), otherwise=Lit(value=value)):
            return f"{_expr(first, schema)}, {value} where it is missing"
        case Call(fn=fn, of=of):
            return f"{fn.value} of {_expr(of, schema)}"
        case Arith(op=op, left=left, right=right):
            return f"{_expr(left, schema)} {op.value} {_expr(right, schema)}"
    return "date" if expr == TIME else str(expr)
