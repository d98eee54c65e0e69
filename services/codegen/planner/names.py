"""Readable names for the columns of an answer."""

from collections.abc import Mapping

from services.codegen.planner.frame import MeasureAsk, is_ratio
from services.codegen.planner.plan import Arith, ArithOp, Bucket, Col, Expr, Func
from services.codegen.planner.schema import Field, snake

_PREFIX = {
    Func.SUM: "total",
    Func.AVG: "average",
    Func.MIN: "minimum",
    Func.MAX: "maximum",
    Func.MEDIAN: "median",
    Func.STDDEV: "stddev",
    Func.COUNT_DISTINCT: "distinct",
    Func.COUNT: "number_of",
}
_SIGN = {
    ArithOp.ADD: "plus",
    ArithOp.SUBTRACT: "minus",
    ArithOp.MULTIPLY: "times",
    ArithOp.DIVIDE: "per",
}


class Names:
    """Gives each column of a plan a name that no other has."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def fresh(self, name: str) -> str:
        """`name`, with a number where it is taken."""
        found, n = name, 2
        while found in self.taken:
            found, n = f"{name}_{n}", n + 1
        self.taken.add(found)
        return found


def column_names(fields: list[Field], names: Names) -> dict[str, str]:
    """Plan-wide names by field key; a name that two tables use carries its table's."""
    plain = [snake(f.name) for f in fields]
    return {
        f.key: names.fresh(n if plain.count(n) == 1 else f"{snake(f.table.name)}_{n}")
        for f, n in zip(fields, plain, strict=True)
    }


def expr_name(expr: Expr, columns: Mapping[str, str]) -> str:
    """A name for an expression over field keys."""
    match expr:
        case Col(name=name):
            return columns.get(name, name)
        case Bucket(unit=unit):
            return unit.value
        case Arith(op=op, left=left, right=right):
            return f"{expr_name(left, columns)}_{_SIGN[op]}_{expr_name(right, columns)}"
    return "value"


def measure_name(measure: MeasureAsk, columns: Mapping[str, str]) -> str:
    """`total_cost_repair`, `number_of_strikes`."""
    if measure.of is None or (measure.noun and measure.table):
        return f"number_of_{snake(measure.noun or 'rows')}"
    prefix, name = _PREFIX[measure.func], expr_name(measure.of, columns)
    if not isinstance(measure.of, Col):
        return name if measure.assumed and is_ratio(measure.of) else f"{prefix}_{name}"
    rest = [w for w in name.split("_") if w != prefix]
    return "_".join([prefix, *rest])
