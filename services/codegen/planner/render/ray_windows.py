"""Windows as Arrow statements: the rows are sorted, then each group gets its column."""

from collections.abc import Mapping

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.layout import Bracketed, Operands, call, flat, parsed
from services.codegen.planner.render.ray_steps import Body, quoted, sort
from services.codegen.planner.render.ray_types import (
    DOUBLE,
    TYPES,
    WIDE,
    is_wide,
    kind_of,
    kinds_of,
)
from services.codegen.planner.render.text import quote

_MEASURES: Mapping[p.WindowFunc, str] = {
    p.WindowFunc.SUM: "sum",
    p.WindowFunc.COUNT: "sum",
    p.WindowFunc.AVG: "mean",
    p.WindowFunc.MIN: "min",
    p.WindowFunc.MAX: "max",
}
_CUMULATIVE = frozenset({TYPES[ColumnType.INTEGER], DOUBLE})
"""The types that Arrow accumulates by itself."""


def window(body: Body, node: p.Window, order: tuple[p.SortKey, ...]) -> None:
    """`order` is the node's own, with ties broken."""
    value = _value(body, node)
    keys = (*(p.SortKey(name) for name in node.partition), *order)
    if keys:
        sort(body, keys)
    found = _of_group(node, f"group[{quote(value)}]", _value_kind(node))
    groups = call("group in groups", body.rows, quoted(node.partition))
    columns = body.names.fresh("columns")
    body.let(columns, Bracketed("[", (Operands("for", (parsed(found), groups)),), "]"))
    whole = parsed(f"pa.chunked_array({columns}, {kinds_of(node)[node.name]})")
    body.step("append_column", quote(node.name), whole)


def _value(body: Body, node: p.Window) -> str:
    """The column that the window looks at; empty for the ranks."""
    name = f"{node.name} value"
    match node.func:
        case p.WindowFunc.COUNT:
            one = p.Lit(1)
            known = one if node.of is None else p.Case(((p.Not(p.IsNull(node.of)), one),), p.Lit(0))
            return body.input(name, known, node.source)
        case p.WindowFunc.SUM | p.WindowFunc.AVG if node.of is not None:
            kind = _value_kind(node)
            cast = kind if kind != _kind(node, node.of) else ""
            return body.input(name, node.of, node.source, cast)
        case _:
            return body.input(name, node.of, node.source) if node.of is not None else ""


def _value_kind(node: p.Window) -> str:
    """The Arrow type of the column that the window looks at."""
    if node.func is p.WindowFunc.COUNT or node.of is None:
        return TYPES[ColumnType.INTEGER]
    if is_wide(node, node):
        return WIDE
    kind = _kind(node, node.of)
    return DOUBLE if node.func is p.WindowFunc.AVG and kind == WIDE else kind


def _kind(node: p.Window, expr: p.Expr) -> str:
    return kind_of(expr, columns_of(node.source), kinds_of(node.source))


def _of_group(node: p.Window, value: str, kind: str) -> str:
    """Code for the column of one `group`."""
    order = flat(quoted([key.name for key in node.order]))
    rows = 1 if node.rows is None else node.rows
    match node.func:
        case p.WindowFunc.ROW_NUMBER:
            return "row_numbers(group)"
        case p.WindowFunc.RANK:
            return f"ranks(group, {order})"
        case p.WindowFunc.DENSE_RANK:
            return f"dense_ranks(group, {order})"
        case p.WindowFunc.LAG:
            return f"shifted({value}, {rows})"
        case p.WindowFunc.LEAD:
            return f"shifted({value}, {-rows})"
        case func if not node.order:
            return f"pa.repeat(pc.{_MEASURES[func]}({value}), group.num_rows)"
        case func if node.rows is not None:
            return f"moving({value}, {node.rows}, pc.{_MEASURES[func]})"
        case func:
            return _running(_MEASURES[func], value, kind)


def _running(measure: str, value: str, kind: str) -> str:
    if kind not in _CUMULATIVE:
        return f"accumulated({value}, {'operator.add' if measure == 'sum' else measure})"
    checked = "_checked" if measure == "sum" else ""
    return f"running({value}, pc.cumulative_{measure}{checked})"
