"""Set operations as Arrow statements: equal rows of both sides lie in one block."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.layout import Text, call, listed
from services.codegen.planner.render.ray_steps import Body, distinct, quoted
from services.codegen.planner.render.text import quote

_MARKED = (p.SetOp.INTERSECT, p.SetOp.EXCEPT)
"""For these it matters on which side a row stands."""


def one_side(body: Body, node: p.SetOperation, side: p.Node, schema: str) -> None:
    """Gives the rows of one side the names of the answer, the types of `schema`, and their mark.

    Without a schema the rows have the right types already.
    """
    if not isinstance(side, p.Project):
        body.step("select", quoted(tuple(columns_of(side))))
    if tuple(columns_of(side)) != tuple(columns_of(node)):
        body.step("rename_columns", quoted(tuple(columns_of(node))))
    if schema:
        body.step("cast", schema)
    if node.op in _MARKED:
        mark = "1" if side is node.left else "2"
        repeated = call("pa.repeat", mark, f"{body.rows}.num_rows")
        body.step("append_column", quote(_mark(node)), repeated)


def both_sides(body: Body, node: p.SetOperation) -> None:
    """From the rows of both sides to the answer's."""
    columns, mark = tuple(columns_of(node)), _mark(node)
    if node.op is p.SetOp.UNION:
        distinct(body, columns)
    if node.op not in _MARKED:
        return
    first, last = f"{mark}_min", f"{mark}_max"
    marks = listed([f'({quote(mark)}, "min")', f'({quote(mark)}, "max")'])
    body.chain(call("group_by", quoted(columns)), call("aggregate", marks))
    if node.op is p.SetOp.INTERSECT:
        body.step("filter", Text(f"pc.field({quote(first)}) < pc.field({quote(last)})"))
    else:
        body.step("filter", Text(f"pc.field({quote(last)}) == 1"))
    body.step("select", quoted(columns))


def _mark(node: p.SetOperation) -> str:
    """The name of the column that says on which side a row stands."""
    name, taken = "side", columns_of(node)
    while name in taken or f"{name}_min" in taken or f"{name}_max" in taken:
        name += " "
    return name
