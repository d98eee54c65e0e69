"""Windows in PySpark: a named window, then the column over it."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, leaves_64_bits
from services.codegen.planner.render.layout import Bracketed, Text, call, flat
from services.codegen.planner.render.normal import ties
from services.codegen.planner.render.spark_expr import ordered, reference
from services.codegen.planner.render.spark_statements import Statements
from services.codegen.planner.render.text import quote

_AGGREGATES = frozenset(
    {p.WindowFunc.SUM, p.WindowFunc.AVG, p.WindowFunc.MIN, p.WindowFunc.MAX, p.WindowFunc.COUNT}
)


def window(to: Statements, node: p.Window, variable: str, below: tuple[str, ...]) -> str:
    """Adds the column to `variable`; `below`: the columns that matter of the rows under it."""
    value = _function(to, node)
    name = to.names.fresh("window")
    _define(to, name, _calls(node, below))
    return to.step(variable, "withColumn", quote(node.name), f"{value}.over({name})")


def _function(to: Statements, node: p.Window) -> str:
    over = to.over(node.source, node.of, wish=node.name)
    if node.of is None:
        arguments = "F.lit(1)" if node.func is p.WindowFunc.COUNT else ""
    elif leaves_64_bits(node, node):
        arguments = f'{over.whole(node.of)}.cast("decimal(38,0)")'
    else:
        arguments = reference(node.of.name) if isinstance(node.of, p.Col) else over.expr(node.of)
    if node.func in (p.WindowFunc.LAG, p.WindowFunc.LEAD) and node.rows not in (None, 1):
        arguments += f", {node.rows}"
    return f"F.{node.func}({arguments})"


def _calls(node: p.Window, below: tuple[str, ...]) -> list[Bracketed]:
    order = [ordered(k) for k in ties(node, below, tuple(columns_of(node.source)))]
    calls = [call("partitionBy", *map(reference, node.partition))]
    if order:
        calls = [*(calls if node.partition else []), call("orderBy", *order)]
    if order and node.func in _AGGREGATES:
        first = "Window.unboundedPreceding" if node.rows is None else str(1 - node.rows)
        calls.append(call("rowsBetween", first, "Window.currentRow"))
    return calls


def _define(to: Statements, name: str, calls: list[Bracketed]) -> None:
    """`name = Window.a(…).b(…)` where it fits on a line, else a statement per call."""
    together = Text(".".join(["Window", *map(flat, calls)]))
    if to.fits(name, together):
        to.assign(name, together)
        return
    base = "Window"
    for part in calls:
        to.assign(name, call(f"{base}.{part.head[:-1]}", *part.items))
        base = name
