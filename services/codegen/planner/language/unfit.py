"""Readings that no one can have meant: a plan could be made of them, but no answer."""

from collections.abc import Callable, Iterator

from services.codegen.planner.language.lost import Left, Loss
from services.codegen.planner.language.query import (
    Agg,
    Linked,
    columns_in,
    measures_in,
)
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, stem
from services.codegen.planner.plan import Between, Col, Compare, CompareOp, Func
from services.codegen.planner.schema import Field

_COUNTS = frozenset({Func.COUNT, Func.COUNT_DISTINCT})
_EQUAL = frozenset({CompareOp.EQ, CompareOp.NE})
_KEYS = frozenset({"id", "key", "uuid", "code", "number", "no", "identifi"})
"""Stems of words by which people mean the number that names a row."""
_NAMING = frozenset({"id", "key", "uuid"})
"""Last words of columns that measure nothing; a level number may."""
_ALL = 0.9
"""Share of rows with a value of their own from which on hardly any value has two."""
_QUANTITIES = frozenset({"much", "speed", "weight", "height", "length", "distance", "price", "size"})


def _named_by(left: Left) -> Iterator[tuple[Slot, Field]]:
    """Columns that only name things, where the question did not say so: `member` for `member_id`."""
    pairs = zip(left.r.slots, left.reading.choice.options, strict=True)
    for slot, option in pairs:
        said = {stem(w) for w in slot.text.lower().replace("_", " ").split()}
        naming = bool(option.field.words) and option.field.words[-1] in _NAMING
        if naming and slot.kind == "column" and said.isdisjoint(_KEYS):
            yield slot, option.field


def _identifier(left: Left) -> Iterator[Loss]:
    """`average member`, `members over 105`: a number that only names things measures nothing."""
    measured = {n for a in _measures(left) if a.func not in _COUNTS for n in columns_in(a.of)}
    compared = {n for c in left.q.where for n in _bounded(c.cond)}
    for slot, field in _named_by(left):
        if field.key in measured | compared:
            why = f"{field.name!r} only tells one from the other, it measures nothing"
            yield Loss((slot.text,), why, hollow=True)


def _measures(left: Left) -> Iterator[Agg]:
    for item in (*left.q.items, *(by for by, _ in left.q.order)):
        yield from measures_in(item)


def _bounded(cond: object) -> Iterator[str]:
    match cond:
        case Compare(op=op, left=Col(name=name)) if op not in _EQUAL:
            yield name
        case Between(of=Col(name=name)):
            yield name


def _level(left: Left) -> Iterator[Loss]:
    """`the busiest airport` of a table with one row for each airport: all are the same."""
    by = left.q.order[0][0] if left.q.order else None
    counted = isinstance(by, Agg) and by.func is Func.COUNT and by.of is None and by.where is None
    keys = [left.r.schema.fields.get(k.name) for k in left.q.keys if isinstance(k, Col)]
    single = [k.name for k in keys if k and k.profile.distinct >= _ALL * k.table.sampled_rows]
    if not counted or len(left.r.schema.tables) > 1 or not single:
        return
    name = single[0]
    said = [s.text for s in left.r.said if s.sense(Op.SUPERLATIVE, Op.TOP, Op.MORE)]
    yield Loss(tuple(said[:1]), f"each {name!r} has one row, so none has more", hollow=True)


def _never(left: Left) -> Iterator[Loss]:
    """`states without a strike` of a table of strikes: it holds no state that has none."""
    for c in left.q.where:
        link = c.cond
        own = isinstance(link, Linked) and link.negated and link.key is not None
        if own and isinstance(link, Linked) and not link.query.where and not link.query.having:
            inner = [n for i in link.query.items for n in columns_in(i)]
            if [n for n in columns_in(link.key)] == inner:
                said = [s.text for s in left.r.said if s.sense(Op.NO, Op.NOT)]
                why = f"{link.table} holds only those that have one"
                yield Loss(tuple(said[:1]), why, hollow=True)


def _everything(left: Left) -> Iterator[Loss]:
    """All columns are shown because nothing says which: as groups, or as the answer to a figure."""
    if not any(n.startswith("listed all columns") for n in left.reading.notes):
        return
    grouped = len(left.q.keys) > 1 and left.q.keys == left.q.items
    much = left.r.wh in _QUANTITIES
    if grouped or much:
        said = [s.text for s in left.r.said if s.sense(Op.WH)]
        yield Loss(tuple(said[:1]), "what is asked for was not understood", hollow=True)


def _bare(left: Left) -> Iterator[Loss]:
    """`in 1999`, `not`: a condition, and nothing to do with the rows."""
    all_shown = any(n.startswith("listed all columns") for n in left.reading.notes)
    named = any(s.tables or s.columns or s.values for s in left.r.said)
    asked = any(s.sense(Op.WH, Op.SHOW, Op.ROWS, Op.ALL, Op.COUNT) for s in left.r.said)
    if all_shown and not named and not asked:
        yield Loss((), "it does not say what to compute", hollow=True)


def _unseen(left: Left) -> Iterator[Loss]:
    """`in Atlantis`: no cell that was seen is called so, and several columns may hold it."""
    for slot, option in zip(left.r.slots, left.reading.choice.options, strict=True):
        value = option.value
        if value is None or value.sampled or slot.text.startswith(("'", '"', "“", "‘")):
            continue
        beside = slot.beside is not None or slot.hint
        if len(slot.options) > 1 and not beside:
            why = "no cell of the sample is called so, and the column to look in is not said"
            yield Loss((slot.text,), why)
        else:
            yield Loss((), f"took {slot.text!r} for a value of {option.field.name!r}", grave=False)


def _idle(left: Left) -> Iterator[Loss]:
    """`strikes that caused damage`: a column was named, and nothing is done with it."""
    if not (left.free and left.measured):
        return
    used = {n for i in (*left.q.items, *left.q.keys) for n in columns_in(i)}
    tables = {s.text for s in left.r.said if s.tables}
    for slot, option in zip(left.r.slots, left.reading.choice.options, strict=True):
        if slot.role == "loose" and option.field.key not in used:
            why = f"what {option.field.name!r} has to be is not said"
            grave = left.counts and left.saying and slot.text not in tables
            yield Loss((slot.text,), why, grave)


CHECKS: tuple[Callable[[Left], Iterator[Loss]], ...] = (
    _identifier,
    _level,
    _never,
    _everything,
    _bare,
    _unseen,
    _idle,
)
