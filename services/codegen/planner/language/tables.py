"""How the rows of one table belong to those of another."""

from collections.abc import Collection

from services.codegen.planner.join_paths import connect
from services.codegen.planner.keys import key_graph
from services.codegen.planner.schema import Schema


def single(schema: Schema, mine: str, other: str, roles: Collection[str]) -> bool:
    """True when each row of `mine` has at most one row of the other table."""
    tree = connect(key_graph(schema), [mine, other], roles=roles)
    if tree is None:
        return True
    at = mine
    for step in tree.steps:
        ends = {step.left.table.name, step.right.table.name}
        if at not in ends:
            return False
        following = (ends - {at}).pop() if len(ends) > 1 else at
        if step.edge.one.table.name != following and not step.edge.many.unique:
            return False
        at = following
    return True
