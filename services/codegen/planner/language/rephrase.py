"""A query said again in words that leave no doubt: whole names of columns, quoted values."""

from collections.abc import Iterator

from services.codegen.planner.language.query import Agg, Cond, Item, Query, Some, Un
from services.codegen.planner.plan import Between, Col, Compare, CompareOp, Func, Lit, Match, OneOf
from services.codegen.planner.schema import Schema

_FUNC = {
    Func.SUM: "total",
    Func.AVG: "average",
    Func.MIN: "minimum",
    Func.MAX: "maximum",
    Func.MEDIAN: "median",
    Func.STDDEV: "standard deviation of",
    Func.COUNT: "number of",
    Func.COUNT_DISTINCT: "number of different",
}
_OP = {
    CompareOp.EQ: "is",
    CompareOp.NE: "is not",
    CompareOp.GT: "is more than",
    CompareOp.GE: "is at least",
    CompareOp.LT: "is less than",
    CompareOp.LE: "is at most",
}


class _Unsayable(Exception):
    """The query has a part for which there is no plain wording."""


def rephrase(q: Query, schema: Schema) -> str:
    """A question that means the query; empty where parts of it cannot be said plainly."""
    try:
        return "show " + " ".join(_parts(q, schema))
    except _Unsayable:
        return ""


def _parts(q: Query, schema: Schema) -> Iterator[str]:
    if q.having or q.combine or q.per or q.offset or not q.items:
        raise _Unsayable
    shown = [i for i in q.items if i not in q.keys] or q.items
    yield ("different " if q.distinct else "") + " and ".join(_item(i, schema) for i in shown)
    if q.keys and shown is not q.items:
        yield "by " + " and ".join(_item(k, schema) for k in q.keys)
    for at, clause in enumerate(q.where):
        yield ("and " if at else "where ") + _cond(clause.cond, schema)
    for by, descending in q.order[:1]:
        yield f"sorted by {_item(by, schema)} {'descending' if descending else 'ascending'}"
    if q.limit is not None:
        yield f"limit {q.limit}"


def _item(i: Item, schema: Schema) -> str:
    match i:
        case Col(name=name) if name in schema.fields:
            return schema.fields[name].name
        case Agg(func=func, of=None) if func is Func.COUNT:
            return f"number of {i.noun or i.table or 'rows'}"
        case Agg(func=func, of=Col() as of, where=None, other=None) if func in _FUNC:
            return f"{_FUNC[func]} {_item(of, schema)}"
    raise _Unsayable


def _cond(c: Cond, schema: Schema) -> str:
    match c:
        case Compare(op=op, left=Col() as left, right=Lit(value=value)):
            return f"{_item(left, schema)} {_OP[op]} {_value(value)}"
        case Match(how=how, of=Col() as of, text=text):
            return f"{_item(of, schema)} {how.value} {_value(text)}"
        case Between(of=Col() as of, low=Lit(value=low), high=Lit(value=high), half_open=False):
            return f"{_item(of, schema)} is between {_value(low)} and {_value(high)}"
        case OneOf(of=Col() as of, values=values):
            return f"{_item(of, schema)} is " + " or ".join(_value(v.value) for v in values)
        case Some(of=parts):
            return " or ".join(_cond(p, schema) for p in parts)
        case Un(of=Compare(op=CompareOp.EQ, left=Col() as left, right=Lit(value=value))):
            return f"{_item(left, schema)} is not {_value(value)}"
    raise _Unsayable


def _value(value: object) -> str:
    return str(value) if isinstance(value, int | float) else f"'{value}'"
