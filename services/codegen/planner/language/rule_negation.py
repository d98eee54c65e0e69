"""Rules for what does not hold: `not`, `except those that`, `without orders`, `never`."""

from dataclasses import replace

from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import Clause, Linked, Query
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import IsNull, Not


def not_rule(r: Reader) -> bool:
    """`not`, `except`: the next condition is turned around, or another table has no such row."""
    s = r.segments[r.at]
    if not s.sense(Op.NOT) or s.columns:
        return False
    if (r.q.items or r.q.entity or r.q.tables) and _without(r):
        return True
    if _denied(r):
        return True
    r.negated = not r.negated
    if r.zone == SELECT and (r.q.items or r.q.tables):
        r.zone = TEST
    r.at += 1
    return True


def _denied(r: Reader) -> bool:
    """`products that Sony does not make`: what was said right before is what does not hold."""
    where = r.q.where
    if r.word(r.at) not in _DOES or not where or where[-1].negated or r.inner is not None:
        return False
    last = max((s.at for s in r.slots if s.kind == "value"), default=-1)
    if last < 0 or last != r.back(r.at) or not r.sense(r.back(last), Op.RELATIVE, Op.WH):
        return False
    where[-1] = replace(where[-1], negated=True)
    r.at += 1
    return True


_DOES = frozenset({"does not", "do not", "did not", "doesn't", "don't", "didn't", "cannot"})


def no_rule(r: Reader) -> bool:
    """`without orders`, `have no friends`, `never filed a complaint`: none of another table."""
    s = r.segments[r.at]
    if not s.sense(Op.NO) or s.columns or s.values:
        return False
    if _without(r):
        return True
    if _no_column(r):
        return True
    at = r.skip(r.at + 1)
    noun = noun_at(r, at)
    r.zone = TEST
    if noun is not None and not noun.table and _possessed(r, noun.at):
        field = r.segments[noun.at].columns[0].field
        tested = r.sense(noun.at + 1, Op.EQUALS, Op.COMPARE)
        if field.profile.nulls and not tested:
            slot = r.column(noun.at, "test")
            r.test(IsNull(slot.expr))
            r.at = noun.after
            return True
    r.negated = not r.negated
    r.at += 1
    return True


def _possessed(r: Reader, at: int) -> bool:
    """`have no manager`: the column, though `Manager` may be a value somewhere."""
    return not r.segments[at].values or (r.ends(at + 1) and not r.segments[at].values[0].part)


_ENDS = (Op.COMPARE, Op.SORT, Op.AND, Op.OR, Op.BETWEEN)
"""Where what is denied ends at the latest."""
_REACH = 7
"""Segments between a negation and the table that it is about."""


def _without(r: Reader) -> bool:
    """The table of which there is no row, where one is named before the next condition."""
    mine = r.q.entity or (r.q.tables[0] if r.q.tables else "")
    for at in range(r.at + 1, min(r.at + 1 + _REACH, len(r.segments))):
        s = r.segments[at]
        name = _other(r, at, mine)
        if s.sense(*_ENDS) and not (s.columns or s.tables):
            return False
        if not name and s.columns and (s.columns[0].exact or r.sense(at + 1, Op.COMPARE)):
            return False
        if name:
            query = Query(tables=[name])
            r.test(Linked(query, True, name))
            r.inner = query
            r.zone = TEST
            r.at += 1
            return True
        if s.values and s.values[0].score >= 0.9:
            table = s.values[0].field.table.name
            if table == mine:
                return False
    return False


def _other(r: Reader, at: int, mine: str) -> str:
    """Another table that is named at `at`, though a column of its own may have the same name."""
    name = r.names_table(at)
    if name and name != mine:
        return name
    s = r.segments[at]
    if not s.tables or s.tables[0].score < 1.0 or s.tables[0].table.name == mine:
        return ""
    tested = r.sense(at + 1, Op.EQUALS, Op.COMPARE) or r.number(at + 1) is not None
    valued = at + 1 < len(r.segments) and r.segments[at + 1].values
    return "" if tested or valued else s.tables[0].table.name


def _no_column(r: Reader) -> bool:
    """`people who have no friend`: no row of another table with something in the column."""
    mine = r.q.entity or (r.q.tables[0] if r.q.tables else "")
    at = r.skip(r.at + 1)
    s = r.segment(at)
    if s is None or not mine or not s.columns or s.columns[0].score < 0.95:
        return False
    table = s.columns[0].field.table.name
    if table == mine or not r.ends(at + 1):
        return False
    slot = r.column(at, "test")
    slot.options = tuple(o for o in slot.options if o.field.table.name == table)
    query = Query(tables=[table], where=[Clause(Not(IsNull(slot.expr)))])
    r.test(Linked(query, True, table))
    r.at = at + 1
    return True
