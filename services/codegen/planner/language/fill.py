"""A query with its slots filled: expressions over field keys, conditions as predicates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from arclight.catalog.profile import ColumnType
from services.codegen.planner.language.query import (
    Agg,
    Beside,
    Cell,
    Clause,
    Cond,
    Every,
    Having,
    Item,
    Linked,
    Place,
    Query,
    Ratio,
    Running,
    Share,
    Shift,
    Some,
    Than,
    Un,
)
from services.codegen.planner.language.slots import Option
from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Arith,
    Between,
    Bucket,
    Call,
    Case,
    Col,
    Compare,
    CompareOp,
    Expr,
    IsNull,
    Lit,
    Match,
    Not,
    OneOf,
    Predicate,
    Scalar,
    TextMatch,
)
from services.codegen.planner.schema import Field
from services.codegen.planner.values import ValueHit
from services.codegen.planner.words import pieces

Filled = Mapping[str, Option]


def fill(q: Query, options: Filled) -> Query:
    """The query over field keys."""
    out = q.copy()
    out.items = [item(i, options) for i in q.items]
    out.keys = [expr(k, options) for k in q.keys]
    out.per = [expr(k, options) for k in q.per]
    out.order = [(item(i, options), d is not _reversed(i, options)) for i, d in q.order]
    out.where = [clause(c, options) for c in q.where]
    out.having = [replace(h, measure=_agg(h.measure, options)) for h in q.having]
    out.having = [_nested(h, options) for h in out.having]
    if q.combine is not None:
        out.combine = (q.combine[0], fill(q.combine[1], options))
    return out


def _reversed(i: Item, options: Filled) -> bool:
    return isinstance(i, Col) and i.name in options and options[i.name].reversed


def _nested(having: Having, options: Filled) -> Having:
    if isinstance(having.value, Query):
        return replace(having, value=fill(having.value, options))
    return having


def item(i: Item, options: Filled) -> Item:
    """An item over field keys."""
    match i:
        case Agg():
            return _agg(i, options)
        case Ratio(left=a, right=b):
            return replace(i, left=item(a, options), right=item(b, options))
        case Share(of=of) | Shift(of=of) | Running(of=of) | Place(of=of):
            return replace(i, of=item(of, options))
        case _:
            return expr(i, options)


def _agg(a: Agg, options: Filled) -> Agg:
    return replace(
        a,
        of=expr(a.of, options) if a.of is not None else None,
        other=expr(a.other, options) if a.other is not None else None,
        where=cond(a.where, options) if a.where is not None else None,
    )


def expr(e: Expr, options: Filled) -> Expr:
    """An expression over field keys."""
    match e:
        case Col(name=name):
            return options[name].expr if name in options else e
        case Bucket(of=of) | Call(of=of):
            return replace(e, of=expr(of, options))
        case Arith(left=a, right=b):
            return replace(e, left=expr(a, options), right=expr(b, options))
        case Case(branches=branches, otherwise=otherwise):
            tests = tuple((predicate(t, options), expr(v, options)) for t, v in branches)
            return Case(tests, expr(otherwise, options) if otherwise is not None else None)
        case _:
            return e


def clause(c: Clause, options: Filled) -> Clause:
    return replace(c, cond=cond(c.cond, options))


def cond(c: Cond, options: Filled) -> Cond:
    """A condition over field keys; a value becomes the test of its cells."""
    match c:
        case Cell(slot=slot):
            hit = options[f"${slot}"].value
            assert hit is not None
            more = [Compare(CompareOp.EQ, Col(f.key), Lit(v), fold=True) for f, v in hit.also]
            return Every((cells(hit), *more)) if more else cells(hit)
        case Than(left=left, query=query):
            return replace(c, left=expr(left, options), query=fill(query, options))
        case Beside(left=left):
            return replace(c, left=expr(left, options))
        case Linked(query=query, key=key):
            named = expr(key, options) if key is not None else None
            return replace(c, query=fill(query, options), key=named)
        case Every(of=parts):
            return Every(tuple(cond(p, options) for p in parts))
        case Some(of=parts):
            return Some(tuple(cond(p, options) for p in parts))
        case Un(of=of):
            return Un(cond(of, options))
        case _:
            return predicate(c, options)


def predicate(p: Predicate, options: Filled) -> Predicate:
    """A predicate over field keys."""
    match p:
        case Compare(left=a, right=b):
            if isinstance(a, Col) and a.name in options and options[a.name].reversed:
                p = replace(p, op=_TURNED.get(p.op, p.op))
            return _compare(replace(p, left=expr(a, options), right=expr(b, options)), options)
        case Between(of=of) | OneOf(of=of) | Match(of=of) | IsNull(of=of):
            return replace(p, of=expr(of, options))
        case Not(of=of):
            return Not(predicate(of, options))
        case AllOf(of=parts):
            return AllOf(tuple(predicate(x, options) for x in parts))
        case AnyOf(of=parts):
            return AnyOf(tuple(predicate(x, options) for x in parts))


_TURNED = {
    CompareOp.GT: CompareOp.LT,
    CompareOp.LT: CompareOp.GT,
    CompareOp.GE: CompareOp.LE,
    CompareOp.LE: CompareOp.GE,
}


def _compare(c: Compare, options: Filled) -> Predicate:
    """A value as the column's type has it; a number is equal to a text when it is written so."""
    field = next((o.field for o in options.values() if o.expr == c.left), None)
    if field is None or not isinstance(c.right, Lit):
        return c
    value = c.right.value
    if field.profile.type is ColumnType.BOOLEAN or isinstance(value, str):
        return replace(c, right=Lit(_typed(str(value), field)))
    if not isinstance(value, int | float):
        return c
    value = scaled(value, field)
    if field.numeric or field.is_date or c.op not in (CompareOp.EQ, CompareOp.NE):
        return replace(c, right=Lit(value))
    return Compare(c.op, c.left, Lit(_written(value)), fold=True)


_SCALES = {"million": 10**6, "millions": 10**6, "mil": 10**6, "m": 10**6, "mn": 10**6}
_SCALES |= {"thousand": 1000, "thousands": 1000, "000s": 1000, "billion": 10**9, "billions": 10**9}
_SCALES |= {"bn": 10**9, "k": 1000}


def scaled(value: Scalar, field: Field) -> Scalar:
    """`19 million viewers` in a column of millions is 19."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    words = pieces(field.name)
    scale = next((_SCALES[w] for w in words[1:] if w in _SCALES), 0)
    if not scale or abs(value) < scale / 100:
        return value
    small = round(value / scale, 9)
    return int(small) if float(small).is_integer() else small


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _typed(value: str, field: Field) -> Scalar:
    """The value as the column's type has it; the text itself where it is none of that type."""
    try:
        match field.profile.type:
            case ColumnType.BOOLEAN:
                return value.casefold() in ("true", "yes", "1", "t", "y")
            case ColumnType.INTEGER:
                return int(float(value))
            case ColumnType.DOUBLE:
                return float(value)
            case ColumnType.DATE:
                return datetime.fromisoformat(value).date()
            case ColumnType.TIMESTAMP:
                return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        pass
    return value


def cells(hit: ValueHit) -> Predicate:
    """The test that a row has the value."""
    column = Col(hit.field.key)
    if hit.part:
        return Match(TextMatch.CONTAINS, column, str(hit.value))
    literals = tuple(Lit(_typed(v, hit.field)) for v in hit.values or (hit.value,))
    folded = any(isinstance(v.value, str) for v in literals)
    if len(literals) == 1:
        return Compare(CompareOp.EQ, column, literals[0], fold=folded)
    return OneOf(column, literals, fold=folded)
