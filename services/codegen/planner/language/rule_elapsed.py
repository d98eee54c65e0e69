"""Rules for the time between two dates: `how many days pass between A and B on average`."""

from services.codegen.planner.language.expressions import elapsed_at
from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func

_SPANS = frozenset({"between", "from"})
_REACH = 6
"""Segments between the unit of time and the two dates."""


def elapsed_rule(r: Reader) -> bool:
    """`average number of days from A to B`, `difference in days between A and B`."""
    if r.segments[r.at].columns or r.zone != SELECT:
        return False
    apart = r.sense(r.at, Op.DIFFERENCE)
    unit = r.skip(r.at + 1) if apart or r.sense(r.at, Op.COUNT) else r.at
    s = r.segment(unit)
    sense = s.sense(Op.UNIT) if s is not None and not s.columns else None
    span = _span(r, unit) if sense is not None else None
    said = elapsed_at(r, span + 1, sense.arg, backwards=apart) if sense and span else None
    if said is None:
        return False
    between = [r.segments[i] for i in range(unit + 1, span or 0)]
    funcs = [Func(min(a)) for s in between if (a := s.args(Op.AGGREGATE))]
    funcs = [*r.pending, *funcs]
    of = said.make("span")
    r.q.items += [Agg(f, of) for f in funcs] or [of]
    r.pending, r.link, r.asking = [], "", False
    r.at = said.after
    return True


def _span(r: Reader, unit: int) -> int | None:
    """Where `between` or `from` stands, if nothing that is named comes first."""
    for at in range(unit + 1, min(unit + 1 + _REACH, len(r.segments))):
        if r.word(at) in _SPANS:
            return at
        s = r.segments[at]
        if s.columns or s.values or s.tables:
            return None
    return None
