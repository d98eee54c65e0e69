"""Groups side by side: values that are compared become keys, a key becomes columns."""

from dataclasses import replace

from services.codegen.planner.language.describe import said
from services.codegen.planner.language.query import (
    TIME,
    Agg,
    Clause,
    Cond,
    Every,
    Item,
    Query,
    Some,
    measures_in,
)
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.plan import Bucket, Col, Compare, CompareOp, Expr, Lit, OneOf, Unit
from services.codegen.planner.schema import Field, Schema, snake

_MOST = 40
"""Columns that a pivot may make; a person reads no more."""


def contrasted(q: Query, r: Reader) -> None:
    """The column whose values are compared groups the rows."""
    if not r.contrast:
        return
    for c in q.where:
        column = _column(c)
        if column is not None and column not in q.keys:
            q.keys.append(column)
            return


def _column(c: Clause) -> Expr | None:
    """The one column of which a condition names several values."""
    match c.cond:
        case OneOf(of=of):
            return of
        case Some(of=parts):
            sides = {_side(p) for p in parts}
            return sides.pop() if len(sides) == 1 else None
    return None


def _side(c: Cond) -> Expr | None:
    match c:
        case Compare(op=CompareOp.EQ, left=left) | OneOf(of=left):
            return left
    return None


def pivoted(q: Query, r: Reader, schema: Schema) -> None:
    """The last key's values become columns: one conditional measure each."""
    measures = [i for i in q.items if isinstance(i, Agg)]
    if not r.pivot or len(q.keys) < 2 or not measures:
        return
    key = q.keys[-1]
    values = _values(key, schema)
    if not values or len(values) > _MOST:
        what = said(key, schema)
        r.note(f"the values of {what} are not all known, or are too many: left as rows", 0.1)
        return
    q.keys = q.keys[:-1]
    rest = [i for i in q.items if i != key and not any(True for _ in measures_in(i))]
    columns: list[Item] = [
        _one(m, Compare(CompareOp.EQ, key, Lit(v)), _name(v, m, len(measures)))
        for m in measures
        for v in values
    ]
    q.items = [*rest, *columns]
    q.order = [(by, d) for by, d in q.order if by != key]


def _one(measure: Agg, where: Compare, label: str) -> Agg:
    both = where if measure.where is None else Every((measure.where, where))
    return replace(measure, where=both, label=label)


def _name(value: object, measure: Agg, measures: int) -> str:
    plain = snake(str(value))
    return plain if measures == 1 else f"{measure.func.value}_{plain}"


def _values(key: Expr, schema: Schema) -> list[int | float | str]:
    """The values of a key that are known to be all."""
    if isinstance(key, Bucket):
        return _units(key, schema)
    field = schema.fields.get(key.name) if isinstance(key, Col) else None
    if field is None or not field.known:
        return []
    found = [v for v in field.profile.values if isinstance(v, int | float | str)]
    return sorted(found, key=lambda v: (str(type(v)), v))


def _units(key: Bucket, schema: Schema) -> list[int | float | str]:
    whole = {Unit.MONTH_OF_YEAR: 12, Unit.QUARTER_OF_YEAR: 4, Unit.DAY_OF_WEEK: 7}
    if key.unit in whole:
        return list(range(1, whole[key.unit] + 1))
    dates = [f for f in schema.fields.values() if f.is_date and key.of in (TIME, Col(f.key))]
    if key.unit is not Unit.YEAR or not dates or not _whole(dates[0]):
        return []
    return list(_years(dates[0]))


def _whole(field: Field) -> bool:
    return field.table.rows == field.table.sampled_rows


def _years(field: Field) -> range:
    low, high = str(field.profile.minimum or "")[:4], str(field.profile.maximum or "")[:4]
    return range(int(low), int(high) + 1) if low.isdigit() and high.isdigit() else range(0)
