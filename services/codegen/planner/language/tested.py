"""Conditions of one query as predicates, with the joins that they need."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.codegen.planner.join_paths import connect
from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import (
    Beside,
    Cond,
    Every,
    Linked,
    Query,
    Some,
    Than,
    Un,
)
from services.codegen.planner.language.source import told
from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Col,
    Compare,
    How,
    Join,
    Node,
    Not,
    Predicate,
)

if TYPE_CHECKING:
    from services.codegen.planner.language.build import Builder


@dataclass(frozen=True)
class Onto:
    """A join that a condition needs."""

    node: Node
    left: str
    right: str
    how: How

    def onto(self, node: Node) -> Node:
        """`node` with the other side joined to it."""
        return Join(node, self.node, self.left, self.right, self.how)


@dataclass(frozen=True)
class Test:
    """`where` is None for a condition that its joins are all of."""

    where: Predicate | None
    joins: tuple[Onto, ...] = ()


class Tests:
    """The conditions of one builder's query."""

    def __init__(self, builder: "Builder") -> None:
        self.b = builder

    def of(self, c: Cond) -> Test:
        """The test of a condition, and the joins without which it cannot be made."""
        match c:
            case Un(of=Linked() as linked):
                return self._linked(linked, not linked.negated)
            case Linked():
                return self._linked(c, c.negated)
            case Un(of=of):
                inner = self.of(of)
                where = Not(inner.where) if inner.where is not None else None
                return Test(where, inner.joins)
            case Every(of=parts) | Some(of=parts):
                tests = [self.of(p) for p in parts]
                wheres = tuple(t.where for t in tests if t.where is not None)
                both = AllOf(wheres) if isinstance(c, Every) else AnyOf(wheres)
                return Test(both, tuple(j for t in tests for j in t.joins))
            case Than():
                return self._than(c)
            case Beside():
                return self._beside(c)
            case _:
                return Test(self.b.rename.predicate(c), ())

    def _than(self, c: Than) -> Test:
        inner = self.b.inner(c.query)
        node, columns = inner.shown()
        left = self.b.rename.expr(c.left, number=True)
        total = columns[0]
        return Test(Compare(c.op, left, Col(total)), (Onto(node, "", "", How.CROSS),))

    def _beside(self, c: Beside) -> Test:
        node, columns = self.b.inner(Query(items=[c.one, c.left])).shown()
        left, key = self.b.rename.expr(c.left, number=True), self.b.rename.expr(c.key)
        assert isinstance(key, Col)
        join = Onto(node, key.name, columns[0], How.INNER)
        return Test(Compare(c.op, left, Col(columns[1])), (join,))

    def _linked(self, c: Linked, negated: bool) -> Test:
        """Rows whose partner in another query exists, or does not."""
        how = How.ANTI if negated else How.SEMI
        if c.key is not None:
            inner = self.b.inner(c.query)
            node, columns = inner.shown()
            left = self.b.rename.expr(c.key)
            assert isinstance(left, Col)
            return Test(None, (Onto(node, left.name, columns[0], how),))
        return self._by_join(c, how)

    def _by_join(self, c: Linked, how: How) -> Test:
        anchor = self._anchor(c.table)
        tree = connect(
            key_graph(self.b.schema),
            list(dict.fromkeys([anchor, c.table, *c.query.tables])),
            roles=self.b.roles,
            avoid=told(c.query, self.b.schema),
        )
        steps = list(tree.steps) if tree is not None else []
        first = next((s for s in steps if anchor in (s.left.table.name, s.right.table.name)), None)
        if first is None:
            raise CannotBuild(
                f"No columns were found by which {anchor} and {c.table} belong together.",
                f"Say which columns join them, as in `join {anchor} and {c.table} on …`.",
            )
        mine, other = first.left, first.right
        if mine.table.name != anchor:
            mine, other = other, mine
        inner = c.query.copy()
        inner.items = [Col(other.key)]
        inner.tables = list(dict.fromkeys([*inner.tables, c.table, other.table.name]))
        inner.tables = [t for t in inner.tables if t != anchor]
        node, columns = self.b.inner(inner).shown()
        return Test(None, (Onto(node, self.b.source.column(mine), columns[0], how),))

    def _anchor(self, table: str) -> str:
        """The table of this query that the other is joined to: the one that is asked for."""
        tables = [t for t in self.b.source.tables if t != table]
        if self.b.q.entity and self.b.q.entity in tables:
            return self.b.q.entity
        return tables[0] if tables else self.b.source.tables[0]
