"""A column and the value that is said of it: `status is open`, `code 7AFF03`."""

from services.codegen.planner.language.comparing import same_column, text_at, trailing, units
from services.codegen.planner.language.query import Cell, Un
from services.codegen.planner.language.reader import TEST, Reader, literal
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import (
    Compare,
    CompareOp,
    Lit,
)
from services.codegen.planner.typed_values import typed_index
from services.codegen.planner.words import Kind


def valued_test(r: Reader, at: int, after: int) -> bool:
    """`status is open`, `production code 7AFF03`, `id 5`, `name is not X`."""
    equals = any(r.sense(i, Op.EQUALS) for i in range(at + 1, after))
    negated = False
    start = after
    if r.sense(start, Op.NOT) or r.sense(start, Op.COMPARE):
        sense = r.segments[start].sense(Op.COMPARE, Op.NOT)
        if sense is not None and sense.op is Op.COMPARE and sense.arg not in ("ne", "eq"):
            return False
        negated = sense is not None and (sense.op is Op.NOT or sense.arg == "ne")
        equals = True
        start = r.skip(start + 1)
    s = r.segment(start)
    if s is None:
        return False
    near = start == at + 1
    named = any(r.word(i) in _NAMING for i in range(at + 1, start))
    own = bool(s.values) and same_column(r, at, start) and _value_own(r, at, start)
    testing = (
        own or named or r.zone == TEST or (near and bool(r.q.items or r.q.entity or r.q.tables))
    )
    if not (testing or (near and s.number is not None and _named_number(r, at))):
        return False
    if s.values and (own or equals or near or r.zone == TEST):
        if not (own or equals or near or same_column(r, at, start)):
            return False
        slot = r.column(at, "test")
        _cells(r, slot, start, negated)
        return True
    of = r.zone == TEST and all(r.word(i) in _OF for i in range(at + 1, start))
    if s.number is not None and (near or equals or of):
        holder = _holder(r, at, s.number)
        if holder is not None:
            r.test(Compare(CompareOp.EQ, holder.expr, Lit(s.number)))
            r.at = units(r, start + 1)
            return True
        if r.names_table(start + 1) and not near:
            return False
        slot = r.column(at, "test")
        where = Compare(CompareOp.EQ, slot.expr, Lit(s.number))
        op, end = trailing(r, start + 1, CompareOp.EQ)
        where = Compare(op, slot.expr, Lit(s.number))
        r.test(Un(where) if negated else where)
        r.at = units(r, end)
        return _more_numbers(r, slot)
    if literal(s) and (equals or near or s.tokens[0].kind is Kind.QUOTED):
        slot = r.column(at, "test", "text")
        text, end = text_at(r, start)
        unseen = Compare(CompareOp.EQ, slot.expr, Lit(text), fold=True)
        r.note(f"{text!r} was not seen in the data", 0.1)
        r.test(Un(unseen) if negated else unseen)
        r.at = end
        return True
    return False


_NAMING = frozenset({"named", "called", "titled", "equal to", "equals", "=", "is equal to", "as"})
_NAMING |= {"of type", "labeled", "entitled", "with name", "that is"}


_OF = frozenset({"of", "as", "at", "a", "the", "being", "that", "value", "value of"})


def _value_own(r: Reader, at: int, start: int) -> bool:
    """The value is one of the column itself: `managed by Brenden`, `status of Open`."""
    s = r.segments[start]
    keys = [c.field.key for c in r.segments[at].columns]
    # `airports in the city of Chicago`: a part of its cells, or one that was not seen.
    named = bool(r.q.items or r.q.entity or r.q.tables) and s.tokens[0].capital
    least = 0.0 if named and r.word(at + 1) == "of" and s.number is None else 0.9
    return keys[0] in [v.field.key for v in s.values if v.score >= least]


def _named_number(r: Reader, at: int) -> bool:
    """`episode 29`, `week 14`: a column right before a number, after something was asked."""
    return at > 0 and bool(r.wh or r.q.items or r.counting)


def _holder(r: Reader, at: int, number: float) -> Slot | None:
    """`a Filipino population of 1474707`: the column before holds it, and this one does not."""
    fields = typed_index(r.schema).numbers.get(float(number), ())
    here = r.segments[at].columns[0].field
    last = r.loose[-1] if r.loose else None
    if here in fields or not here.known or last is None or last.at != r.back(at):
        return None
    if last.options[0].field not in fields:
        return None
    r.loose.remove(last)
    return last


def _more_numbers(r: Reader, slot: Slot) -> bool:
    """`id 3 or 5`: further numbers for the same column."""
    while r.sense(r.at, Op.OR, Op.COMMA):
        at = r.skip(r.at + 1, Op.OR)
        number = r.number(at)
        if number is None or r.names_column(at + 1) or r.names_table(at + 1):
            return True
        r.link = "or"
        r.test(Compare(CompareOp.EQ, slot.expr, Lit(number)))
        r.at = at + 1
    return True


def _cells(r: Reader, slot: Slot, at: int, negated: bool) -> None:
    """The value at `at`, and those listed after it, of one column."""
    value = r.value(at, slot)
    r.negated = r.negated or negated
    r.test(Cell(value.number, slot.number))
    r.at = at + 1
    while r.sense(r.at, Op.OR, Op.AND, Op.COMMA):
        word = "or" if r.sense(r.at, Op.OR) else "and"
        nxt = r.skip(r.at + 1, Op.OR, Op.AND, Op.EQUALS)
        s = r.segment(nxt)
        keys = {o.field.key for o in slot.options} & {o.field.key for o in value.options}
        if s is None or not any(v.field.key in keys for v in s.values):
            return
        if s.columns or r.names_column(nxt + 1):
            return
        r.link, r.negated = word, negated
        other = r.value(nxt, slot)
        r.test(Cell(other.number, slot.number))
        r.at = nxt + 1
