"""One line that says what a plan computes."""

from services.codegen.planner.frame import TIME, MeasureAsk, is_ratio
from services.codegen.planner.plan import Arith, Bucket, Col, Expr, Func, Node
from services.codegen.planner.query import Query
from services.codegen.planner.render.normal import scans
from services.codegen.planner.schema import Schema

_FUNC = {
    Func.SUM: "total of",
    Func.AVG: "average of",
    Func.MIN: "minimum of",
    Func.MAX: "maximum of",
    Func.MEDIAN: "median of",
    Func.STDDEV: "standard deviation of",
    Func.COUNT_DISTINCT: "number of different",
}


def summary(query: Query, root: Node, schema: Schema) -> str:
    """Such as `Total of Cost Repair by Wildlife Size, from birdstrikes`."""
    if query.words_of:
        what = f"words of {_expr(Col(query.words_of), schema)}"
    elif query.grouped:
        what = ", ".join(_measure(m, schema) for m in dict.fromkeys(query.measures))
        if query.keys:
            what += " by " + " and ".join(_expr(k, schema) for k in query.keys)
    else:
        different = "different " if query.distinct else ""
        what = different + ", ".join(_expr(c, schema) for c in query.columns)
    filtered = ", filtered" if query.where or query.having else ""
    rows = "1 row" if query.limit == 1 else f"{query.limit} rows"
    limit = f", {rows} at most" if query.limit else ""
    tables = " and ".join(dict.fromkeys(s.table.name for s in scans(root)))
    if query.words_of or query.grouped or query.distinct:
        # A list begins with a column, and columns keep their spelling.
        what = f"{what[:1].upper()}{what[1:]}"
    return f"{what}, from {tables}{filtered}{limit}"


def _measure(measure: MeasureAsk, schema: Schema) -> str:
    if measure.of is None:
        return f"number of {measure.noun or 'rows'}"
    if measure.assumed and is_ratio(measure.of):
        return f"ratio of totals {_expr(measure.of, schema)}"
    return f"{_FUNC[measure.func]} {_expr(measure.of, schema)}"


def _expr(expr: Expr, schema: Schema) -> str:
    match expr:
        case Col(name=name) if name in schema.fields:
            return schema.fields[name].name
        case Bucket(unit=unit):
            return unit.value.replace("_", " ")
        case Arith(op=op, left=left, right=right):
            return f"{_expr(left, schema)} {op.value} {_expr(right, schema)}"
    return "date" if expr == TIME else str(expr)
