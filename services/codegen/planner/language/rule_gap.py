"""Rules for how far two named rows are apart: `how much taller is A than B`, `years between`."""

from services.codegen.planner.language.defaults import averaged
from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.query import Agg, Cell, Ratio
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_places import place_slot, timely
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.plan import Bucket, Expr, Func, Unit
from services.codegen.planner.schema import Field

_SURE = 0.6
_APART = frozenset({"between", "from", "passed", "elapsed", "separate", "separated", "apart"})
_MUCH = frozenset({"how much", "how many", "how much did", "how much is", "how much was"})


def gap_rule(r: Reader) -> bool:
    """`difference in weight between A and B`, `how many more goals did A score than B`."""
    if r.listing.gap_of is not None or r.segments[r.at].columns or len(r.schema.tables) > 1:
        return False
    start = _start(r)
    if start is None or two_values(r) is None:
        return False
    measure = measure_at(r, *start)
    if measure is None:
        return False
    r.listing.gap_of = measure
    return True


def _start(r: Reader) -> tuple[int, Sense | None] | None:
    """Where the words of the question end, and the comparison that they hold."""
    s = r.segments[r.at]
    if s.sense(Op.DIFFERENCE):
        return r.at + 1, None
    if r.word(r.at) not in _MUCH:
        return None
    after = r.segment(r.skip(r.at + 1))
    if after is None:
        return None
    more = after.sense(Op.MORE)
    if more is not None:
        return r.skip(r.at + 1) + 1, more
    words = {r.word(i) for i in range(r.at, len(r.segments))}
    if after.sense(Op.UNIT) and not words.isdisjoint(_APART):
        return r.skip(r.at + 1), None
    return None


def two_values(r: Reader) -> tuple[int, int] | None:
    """The first two values of one column."""
    found: list[tuple[int, set[str]]] = []
    for at in range(len(r.segments)):
        s = r.segments[at]
        if not s.values or s.values[0].score < _SURE or s.number is not None or s.sense(Op.UNIT):
            continue
        keys = {v.field.key for v in s.values}
        first = next((a for a, known in found if known & keys), None)
        if first is not None:
            return first, at
        found.append((at, keys))
    return None


def measure_at(r: Reader, at: int, sense: Sense | None) -> Agg | None:
    """What is compared: the column that is named, the one that the words ask for, or rows."""
    at = r.skip(at, Op.COUNT)
    r.at = at
    unit = r.segments[at].sense(Op.UNIT) if at < len(r.segments) else None
    if unit is not None and not r.names_column(at):
        r.at = at + 1
        return _time(r, unit.arg)
    if r.names_column(at) and r.segments[at].columns[0].field.ranked:
        slot = r.column(at, "measure", "number")
        r.at = at + 1
        return _of(slot, unit.arg if unit is not None else "")
    hinted = hinted_slot(r, sense.hints, "measure") if sense is not None and sense.hints else None
    if hinted is not None:
        return _of(hinted, "")
    if r.names_column(at) and sense is not None:
        r.at = at + 1
        return Agg(Func.COUNT)
    return _only(r, sense)


def _only(r: Reader, sense: Sense | None) -> Agg | None:
    """Without a column: the totals of the table, its only number, or else how many rows."""
    numbers = [f for f in r.schema.fields.values() if f.ranked and not f.identifier]
    numbers = [f for f in numbers if not timely(f)]
    totals = [f for f in numbers if f.stems <= lexicon().whole]
    found = totals if len(totals) == 1 else numbers
    if len(found) == 1:
        return _of(place_slot(r, found[0], "measure"), "")
    return Agg(Func.COUNT) if sense is not None else None


def _time(r: Reader, unit: str) -> Agg | None:
    times = [f for f in r.schema.fields.values() if timely(f)]
    return _of(place_slot(r, times[0], "measure"), unit) if times else None


def _of(slot: Slot, unit: str) -> Agg:
    field = slot.options[0].field
    expr: Expr = slot.expr
    if unit == Unit.YEAR and (field.is_date or field.profile.date_formats):
        expr = Bucket(Unit.YEAR, expr)
    return Agg(Func.SUM if _adds_up(field) else Func.MAX, expr)


def _adds_up(field: Field) -> bool:
    return field.numeric and not averaged(field) and not timely(field)


def settle_gap(r: Reader) -> None:
    """The measure of the one row less that of the other, whichever is larger."""
    two = two_values(r) if r.listing.gap_of is not None else None
    slots = [x for x in r.slots if two is not None and x.kind == "value" and x.at in two]
    if r.listing.gap_of is None or len(slots) != 2:
        return
    own = {x.number for x in slots}
    r.q.where = [c for c in r.q.where if not (isinstance(c.cond, Cell) and c.cond.slot in own)]
    a, b = (_where(r.listing.gap_of, Cell(x.number)) for x in slots)
    r.q.items = [Ratio("gap", a, b)]
    r.q.order, r.q.limit = [], None


def _where(item: Agg, cell: Cell) -> Agg:
    return Agg(item.func, item.of, where=cell)
