"""Rules for amounts of nothing: `nations without gold medals`, `did not win any gold`."""

from services.codegen.planner.language.lookups import countable
from services.codegen.planner.language.reader import TEST, Reader
from services.codegen.planner.language.rule_places import single
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Compare, CompareOp, IsNull, Lit
from services.codegen.planner.schema import Field

_ANY = frozenset({"any", "a", "an"})
_REACH = 4
"""Segments between the negation and the amount."""


def none_rule(r: Reader) -> bool:
    """The amount is zero, or missing where the column writes none so."""
    s = r.segments[r.at]
    sense = s.sense(Op.NO, Op.NOT)
    if sense is None or s.columns or s.values or not single(r):
        return False
    at = _amount_at(r, any_said=sense.op is Op.NO)
    if at is None:
        return False
    field = r.segments[at].columns[0].field
    zero = 0 in field.profile.values or field.profile.minimum == 0
    if not zero and not field.profile.nulls:
        return False
    slot = r.column(at, "test", "number")
    r.test(Compare(CompareOp.EQ, slot.expr, Lit(0)) if zero else IsNull(slot.expr))
    r.zone = TEST
    r.at = at + 1
    return True


def _amount_at(r: Reader, *, any_said: bool) -> int | None:
    """The column of amounts that is denied; nothing else may be said of it."""
    for at in range(r.at + 1, min(r.at + 1 + _REACH, len(r.segments))):
        s = r.segments[at]
        if r.names_column(at):
            plain = not r.sense(at + 1, Op.EQUALS, Op.COMPARE) and r.number(at + 1) is None
            return at if any_said and plain and _amount(s.columns[0].field) else None
        any_said = any_said or s.text.lower() in _ANY
        if s.values or s.tables or s.number is not None or s.sense(Op.COMPARE, Op.SUPERLATIVE):
            return None
    return None


def _amount(field: Field) -> bool:
    return field.numeric and countable(field)
