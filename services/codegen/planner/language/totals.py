"""Rows of totals at the foot of a table: they are none of the things that it lists."""

import re

from services.codegen.planner.language.query import Clause, Query, columns_in, grouped
from services.codegen.planner.plan import (
    AnyOf,
    Col,
    Compare,
    CompareOp,
    IsNull,
    Lit,
    Not,
    OneOf,
    Predicate,
)
from services.codegen.planner.schema import Field, Schema

_TOTAL = re.compile(r"((grand|career|overall|sub|season|league)[ -]?)?totals?:?", re.IGNORECASE)


def without_totals(q: Query, schema: Schema) -> str:
    """Leaves the rows labelled as totals out where rows are ranked or measured.

    Answers with the name of the column that labels them; empty where there are none.
    """
    if len(schema.tables) > 1:
        # Tables of a database are kept by programs, which write no totals.
        return ""
    if not (grouped(q) or (q.order and q.limit is not None)):
        return ""
    tested = {n for c in q.where for n in columns_in(c.cond)}
    for field in schema.texts:
        labels = _labels(field)
        if labels and field.key not in tested:
            q.where.append(Clause(_other(field, labels)))
            return field.name
    return ""


def _labels(field: Field) -> list[str]:
    texts = [v for v in field.profile.values if isinstance(v, str)]
    return [v for v in texts if _TOTAL.fullmatch(v.strip())] if len(texts) > 2 else []


def _other(field: Field, labels: list[str]) -> Predicate:
    column = Col(field.key)
    if len(labels) == 1:
        total: Predicate = Compare(CompareOp.EQ, column, Lit(labels[0]), fold=True)
    else:
        total = OneOf(column, tuple(map(Lit, labels)))
    rest = Not(total)
    return AnyOf((IsNull(column), rest)) if field.profile.nulls else rest
