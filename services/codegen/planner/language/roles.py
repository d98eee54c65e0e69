"""Two keys to one table: `trips from Harbour to Museum` are told apart by their role."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.codegen.planner.keys import KeyEdge, key_graph
from services.codegen.planner.language.mentions import TableHit
from services.codegen.planner.language.query import Cell, Clause, Linked, Query
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.lexicon import Op, lexicon, stem
from services.codegen.planner.plan import Col
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import pieces

_SURE = 0.9


@dataclass(frozen=True)
class _Said:
    """A value in a role, from the word of the role up to the value."""

    start: int
    value: int
    edge: KeyEdge


def roles(r: Reader) -> None:
    """Conditions on rows of one table in several roles, each a query of its own.

    They are taken out of the question: one row of the other table cannot fulfil them all.
    """
    rivals = _rivals(r.schema)
    found = [s for at in range(len(r.segments)) if (s := _said(r, at, rivals))] if rivals else []
    edges = {s.edge for s in found}
    if len(edges) < 2 or len(edges) < len(found) or len({s.edge.tables for s in found}) > 1:
        return
    for said in found:
        _test(r, said)
    for said in reversed(found):
        r.segments[said.start : said.value + 1] = _thing(r, said)


@lru_cache(maxsize=16)
def _rivals(schema: Schema) -> tuple[KeyEdge, ...]:
    """Keys that share their two tables with another key, each in a role of its own."""
    graph = key_graph(schema)
    return tuple(
        e
        for e in graph.edges
        if e.many.table is not e.one.table
        and sum(o.one is e.one and o.many.table is e.many.table for o in graph.edges) > 1
    )


def _said(r: Reader, at: int, rivals: Sequence[KeyEdge]) -> _Said | None:
    s = r.segments[at]
    stems = {t.stem for t in s.tokens}
    for sense in s.senses:
        if sense.op in (Op.ROLE, Op.PREPOSITION):
            stems |= lexicon().role_columns[sense.arg]
    edge = next((e for e in rivals if stems & e.roles), None)
    if edge is None or s.values:
        return None
    table = edge.one.table.name
    end = at + 1
    while (n := r.segment(end)) is not None and not n.values:
        named = any(t.table.name == table for t in n.tables)
        if not (n.filler or named or n.sense(Op.EQUALS, Op.PREPOSITION)):
            return None
        end += 1
    value = r.segment(end)
    own = value is not None and any(
        v.field.table.name == table and v.score >= _SURE for v in value.values
    )
    return _Said(at, end, edge) if own else None


def _test(r: Reader, said: _Said) -> None:
    edge, table = said.edge, said.edge.one.table.name
    slot = r.value(said.value)
    slot.options = tuple(o for o in slot.options if o.field.table.name == table)
    slot.tables = (table,)
    inner = Query(items=[Col(edge.one.key)], tables=[table], where=[Clause(Cell(slot.number))])
    r.q.where.append(Clause(Linked(inner, False, table, Col(edge.many.key))))


def _thing(r: Reader, said: _Said) -> list[Segment]:
    """`trips start at`: the rows are named together with the role."""
    first = r.segments[said.start].tokens[0]
    table = said.edge.many.table
    if len(r.segments[said.start].tokens) == 1 or first.stem not in map(stem, pieces(table.name)):
        return []
    return [Segment((first,), tables=(TableHit(table, 1.0),))]
