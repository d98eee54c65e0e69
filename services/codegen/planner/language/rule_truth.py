"""Rules for yes or no: `did A score more goals than B`, `was A opened before B`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.codegen.planner.language.query import POSITION, Agg, Cell, Ratio
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_choice import AUXILIARIES
from services.codegen.planner.language.rule_gap import measure_at, two_values
from services.codegen.planner.language.rule_places import place_slot, ranking, single, timely
from services.codegen.planner.language.slots import Option
from services.codegen.planner.lexicon import Op, Sense
from services.codegen.planner.plan import Func

_ABOVE = frozenset({"gt", "ge", "desc", "after"})
_BELOW = frozenset({"lt", "le", "asc", "before"})


@dataclass(frozen=True)
class _Said:
    """The comparison between the two values: where it stands, and whether the first is above."""

    at: int
    above: bool
    sense: Sense
    timed: bool


def truth_rule(r: Reader) -> bool:
    """The whole question: two rows of one column, and what is compared of them."""
    if r.at or not single(r) or r.word(0) not in AUXILIARIES:
        return False
    two = two_values(r)
    said = _said(r, *two) if two is not None and not _asks_more(r) else None
    if two is None or said is None:
        return False
    of = _time(r) if said.timed else measure_at(r, said.at + 1, said.sense)
    if of is None:
        return False
    first, second = r.value(two[0]), r.value(two[1])
    first.hint = second.hint = _shared(first.options, second.options)
    above = said.above is not _ranks(r, of)
    left, right = (replace(of, where=Cell(x.number)) for x in (first, second))
    r.q.items = [Ratio(">" if above else "<", left, right)]
    r.at = len(r.segments)
    return True


def _asks_more(r: Reader) -> bool:
    """One of two or a thing is asked for, or rows are counted."""
    return any(s.sense(Op.OR, Op.TRAILING, Op.WH, Op.COUNT) and not s.values for s in r.segments)


def _said(r: Reader, first: int, second: int) -> _Said | None:
    for at in range(first + 1, second):
        sense = r.segments[at].sense(Op.MORE, Op.COMPARE, Op.TEMPORAL, Op.NEIGHBOUR)
        if sense is not None and sense.arg in _ABOVE | _BELOW:
            hinted = sense.op is Op.MORE or bool(sense.hints)
            return _Said(at, sense.arg in _ABOVE, sense, timed=not hinted)
    return None


def _time(r: Reader) -> Agg | None:
    """A time that is named, the only one of the table, or the order of the file."""
    named = [s.columns[0].field for s in r.segments if s.columns and not s.values]
    times = [f for f in named if timely(f)] or [f for f in r.schema.fields.values() if timely(f)]
    of = place_slot(r, times[0], "measure").expr if times else POSITION
    return Agg(Func.MIN, of)


def _ranks(r: Reader, of: Agg) -> bool:
    """A higher rank is a smaller number."""
    slot = next((x for x in r.slots if x.expr == of.of), None)
    return slot is not None and of.of != POSITION and ranking(slot.options[0].field)


def _shared(a: Sequence[Option], b: Sequence[Option]) -> str:
    keys = {o.field.key for o in b}
    return next((o.field.key for o in a if o.field.key in keys), "")
