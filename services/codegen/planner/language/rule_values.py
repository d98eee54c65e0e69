"""Rules for a value by itself: `in New York`, `Italian restaurants`, `has a garden`."""

from dataclasses import replace

from services.codegen.planner.language.comparing import same_column
from services.codegen.planner.language.query import Cell, Every
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_numbers import amount_next
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import (
    AnyOf,
    Col,
    Compare,
    CompareOp,
    Expr,
    IsNull,
    Lit,
    Not,
    Scalar,
)


def value_test(r: Reader) -> bool:
    """A value by itself: `in New York`, `Italian restaurants`, `the Monza circuit`."""
    s = r.segments[r.at]
    if not s.values:
        return False
    if s.number is not None and (s.values[0].score < 0.95 or amount_next(r)):
        return False
    if r.names_table(r.at) and s.tables[0].score >= s.values[0].score:
        return False
    if s.columns and s.columns[0].score > s.values[0].score:
        return False
    if r.pending and r.zone == SELECT and r.names_column(r.at) and _measurable(r):
        # `total rain`: the column, though a cell has the name.
        return False
    if s.columns and s.columns[0].exact and r.zone == SELECT and r.asking:
        return False
    value_at = r.at
    nxt = r.at + 1
    beside: Slot | None = None
    if r.names_column(nxt) and same_column(r, nxt, value_at) and not _asked(r, nxt):
        beside = r.column(nxt, "test")
        nxt += 1
    last = r.slots[-1] if r.slots else None
    slot = r.value(value_at, beside)
    cell = Cell(slot.number, beside.number if beside else None)
    if last is not None and _one_name(last, slot):
        where = r.inner.where if r.inner is not None else r.q.where
        where[-1] = replace(where[-1], cond=Every((where[-1].cond, cell)))
    else:
        r.test(cell)
    r.at = nxt
    return True


def _measurable(r: Reader) -> bool:
    field = r.segments[r.at].columns[0].field
    return field.numeric and not field.identifier


def _one_name(first: Slot, second: Slot) -> bool:
    """`Lacey Bosco`: first and last name, right after one another, are said of one person."""
    if first.kind != "value" or first.at != second.at - 1 or first.beside is not None:
        return False
    pairs = ((a.field, b.field) for a in first.options for b in second.options)
    named = lexicon().names
    return any(
        a.table is b.table and a is not b and a.stems & named and b.stems & named for a, b in pairs
    )


def _asked(r: Reader, at: int) -> bool:
    """True when the column after the value is compared itself."""
    return r.sense(at + 1, Op.COMPARE, Op.EQUALS) or r.number(at + 1) is not None


def state_test(r: Reader) -> bool:
    """A column with nothing to compare it with, in a condition: yes or no, or just there."""
    if r.zone != TEST or not r.names_column(r.at):
        return False
    column = r.segments[r.at].columns[0]
    if column.field.profile.nulls and _had(r):
        slot = r.column(r.at, "test")
        r.test(Not(IsNull(slot.expr)))
        r.at += 1
        return True
    values = {str(v).casefold() for v in column.field.profile.values}
    if not values or not values <= _BOOLEAN:
        return False
    slot = r.column(r.at, "test")
    yes = [v for v in column.field.profile.values if str(v).casefold() in _YES]
    tests = tuple(Compare(CompareOp.EQ, _of(slot), Lit(_scalar(v))) for v in yes)
    r.test(tests[0] if len(tests) == 1 else AnyOf(tests))
    r.at += 1
    return True


def _had(r: Reader) -> bool:
    """`who have a commission`: there is one."""
    have = r.sense(r.at - 2, Op.RELATIVE) and r.word(r.at - 2) in _HAVING
    if not have or r.word(r.at - 1) not in ("a", "an", "any"):
        return False
    following = r.segment(r.skip(r.at + 1))
    return r.ends(r.at + 1) or (
        following is not None and bool(following.sense(Op.AND, Op.COMMA, Op.SHOW))
    )


_HAVING = frozenset({"with", "have", "has", "had", "having"})


_YES = frozenset({"true", "yes", "y", "t", "1"})


_BOOLEAN = _YES | {"false", "no", "n", "f", "0"}


def _of(slot: Slot) -> Expr:
    return Col(slot.expr.name)


def _scalar(value: object) -> Scalar:
    return value if isinstance(value, bool | int | float) else str(value)
