"""Rules for rows beside those they refer to: `employees who earn more than their manager`."""

from services.codegen.planner.keys import KeyEdge, key_graph
from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.query import Beside
from services.codegen.planner.language.reader import TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, Sense
from services.codegen.planner.plan import Col, CompareOp

_REACH = 7
"""Segments between the comparison and what the row is compared with."""


def self_rule(r: Reader) -> bool:
    """`whose salary is above that of their manager`: a column in two rows of one table."""
    at, left = r.at, None
    if r.names_column(at):
        after = r.skip(at + 1, Op.EQUALS)
        if not r.sense(after, Op.COMPARE):
            return False
        at, left = after, at
    sense = r.segments[at].sense(Op.COMPARE, Op.MORE)
    found = _other_row(r, at) if sense is not None else None
    if sense is None or found is None:
        return False
    end, edge, column = found
    slot = _slot(r, left if left is not None else column, sense, edge)
    if slot is None:
        return False
    key, one = Col(edge.many.key), Col(edge.one.key)
    table = edge.one.table.name
    r.test(Beside(_op(sense), slot.expr, key, one))
    r.name_table(table)
    r.q.entity = r.q.entity or table
    r.zone, r.at = TEST, end + 1
    return True


def _op(sense: Sense) -> CompareOp:
    if sense.op is Op.COMPARE:
        return OPS[sense.arg]
    return CompareOp.GT if sense.arg == "desc" else CompareOp.LT


def _other_row(r: Reader, at: int) -> tuple[int, KeyEdge, int | None] | None:
    """Where the other row is named, the key that refers to it, and a column named before it."""
    edges = [e for e in key_graph(r.schema).edges if e.many.table is e.one.table]
    column: int | None = None
    owned = False
    for i in range(at + 1, min(at + 1 + _REACH, len(r.segments)) if edges else 0):
        s = r.segments[i]
        edge = next((e for e in edges for c in s.columns if c.field is e.many), None)
        if edge is not None and owned:
            return i, edge, column
        if s.sense(Op.AGAIN):
            owned = True
        elif r.names_column(i) and column is None:
            column = i
        elif not (s.filler or s.sense(Op.OR, Op.COMPARE)):
            return None
    return None


def _slot(r: Reader, at: int | None, sense: Sense, edge: KeyEdge) -> Slot | None:
    """The column that is compared, of the table that refers to itself."""
    if at is not None:
        slot = r.column(at, "test", "number")
    else:
        hinted = hinted_slot(r, sense.hints, "test") if sense.hints else None
        if hinted is None:
            return None
        slot = hinted
    own = tuple(o for o in slot.options if o.field.table is edge.one.table)
    slot.options = own or slot.options
    return slot if own else None
