"""Measures of tables that nothing joins, side by side in one row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.codegen.planner.language.measures import quotient
from services.codegen.planner.language.naming import item_name
from services.codegen.planner.language.query import (
    Agg,
    Item,
    Query,
    Ratio,
    grouped,
    measures_in,
)
from services.codegen.planner.plan import (
    Col,
    Derive,
    How,
    Join,
    Node,
    Project,
)

if TYPE_CHECKING:
    from services.codegen.planner.language.build import Builder


def apart(q: Query) -> list[Agg]:
    """Counts of several tables with nothing in common: `the ratio of papers to authors`."""
    if q.keys or q.where or q.having or q.order or not grouped(q):
        return []
    found = [m for i in q.items for m in measures_in(i)]
    tables = {m.table for m in found}
    plain = all(m.of is None and m.where is None and m.table for m in found)
    whole = all(isinstance(i, Agg | Ratio) for i in q.items)
    return found if plain and whole and len(tables) == len(found) > 1 else []


def side_by_side(b: "Builder", found: Sequence[Agg]) -> tuple[Node, list[str]]:
    """Each measure over its own table, in one row."""
    node: Node | None = None
    names: dict[Item, str] = {}
    for m in found:
        part, columns = b.inner(Query(items=[m], tables=[m.table])).shown()
        node = part if node is None else Join(node, part, how=How.CROSS)
        names[m] = columns[0]
    assert node is not None
    for i in b.q.items:
        if isinstance(i, Ratio):
            names[i] = b.names.fresh(item_name(i, b.source.columns))
            expr = quotient(i.op, Col(names[i.left]), Col(names[i.right]))
            node = Derive(node, names[i], expr)
    shown = [names[i] for i in b.q.items]
    return Project(node, tuple(shown)), shown
