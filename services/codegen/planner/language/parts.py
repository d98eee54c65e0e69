"""What a measure over parts or over time still needs: its conditions, its key of time."""

from collections.abc import Sequence
from dataclasses import replace

from services.codegen.planner.language.defaults import measured
from services.codegen.planner.language.query import (
    TIME,
    Agg,
    Every,
    Item,
    Place,
    Query,
    Ratio,
    Running,
    Share,
    Shift,
)
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.plan import Bucket, Col, Expr, Unit
from services.codegen.planner.schema import Schema

_WRAPPED = Ratio | Share | Shift | Running


def parted(q: Query, r: Reader) -> None:
    """Conditions on the part go to its measure; bare numbers get a function."""
    conds = tuple(c.cond for c in q.where if c.part)
    q.where = [c for c in q.where if not c.part]
    items = (measured(i, r.schema) if isinstance(i, _WRAPPED) else i for i in q.items)
    q.items = [_with(i, Every(conds)) for i in items]
    order = [(measured(b, r.schema) if isinstance(b, _WRAPPED) else b, d) for b, d in q.order]
    q.order = [(_with(b, Every(conds)), d) for b, d in order]


def _with(item: Item, where: Every) -> Item:
    match item:
        case Agg(part=True):
            return replace(item, where=where if where.of else None)
        case Ratio(left=a, right=b):
            return replace(item, left=_with(a, where), right=_with(b, where))
        case Share(of=of) | Shift(of=of) | Running(of=of) | Place(of=of):
            return replace(item, of=_with(of, where))
    return item


def timely(keys: Sequence[Expr], schema: Schema) -> Expr | None:
    """The key that orders groups by time."""
    for key in keys:
        if isinstance(key, Bucket):
            return key
        f = schema.fields.get(key.name) if isinstance(key, Col) else None
        if f is not None and (f.is_date or "year" in f.stems):
            return key
    return None


_PER = {
    (Unit.MONTH, Unit.YEAR): 12,
    (Unit.QUARTER, Unit.YEAR): 4,
    (Unit.MONTH, Unit.QUARTER): 3,
    (Unit.DAY, Unit.WEEK): 7,
}


def timed(q: Query, r: Reader) -> list[str]:
    """Growth and running figures go along time: the key that was left out, with its note."""
    moving = [i for i in q.items if isinstance(i, Shift | Running)]
    if not moving:
        return []
    notes = []
    time = timely(q.keys, r.schema)
    if time is None:
        time = _years(r.schema) if not has_dates(r) else None
        default = Unit.MONTH if isinstance(moving[0], Shift) else Unit.DAY
        unit = r.period or default
        time = time or Bucket(unit, TIME)
        if r.period is None:
            said = unit.value if isinstance(time, Bucket) else "year"
            notes.append(f"no unit of time was named: took each {said}")
        q.keys.insert(0, time)
    if isinstance(time, Bucket) and r.period is not None:
        back = _PER.get((time.unit, r.period), 1)
        q.items = [replace(i, back=back) if isinstance(i, Shift) else i for i in q.items]
        if back > 1:
            notes.append(
                f"compared each {time.unit.value} with the same of the {r.period.value} before"
            )
    return notes


def _years(schema: Schema) -> Expr | None:
    found = [f for f in schema.fields.values() if f.numeric and "year" in f.stems]
    return Col(found[0].key) if found else None
