"""Readings that no one can have meant: a plan could be made of them, but no answer."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from arclight.catalog.profile import ColumnType
from services.codegen.planner.language.left import Left, Loss
from services.codegen.planner.language.query import (
    Agg,
    Linked,
    columns_in,
    measures_in,
)
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.lexicon import Op, stem
from services.codegen.planner.plan import Between, Bucket, Col, Compare, CompareOp, Func, Unit
from services.codegen.planner.schema import Field
from services.codegen.planner.words import pieces

_COUNTS = frozenset({Func.COUNT, Func.COUNT_DISTINCT})
_EQUAL = frozenset({CompareOp.EQ, CompareOp.NE})
_KEYS = frozenset({"id", "key", "uuid", "code", "number", "no", "identifi"})
"""Stems of words by which people mean the number that names a row."""
_NAMING = frozenset({"id", "key", "uuid"})
"""Last words of columns that measure nothing; a level number may."""
_ALL = 0.9
"""Share of rows with a value of their own from which on hardly any value has two."""
_QUANTITIES = frozenset(
    {"much", "speed", "weight", "height", "length", "distance", "price", "size"}
)


def _named_by(left: Left) -> Iterator[tuple[Slot, Field]]:
    """Columns that only name things, and are not called so: `member` for `member_id`."""
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
    named = {s.options[0].field.key for s in left.r.slots if s.options}
    alone = [k for k in keys if k and (k.unique or k.key not in named)]
    single = [k.name for k in alone if k.profile.distinct >= _ALL * k.table.sampled_rows]
    if not counted or len(left.r.schema.tables) > 1 or not single:
        return
    name = single[0]
    said = [s.text for s in left.r.said if s.sense(Op.SUPERLATIVE, Op.TOP, Op.MORE)]
    yield Loss(tuple(said[:1]), f"each {name!r} has one row, so none has more", hollow=True)


def _each_once(left: Left) -> Iterator[Loss]:
    """`the most common strike` of a table of strikes: each is one row."""
    r, q = left.r, left.q
    by = q.order[0][0] if q.order else None
    rows = isinstance(by, Agg) and by.func is Func.COUNT and by.of is None and by.where is None
    if rows and isinstance(by, Agg) and len(r.schema.tables) == 1 and r.q.group_tables:
        said = [s.text for s in r.said if s.sense(Op.SUPERLATIVE)]
        why = f"each row of {r.q.group_tables[0]} is one, so none is there more often"
        yield Loss(tuple(said[:1]), why, hollow=True)


def _cut(left: Left) -> Iterator[Loss]:
    """`top 5 cities by size`: cut off without an order the rows would be any."""
    if left.r.topped is not None and left.q.limit is not None and not left.q.order:
        said = [s.text for s in left.r.said if s.sense(Op.TOP)]
        yield Loss(tuple(said[:1]), "nothing was found to order by", hollow=True)


def _second(left: Left) -> Iterator[Loss]:
    """`number of members and loans`: two counts, of which one would be given."""
    said = [s for s in left.r.said if not s.filler]
    if not (left.counts and left.free) or left.q.keys or left.q.group_tables:
        return
    counted = {i.table for i in left.q.items if isinstance(i, Agg)}
    for before, link, s in zip(said, said[1:], said[2:], strict=False):
        other = bool(s.tables) and bool(before.tables) and s.tables[0].table.name not in counted
        if other and link.sense(Op.AND, Op.COMMA):
            yield Loss((s.text,), "one thing is counted at a time", hollow=True)


def _never(left: Left) -> Iterator[Loss]:
    """`states without a strike` of a table of strikes: it holds no state that has none."""
    for c in left.q.where:
        link = c.cond
        own = isinstance(link, Linked) and link.negated and link.key is not None
        if own and isinstance(link, Linked) and not link.query.where and not link.query.having:
            inner = [n for i in link.query.items for n in columns_in(i)]
            if list(columns_in(link.key)) == inner:
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


def _unit(left: Left) -> Iterator[Loss]:
    """`total rain in inches`, `more than 20 inches`: no figure is turned into another unit."""
    used = {n for i in (*left.q.items, *left.q.where) for n in columns_in(i)}
    known = left.r.schema.fields
    own = {stem(w) for n in used if n in known for w in pieces(known[n].name)}
    for at, s in enumerate(left.r.said):
        unit = s.sense(Op.MEASURED) and not s.columns and s.text.lower() not in _LOOSE
        if not unit or {t.stem for t in s.tokens} & own:
            continue
        amount = at > 0 and left.r.said[at - 1].number is not None
        asked = at > 0 and left.last_word(left.before(at)) == "in" and s in left.passed
        if amount:
            yield Loss((), f"took the number of {s.text} as the column has it", grave=False)
        elif asked:
            yield Loss((s.text,), "no column says that it is in this unit", left.saying)


_LOOSE = frozenset({"degrees", "degree", "dollars", "dollar", "usd", "percent"})
"""Units that a column of such a thing is in without saying so."""


def _contrasted(left: Left) -> Iterator[Loss]:
    """`compare rain`: with what?"""
    if left.r.contrast and not left.measured and not left.q.keys:
        said = [s.text for s in left.r.said if s.sense(Op.CONTRAST)]
        yield Loss(tuple(said[:1]), "nothing was found to compare", hollow=True)


def _hours(left: Left) -> Iterator[Loss]:
    """`by hour` of a column of days."""
    for key in left.q.keys:
        hour = isinstance(key, Bucket) and key.unit is Unit.HOUR_OF_DAY
        fields = [left.r.schema.fields.get(n) for n in columns_in(key)] if hour else []
        if fields and all(f is not None and f.profile.type is ColumnType.DATE for f in fields):
            said = [s.text for s in left.r.said if "hour_of_day" in s.args(Op.UNIT)]
            yield Loss(tuple(said[:1]), "the dates have no time of day", hollow=True)


def _coming(left: Left) -> Iterator[Loss]:
    """`loans next month`: the tables hold what was."""
    said = left.r.said
    for s, unit in pairwise(said):
        next_one = s.text.lower() == "next" and unit.sense(Op.UNIT) and not unit.columns
        if next_one and not s.values and not s.columns:
            why = "the tables hold what was, and nothing says when this is"
            yield Loss((s.text, unit.text), why, has_dates(left.r))


CHECKS: tuple[Callable[[Left], Iterator[Loss]], ...] = (
    _identifier,
    _level,
    _each_once,
    _cut,
    _second,
    _never,
    _everything,
    _bare,
    _unseen,
    _idle,
    _unit,
    _contrasted,
    _hours,
    _coming,
)
