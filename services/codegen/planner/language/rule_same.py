"""Rules for what is like a named row: `the same score as X`."""

from services.codegen.planner.language.query import Agg, Cell, Clause, Query, Than
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_places import single, value_at
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import CompareOp, Func

_REACH = 3
"""Segments between `same` and the column that is the same."""


def same_rule(r: Reader) -> bool:
    """`the same score as X`, `left the same year as X`: as X's row has it, without X itself."""
    if r.word(r.at) not in ("same", "the same") or not single(r):
        return False
    column = next((i for i in range(r.at + 1, r.at + 1 + _REACH) if r.names_column(i)), None)
    if column is None or r.segments[r.at].columns:
        return False
    after = next((i for i in range(column + 1, column + 1 + _REACH) if r.word(i) == "as"), None)
    at = value_at(r, after + 1) if after is not None else None
    if at is None:
        return False
    slot, value = r.column(column, "test"), r.value(at)
    inner = Query(items=[Agg(Func.MIN, slot.expr)], where=[Clause(Cell(value.number))])
    r.test(Than(CompareOp.EQ, slot.expr, inner))
    r.negated = True
    r.test(Cell(value.number))
    r.listing.like = value
    r.zone = TEST if r.zone == SELECT and r.q.items else r.zone
    r.at = at + 1
    if r.names_column(r.at) and not r.sense(r.at + 1, Op.COMPARE, Op.EQUALS):
        r.at += 1
    return True


def settle_same(r: Reader) -> None:
    """Things like X are named by the column of X, and X is a value of what is asked for."""
    if r.listing.like is None:
        return
    if not r.q.items:
        r.q.items = [r.listing.like.expr]
        return
    own = {o.field.key for o in r.listing.like.options}
    asked = [x for x in r.slots if x.expr in r.q.items and x.options]
    shared = [x.options[0].field.key for x in asked if x.options[0].field.key in own]
    r.listing.like.hint = r.listing.like.hint or next(iter(shared), "")
