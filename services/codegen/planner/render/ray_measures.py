"""Aggregates as Arrow statements: what Arrow groups by itself, and figures of whole lists."""

from dataclasses import dataclass

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.layout import WIDTH, Bracketed, Doc, call, flat, listed, mapped
from services.codegen.planner.render.normal import positive
from services.codegen.planner.render.ray_expr import RayExpressions
from services.codegen.planner.render.ray_steps import Body, quoted
from services.codegen.planner.render.ray_types import DOUBLE, WIDE, is_wide
from services.codegen.planner.render.text import quote

_FUNCS = {
    p.Func.COUNT: '"count"',
    p.Func.COUNT_DISTINCT: '"count_distinct"',
    p.Func.SUM: '"sum"',
    p.Func.AVG: '"mean"',
    p.Func.MIN: '"min"',
    p.Func.MAX: '"max"',
    p.Func.STDDEV: '"stddev", pc.VarianceOptions(ddof=1)',
    p.Func.VARIANCE: '"variance", pc.VarianceOptions(ddof=1)',
}
_PAIRS = {p.Func.CORRELATION: "correlation", p.Func.SLOPE: "slope"}
_OF_LISTS = frozenset({p.Func.MEDIAN, p.Func.PERCENTILE, *_PAIRS})


@dataclass(frozen=True)
class _Figure:
    """A measure, and the columns that it is taken of."""

    measure: p.Measure
    inputs: tuple[str, ...]

    @property
    def of_lists(self) -> bool:
        return self.measure.func in _OF_LISTS

    def of(self, *lists: str) -> Doc:
        """The code for a figure of lists, given the code for its columns of lists."""
        match self.measure.func:
            case p.Func.MEDIAN:
                return call("percentile", *lists, "0.5")
            case p.Func.PERCENTILE:
                return call("percentile", *lists, repr(self.measure.fraction))
            case func:
                return call(_PAIRS[func], *lists)

    def aggregations(self) -> list[str]:
        """For Arrow's `aggregate`."""
        if self.of_lists:
            return [f'({quote(name)}, "list")' for name in self.inputs]
        if not self.inputs:
            return ['([], "count_all")']
        return [f"({quote(self.inputs[0])}, {_FUNCS[self.measure.func]})"]

    def names(self) -> list[str]:
        """Of the columns that `aggregations` gives."""
        return [self.measure.name, f"{self.measure.name} "][: max(len(self.inputs), 1)]


def aggregate(body: Body, node: p.Aggregate, keys: list[str]) -> None:
    """`keys` are the columns that hold the node's keys, one each."""
    figures = [_figure(body, m, node) for m in node.measures]
    if not keys:
        _over_everything(body, figures)
        return
    _grouped(body, keys, [a for f in figures for a in f.aggregations()])
    names = [*(k.name for k in node.keys), *(n for f in figures for n in f.names())]
    body.step("rename_columns", quoted(names))
    lists = [f for f in figures if f.of_lists]
    for figure in lists:
        name = quote(figure.measure.name)
        at = f"{body.rows}.column_names.index({name})"
        value = figure.of(*(f"{body.rows}[{quote(n)}]" for n in figure.names()))
        body.step("set_column", at, name, value)
    if any(len(f.inputs) > 1 for f in lists):
        body.step(
            "select", quoted([*(k.name for k in node.keys), *(m.name for m in node.measures)])
        )


def _figure(body: Body, m: p.Measure, node: p.Aggregate) -> _Figure:
    """Adds the columns that the measure is taken of."""
    if m.of is None and m.where is None:
        return _Figure(m, ())
    double = m.func in _PAIRS
    cast = WIDE if is_wide(m, node) else DOUBLE if double else ""
    of = p.Lit(1) if m.of is None else m.of
    expressions = [(of, m.name), *([(m.other, f"{m.name} ")] if m.other is not None else [])]
    inputs = []
    for expr, wish in expressions:
        if m.where is None:
            inputs.append(body.input(wish, expr, node.source, cast))
        else:
            inputs.append(_where(body, wish, expr, m.where, node.source, cast))
    return _Figure(m, tuple(inputs))


def _where(
    body: Body, wish: str, expr: p.Expr, where: p.Predicate, source: p.Node, cast: str
) -> str:
    """Adds the values of the rows that pass, NULL in the others."""
    over, below = RayExpressions.over(source), columns_of(source)
    value = over.cast(expr, cast) if cast else over.doc(expr)
    while wish in below:
        wish += " "
    body.add_column(wish, call("pc.if_else", over.predicate(positive(where)), value, "None"))
    return wish


def _grouped(body: Body, keys: list[str], aggregations: list[str]) -> None:
    """Arrow gives the keys first, then the aggregations."""
    rows, totals = body.rows, body.fresh("totals")
    by = call(f"{rows}.group_by", quoted(keys), *(["use_threads=False"] if not keys else []))
    head = f"{flat(by)}.aggregate("
    if len(f"    {totals} = {head}[") > WIDTH:
        body.let(totals, by)
        head = f"{totals}.aggregate("
    body.let(totals, Bracketed(head, (listed(aggregations),)))


def _over_everything(body: Body, figures: list[_Figure]) -> None:
    """One row. Arrow makes lists per group only: here the whole column is one."""
    rows = body.rows
    lists = [
        (f.measure.name, f.of(*(f"listed({rows}[{quote(n)}])" for n in f.inputs)))
        for f in figures
        if f.of_lists
    ]
    others = [f for f in figures if not f.of_lists]
    if not others:
        body.let(body.fresh("totals"), call("pa.table", mapped([(quote(n), v) for n, v in lists])))
        return
    _grouped(body, [], [a for f in others for a in f.aggregations()])
    body.step("rename_columns", quoted([f.measure.name for f in others]))
    for name, value in lists:
        body.step("append_column", quote(name), value)
    names = [f.measure.name for f in figures]
    if names != [*(f.measure.name for f in others), *(n for n, _ in lists)]:
        body.step("select", quoted(names))
