"""Rules for distributions: `histogram of price`, `ages in groups of 10`, `score in 5 buckets`."""

import math

from services.codegen.planner.language.expressions import expression_at
from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Arith, ArithOp, Call, Expr, Fn, Func, Lit
from services.codegen.planner.schema import Field

_BUCKETS = 10
"""Buckets of a histogram for which no width was said."""


def spread_rule(r: Reader) -> bool:
    """`histogram of price`, `distribution of status`."""
    s = r.segments[r.at]
    sense = s.sense(Op.SPREAD)
    if sense is None or s.columns or sense.arg != "histogram":
        return False
    said = expression_at(r, r.at + 1)
    if said is None:
        return False
    r.at = said.after
    of = said.make("key")
    field = r.slots[-1].options[0].field
    width = _width_ahead(r, field) if field.numeric and not field.identifier else None
    if width is not None:
        _bucketed(r, of, width)
    else:
        r.q.keys.append(of)
    r.item(Agg(Func.COUNT))
    return True


def buckets_rule(r: Reader) -> bool:
    """`count by age in buckets of 10`: the number that was named last is cut."""
    found = _width_at(r, r.at)
    if found is None:
        return False
    slot = next((s for s in reversed(r.slots) if s.options and s.options[0].field.numeric), None)
    if slot is None:
        return False
    size, buckets, after = found
    width = size or _even(slot.options[0].field, buckets)
    if width is None:
        return False
    r.at = after
    r.q.keys = [k for k in r.q.keys if k != slot.expr]
    r.q.items = [i for i in r.q.items if i != slot.expr]
    slot.role, slot.want = "key", "number"
    _bucketed(r, slot.expr, width)
    if not r.q.items:
        r.item(Agg(Func.COUNT))
    return True


def _bucketed(r: Reader, of: Expr, width: float) -> None:
    whole = int(width) if float(width).is_integer() else width
    floor = Call(Fn.FLOOR, Arith(ArithOp.DIVIDE, of, Lit(whole)))
    r.q.keys.append(Arith(ArithOp.MULTIPLY, floor, Lit(whole)))
    r.note(f"each group goes from the number shown up to {whole:g} more, which is left out", 0.02)


def _width_ahead(r: Reader, field: Field) -> float | None:
    """The width said later on, which is taken out; else a round one that makes ten buckets."""
    for at in range(r.at, len(r.segments)):
        found = _width_at(r, at)
        if found is not None:
            r.segments = [*r.segments[:at], *r.segments[found[2] :]]
            return found[0] or _even(field, found[1])
    width = _even(field, _BUCKETS, rounded=True)
    if width is not None:
        r.note(f"no width of the buckets was named: took {width:g}", 0.05)
    return width


def _width_at(r: Reader, at: int) -> tuple[float, int, int] | None:
    """`in buckets of 10` → its width; `in 5 buckets` → their number; and the position after."""
    s = r.segment(at)
    sense = s.sense(Op.SPREAD) if s is not None else None
    if sense is not None and sense.arg == "buckets":
        number = r.number(r.skip(at + 1))
        if number is not None and number > 0:
            return float(number), 0, _past_unit(r, r.skip(at + 1) + 1)
    number, after = r.number(at), r.segment(at + 1)
    sense = after.sense(Op.SPREAD) if after is not None else None
    if sense is not None and sense.arg == "number" and isinstance(number, int) and number > 1:
        return 0.0, number, at + 2
    return None


def _past_unit(r: Reader, at: int) -> int:
    """`groups of 10 years`: the unit says nothing more."""
    return at + 1 if r.sense(at, Op.UNIT, Op.MEASURED) else at


def _even(field: Field, buckets: int, *, rounded: bool = False) -> float | None:
    """The width that cuts the known range into so many buckets."""
    low, high = field.profile.minimum, field.profile.maximum
    try:
        span = float(str(high)) - float(str(low))
    except ValueError:
        return None
    if span <= 0:
        return None
    width = span / buckets
    if not rounded:
        return width
    scale = 10.0 ** math.floor(math.log10(width))
    return scale * next(step for step in (1, 2, 5, 10) if step * scale >= width)
