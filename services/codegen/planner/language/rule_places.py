"""Rules for places in a file: `the one after X`, `listed before X`, `the first winner`, `last`."""

from services.codegen.planner.language.query import POSITION, Agg, Cell, Clause, Query, Than
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.language.times import has_dates, when_at, year_field, years
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col, CompareOp, Func
from services.codegen.planner.schema import Field

_AFTER = {"gt": True, "after": True, "lt": False, "before": False}
_RANKS = frozenset({"rank", "place", "posit", "pos", "finish", "no", "seed"})
_PLACED = frozenset(
    {"ranked", "rank", "ranking", "finished", "finish", "placed", "place", "came in"}
)


def single(r: Reader) -> bool:
    """The order of a file says something where one table is asked alone."""
    return len(r.schema.tables) == 1


def neighbour_rule(r: Reader) -> bool:
    """`after Brazil`, `listed before X`: rows further down, or further up, than those of X."""
    s = r.segments[r.at]
    sense = s.sense(Op.NEIGHBOUR, Op.TEMPORAL)
    if sense is None or sense.arg not in _AFTER or s.columns or s.values or not single(r):
        return False
    at = value_at(r, r.at + 1)
    if at is None:
        return False
    after = _AFTER[sense.arg]
    slot = r.value(at)
    inner = Query(items=[Agg(Func.MAX if after else Func.MIN, POSITION)])
    inner.where.append(Clause(Cell(slot.number)))
    r.test(Than(CompareOp.GT if after else CompareOp.LT, POSITION, inner))
    r.inner = inner
    r.listing.beside, r.listing.downwards = slot, after
    r.at = at + 1
    return True


def value_at(r: Reader, at: int) -> int | None:
    """Where the value stands that names the row; `after the race X` names its column first."""
    at = r.skip(at)
    s = r.segment(at)
    if s is None:
        return None
    if not s.values and (s.columns or s.tables):
        at = r.skip(at + 1)
        s = r.segment(at)
    if s is None or not s.values or s.values[0].score < _SURE:
        return None
    timely = when_at(r, at) is not None and (has_dates(r) or year_field(r) is not None)
    return None if timely or s.number is not None else at


_SURE = 0.6


def end_rule(r: Reader) -> bool:
    """`the first winner`, `the last event`, `ranked first`: one row, at an end of the order."""
    s = r.segments[r.at]
    sense = s.sense(Op.TOP)
    if sense is None or s.columns or not single(r) or r.counting:
        return False
    if sense.arg not in ("first", "last") and not r.sense(r.at + 1, Op.LISTED):
        return False
    r.listing.end = r.listing.end or ("last" if sense.arg in ("last", "asc") else "first")
    r.listing.end_noun = r.skip(r.at + 1)
    r.listing.end_placed = r.word(r.back(r.at)) in _PLACED
    r.at += 1
    return True


def quiet_rule(r: Reader) -> bool:
    """`next`, `listed`: say only that the order of the file is meant."""
    s = r.segments[r.at]
    if s.columns or s.values or not s.sense(Op.LISTED, Op.NEIGHBOUR):
        return False
    r.listing.listed = True
    r.at += 1
    return True


def settle_places(r: Reader) -> None:
    """The order and the number of rows, once all of the question has been read."""
    if r.listing.beside is not None:
        _settle_beside(r, r.listing.beside)
    elif r.listing.end and not r.q.order and not _measured(r):
        _settle_end(r)
    elif _one(r) and r.q.limit is None and not r.q.order and not _measured(r):
        r.q.order, r.q.limit = [(POSITION, False)], 1


def _one(r: Reader) -> bool:
    """`name a place in Hawaii`, `tell me an album`: any one, so the first of the file."""
    shown = (i for i in range(len(r.segments)) if r.sense(i, Op.SHOW))
    said = any(r.word(i + 1) in ("a", "an") and r.names_column(r.skip(i + 1)) for i in shown)
    return said and single(r)


def _settle_beside(r: Reader, slot: Slot) -> None:
    asked = [x for x in r.slots if x.expr in r.q.items]
    if not r.q.items:
        r.q.items = [slot.expr]
    own = {o.field.key for o in slot.options}
    shared = [x.options[0].field.key for x in asked if x.options[0].field.key in own]
    slot.hint = slot.hint or next(iter(shared), "")
    if _measured(r) or r.q.order or any(x.plural for x in asked):
        return
    r.q.order.append((POSITION, not r.listing.downwards))
    r.q.limit = 1


def _settle_end(r: Reader) -> None:
    by = None if r.listing.listed else _order_slot(r)
    last = r.listing.end == "last"
    r.q.order += [(x, last) for x in ((by.expr, POSITION) if by is not None else (POSITION,))]
    r.q.limit = 1


def _order_slot(r: Reader) -> Slot | None:
    """The column that `first` means: the noun after it, a rank, a time that was named, the date."""
    named = [x for x in r.slots if x.kind == "column" and x.options]
    for slot in named:
        if slot.at == r.listing.end_noun and slot.options[0].field.ranked:
            return slot
    ranks = [x for x in named if ranking(x.options[0].field) and x.role in ("loose", "item")]
    if ranks and ranks[0].at in (r.back(r.listing.end_noun - 1), r.listing.end_noun):
        _used(r, ranks[0])
        return ranks[0]
    for slot in named:
        if timely(slot.options[0].field) and slot.role in ("loose", "item"):
            _used(r, slot)
            return slot
    fields = list(r.schema.fields.values())
    if r.listing.end_placed:
        found = [f for f in fields if ranking(f)]
        return place_slot(r, found[0]) if found else None
    times = [f for f in fields if timely(f)]
    return place_slot(r, times[0]) if len(times) == 1 else None


def time_slot(r: Reader) -> Slot | None:
    """The times that were named, else the only ones of the table."""
    named = [x for x in r.slots if x.kind == "column" and x.options]
    for slot in named:
        if timely(slot.options[0].field):
            _used(r, slot)
            return slot
    times = [f for f in r.schema.fields.values() if timely(f)]
    return place_slot(r, times[0]) if len(times) == 1 else None


def _used(r: Reader, slot: Slot) -> None:
    """A column that orders is not shown, unless it is all that was asked for."""
    if slot in r.loose:
        r.loose.remove(slot)
    asks = r.q.items == [slot.expr] and r.wh not in ("person", "place")
    if not asks and slot.expr in r.q.items:
        r.q.items.remove(slot.expr)


def ranking(f: Field) -> bool:
    """True for a column of ranks or places."""
    return f.ranked and not f.stems.isdisjoint(_RANKS)


def timely(f: Field) -> bool:
    """True for a column of dates or years."""
    return f.dated or bool(f.profile.date_formats) or years(f)


def place_slot(r: Reader, field: Field, role: str = "order") -> Slot:
    """A slot for a column that the question did not name."""
    option = Option(Col(field.key), field, 0.9)
    slot = Slot(len(r.slots), field.name, (option,), role=role, want="number", at=r.at)
    r.slots.append(slot)
    return slot


def _measured(r: Reader) -> bool:
    return r.counting or any(isinstance(i, Agg) for i in r.q.items)
