"""The plan's nodes above its tables, as Arrow statements inside one remote function."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, leaves_64_bits
from services.codegen.planner.render.imports import names_in
from services.codegen.planner.render.layout import (
    WIDTH,
    Doc,
    Text,
    call,
    flat,
    listed,
    mapped,
    parsed,
    statement,
)
from services.codegen.planner.render.normal import conjuncts, positive, ties
from services.codegen.planner.render.program import Names
from services.codegen.planner.render.ray_expr import RayExpressions
from services.codegen.planner.render.text import quote

_WITH_COLUMN = '''\
def with_column(table: pa.Table, name: str, value: pc.Expression) -> pa.Table:
    """The table with one more column."""
    columns = {column: pc.field(column) for column in table.column_names}
    return ds.dataset(table).to_table({**columns, name: value})'''

_RATIO = '''\
def ratio(top: pc.Expression, bottom: pc.Expression) -> pc.Expression:
    """A quotient in floating point; NULL where the divisor is zero."""
    return top.cast(pa.float64()) / pc.if_else(bottom != 0, bottom, None)'''

_MEDIAN = '''\
def median(groups: pa.ChunkedArray) -> pa.Array:
    """The exact median of each list, NULL for a list without values."""
    return pa.array([pc.quantile(group.values)[0].as_py() for group in groups], pa.float64())'''

_FUNCS = {
    p.Func.COUNT: "count",
    p.Func.COUNT_DISTINCT: "count_distinct",
    p.Func.SUM: "sum",
    p.Func.AVG: "mean",
    p.Func.MIN: "min",
    p.Func.MAX: "max",
    p.Func.MEDIAN: "list",
    p.Func.STDDEV: "stddev",
}


def step_helpers(functions: Sequence[Sequence[str]]) -> list[list[str]]:
    """The helper functions that these functions call."""
    used = names_in(functions)
    named = {"with_column": _WITH_COLUMN, "ratio": _RATIO, "median": _MEDIAN}
    return [text.splitlines() for name, text in named.items() if name in used]


@dataclass
class Steps:
    """The body of one remote function."""

    names: Names
    shown: tuple[str, ...]
    variables: dict[int, str]
    lines: list[str] = field(default_factory=list)
    leaves: list[tuple[p.Node, str]] = field(default_factory=list)
    _last: tuple[str, Doc, int] | None = None

    def add(self, node: p.Node) -> str:
        """Adds the statements of `node`; the variable that holds its table."""
        match node:
            case p.Scan() | p.Compute() | p.WordCount():
                name = self.variables.get(id(node)) or self.names.fresh("rows")
                self.leaves.append((node, name))
                return name
            case p.Join():
                return self._join(node)
            case p.Filter(source, where):
                return self._filter(node, self.add(source), where)
            case p.Derive(source, name, expr):
                return self._derive(self.add(source), name, expr, source)
            case p.Aggregate():
                return self._aggregate(node)
            case p.Sort(source):
                return self._sort(node, self.add(source))
            case p.Limit(p.Sort() as sort, rows):
                return self._sort(sort, self.add(sort.source), rows)
            case p.Limit(source, rows):
                variable = self.add(source)
                return self._assign(variable, Text(f"{variable}.slice(0, {rows})"))
            case p.Project(source, columns, distinct):
                return self._project(self.add(source), columns, distinct)

    def finish(self, table: str) -> list[str]:
        """The whole body: it ends by returning `table`."""
        if not self._last or self._last[0] != table:
            return [*self.lines, f"    return {table}"]
        _, doc, length = self._last
        return [*self.lines[:-length], *statement("return ", doc)]

    def _assign(self, variable: str, doc: Doc) -> str:
        self._last = (variable, doc, len(statement(f"{variable} = ", doc)))
        self.lines += statement(f"{variable} = ", doc)
        return variable

    def _chain(self, variable: str, *docs: Doc) -> str:
        """`variable.a(…).b(…)` where it fits on a line, else one statement per call."""
        together = Text(".".join([variable, *map(flat, docs)]))
        if len(statement(f"{variable} = ", together)[0]) <= WIDTH:
            return self._assign(variable, together)
        for doc in docs:
            self._assign(variable, _method(variable, doc))
        return variable

    def _derive(self, variable: str, name: str, expr: p.Expr, source: p.Node) -> str:
        value = RayExpressions(columns_of(source)).expr(expr)
        return self._assign(variable, call("with_column", variable, quote(name), parsed(value)))

    def _filter(self, node: p.Filter, variable: str, where: p.Predicate) -> str:
        expressions = RayExpressions(columns_of(node.source))
        for test in conjuncts(positive(where)):
            self._assign(variable, call(f"{variable}.filter", expressions.predicate(test)))
        return variable

    def _join(self, node: p.Join) -> str:
        left, right = self.add(node.left), self.add(node.right)
        self._same_key_type(node, left, right)
        how = "inner" if node.how == "inner" else "left outer"
        arguments = [right, f"keys={quote(node.left_key)}", f"right_keys={quote(node.right_key)}"]
        arguments += [f"join_type={quote(how)}", "coalesce_keys=False"]
        return self._assign(self.names.fresh("joined"), call(f"{left}.join", *arguments))

    def _same_key_type(self, node: p.Join, left: str, right: str) -> None:
        """Arrow joins equal types only; numbers meet as doubles, all else as text."""
        sides = ((left, node.left, node.left_key), (right, node.right, node.right_key))
        kinds = {columns_of(source)[key].type for _, source, key in sides}
        if len(kinds) == 1:
            return
        numbers = kinds == {ColumnType.INTEGER, ColumnType.DOUBLE}
        kind = "pa.float64()" if numbers else "pa.string()"
        for variable, _, key in sides:
            value = f"pc.field({quote(key)}).cast({kind})"
            self._assign(variable, call("with_column", variable, quote(key), value))

    def _aggregate(self, node: p.Aggregate) -> str:
        rows = self.add(node.source)
        keys = [self._key(rows, k, node) for k in node.keys]
        measures = {m.name: self._measure(rows, m, node) for m in node.measures}
        medians = [m.name for m in node.measures if m.func is p.Func.MEDIAN]
        if medians and not keys:
            return self._over_everything(rows, measures, medians)
        totals = self.names.fresh("totals")
        self._grouped(totals, rows, keys, [f"({c}, {f})" for c, f in measures.values()])
        named = [quote(n) for n in (*(k.name for k in node.keys), *measures)]
        self._assign(totals, call(f"{totals}.rename_columns", listed(named)))
        for name in medians:
            at = f"{totals}.column_names.index({quote(name)})"
            value = f"median({totals}[{quote(name)}])"
            self._assign(totals, call(f"{totals}.set_column", at, quote(name), value))
        return totals

    def _grouped(self, totals: str, rows: str, keys: Sequence[str], measures: list[str]) -> None:
        by = call(f"{rows}.group_by", listed([quote(k) for k in keys]))
        head = f"{flat(by)}.aggregate"
        if len(f"    {totals} = {head}([") > WIDTH:
            self._assign(totals, by)
            head = f"{totals}.aggregate"
        self._assign(totals, call(head, listed(measures)))

    def _over_everything(
        self, rows: str, measures: dict[str, tuple[str, str]], medians: Sequence[str]
    ) -> str:
        """One row. Arrow makes lists per group only, so medians come from the whole column."""
        totals = self.names.fresh("totals")
        others = {n: m for n, m in measures.items() if n not in medians}
        values = [(n, f"pc.quantile({rows}[{measures[n][0]}])") for n in medians]
        if not others:
            pairs = [(quote(n), value) for n, value in values]
            return self._assign(totals, call("pa.table", mapped(pairs)))
        self._grouped(totals, rows, [], [f"({c}, {f})" for c, f in others.values()])
        self._assign(totals, call(f"{totals}.rename_columns", listed([quote(n) for n in others])))
        for name, value in values:
            self._assign(totals, call(f"{totals}.append_column", quote(name), value))
        if list(measures) == [*others, *medians]:
            return totals
        return self._assign(totals, call(f"{totals}.select", listed([quote(n) for n in measures])))

    def _key(self, rows: str, key: p.Key, node: p.Aggregate) -> str:
        if isinstance(key.expr, p.Col):
            return key.expr.name
        return self._input(rows, key.name, key.expr, node)

    def _measure(self, rows: str, m: p.Measure, node: p.Aggregate) -> tuple[str, str]:
        """Code of the column and of the function that Arrow aggregates it with."""
        if m.of is None:
            return "[]", '"count_all"'
        wide = leaves_64_bits(m, node)
        if isinstance(m.of, p.Col) and not wide:
            column = m.of.name
        else:
            column = self._input(rows, m.name, m.of, node, wide=wide)
        options = ", pc.VarianceOptions(ddof=1)" if m.func is p.Func.STDDEV else ""
        return quote(column), f"{quote(_FUNCS[m.func])}{options}"

    def _input(
        self, rows: str, wish: str, expr: p.Expr, node: p.Aggregate, *, wide: bool = False
    ) -> str:
        """Adds a computed column to the rows; its name."""
        below = columns_of(node.source)
        name = wish
        while name in below:
            name += " "
        value = RayExpressions(below).expr(expr)
        if wide:
            value = f"{value if isinstance(expr, p.Col) else f'({value})'}.cast(pa.decimal128(38))"
        self._assign(rows, call("with_column", rows, quote(name), parsed(value)))
        return name

    def _sort(self, node: p.Sort, variable: str, limit: int | None = None) -> str:
        keys = [
            f'({quote(k.name)}, "{"descending" if k.descending else "ascending"}")'
            for k in ties(node, self.shown, tuple(columns_of(node.source)))
        ]
        sort = call("sort_by", listed(keys))
        return self._chain(
            variable, *([sort, call("slice", f"0, {limit}")] if limit is not None else [sort])
        )

    def _project(self, variable: str, columns: tuple[str, ...], distinct: bool) -> str:
        names = listed([quote(c) for c in columns])
        if not distinct:
            return self._assign(variable, call(f"{variable}.select", names))
        grouped = call(f"{variable}.group_by", names, "use_threads=False")
        if len(flat(grouped)) + len(variable) + 25 <= WIDTH:
            return self._assign(variable, Text(f"{flat(grouped)}.aggregate([])"))
        self._assign(variable, call(f"{variable}.select", names))
        unique = f"{variable}.group_by({variable}.column_names, use_threads=False).aggregate([])"
        return self._assign(variable, Text(unique))


def _method(variable: str, doc: Doc) -> Doc:
    assert not isinstance(doc, Text)
    return type(doc)(**{**doc.__dict__, "head": f"{variable}.{doc.__dict__['head']}"})
