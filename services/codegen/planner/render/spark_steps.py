"""One statement or few per plan node, in PySpark."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, common, meet_as_text
from services.codegen.planner.render.layout import (
    Doc,
    Operands,
    Text,
    call,
    keyword,
    listed,
    parsed,
)
from services.codegen.planner.render.normal import (
    children,
    conjuncts,
    needed,
    positive,
    scans,
    ties,
)
from services.codegen.planner.render.spark_expr import TYPES, SparkExpressions, ordered, reference
from services.codegen.planner.render.spark_measures import measure
from services.codegen.planner.render.spark_read import read
from services.codegen.planner.render.spark_statements import Statements
from services.codegen.planner.render.spark_tasks import task
from services.codegen.planner.render.spark_windows import window
from services.codegen.planner.render.text import quote

_WORD = r"[\p{L}\p{N}]+('[\p{L}\p{N}]+)*"
"""Letters and digits, with apostrophes inside."""
SMALL = 10_000_000
"""Bytes of files up to which one side of a join is sent whole to every executor."""
_HOW: Mapping[p.How, str] = {p.How.SEMI: "left_semi", p.How.ANTI: "left_anti"}
_SETS: Mapping[p.SetOp, tuple[str, str]] = {
    p.SetOp.UNION: ("either", "union"),
    p.SetOp.UNION_ALL: ("together", "union"),
    p.SetOp.INTERSECT: ("both", "intersect"),
    p.SetOp.EXCEPT: ("remaining", "subtract"),
}


@dataclass
class Steps(Statements):
    """The statements of main(), with what they need outside of it."""

    variables: Mapping[int, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    long: Mapping[str, str] = field(default_factory=dict)
    """Constants for names of columns in files, by name."""
    spine: frozenset[int] = frozenset()
    """Nodes whose rows lead to the answer alone: these may be called `result`."""
    sparing: bool = False
    extras: list[str] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)

    def node(self, node: p.Node, above: tuple[str, ...]) -> str:
        """Adds the statements of `node`; the variable that holds it.

        `above`: the columns that matter to what stands above it.
        """
        below = needed(node, above)
        match node:
            case p.Scan(table):
                variable = self.variables[id(node)]
                self.lines += read(node, variable, self.constants[table.uri], self.long)
                return variable
            case p.Join():
                return self._join(node, below)
            case p.SetOperation():
                return self._set(node, below)
            case p.Compute():
                return self._compute(node)
            case p.Aggregate():
                return self._aggregate(node, self.node(node.source, below[0]))
            case p.Limit(p.Sort() as sort, rows):
                return self._sort(sort, self.node(sort.source, needed(sort, above)[0]), above, rows)
            case _:
                return self._onwards(node, self.node(node.source, below[0]), above, below[0])

    def _onwards(
        self,
        node: p.Filter | p.Derive | p.Window | p.Sort | p.Limit | p.Project | p.WordCount,
        variable: str,
        above: tuple[str, ...],
        below: tuple[str, ...],
    ) -> str:
        """A step on the rows in `variable`."""
        match node:
            case p.Filter():
                return self._filter(node, variable)
            case p.Derive(source, name, expr):
                value = self.over(source, expr, wish=name).expr(expr)
                return self.step(variable, "withColumn", quote(name), parsed(value))
            case p.Window():
                return window(self, node, variable, below)
            case p.Sort():
                return self._sort(node, variable, above)
            case p.Limit(_, rows):
                return self.step(variable, "limit", str(rows))
            case p.Project():
                return self._project(node, variable)
            case p.WordCount():
                return self._words(node, variable)

    def _join(self, node: p.Join, below: tuple[tuple[str, ...], ...]) -> str:
        left, right = (self.node(s, b) for s, b in zip(children(node), below, strict=True))
        joined = self.names.fresh("joined")
        if node.how is p.How.CROSS:
            return self.assign(joined, Text(f"{left}.crossJoin({right})"))
        if self.sparing:
            pass  # Spark then cuts both sides into parts.
        elif _small(node.right):
            right = f"F.broadcast({right})"
        elif node.how is p.How.INNER and _small(node.left):
            left = f"F.broadcast({left})"
        tests = [_equal(node, pair) for pair in node.pairs]
        on = tests[0] if len(tests) == 1 else listed(tests)
        how = keyword("how", quote(_HOW.get(node.how) or node.how))
        return self.assign(joined, call(f"{left}.join", right, on, how))

    def _set(self, node: p.SetOperation, below: tuple[tuple[str, ...], ...]) -> str:
        left, right = (self.node(s, b) for s, b in zip(children(node), below, strict=True))
        sides = tuple(columns_of(side) for side in children(node))
        for variable, side in zip((left, right), sides, strict=True):
            for name, *pair in zip(side, *(s.values() for s in sides), strict=True):
                kind = common(pair).type
                if meet_as_text(*pair) and side[name].type is not kind:
                    text = f"F.col({reference(name)}).cast({quote(TYPES[kind])})"
                    self.step(variable, "withColumn", quote(name), text)
        wish, method = _SETS[node.op]
        result = self.names.fresh(wish)
        distinct = ".distinct()" if node.op is p.SetOp.UNION else ""
        return self.assign(result, Text(f"{left}.{method}({right}){distinct}"))

    def _filter(self, node: p.Filter, variable: str) -> str:
        for test in conjuncts(positive(node.where)):
            over = self.over(node.source, test)
            self.step(variable, "filter", over.predicate(test))
        return variable

    def _aggregate(self, node: p.Aggregate, below: str) -> str:
        expressions = self.over(node.source, *(k.expr for k in node.keys), wish="key")
        keys = _keys(node, expressions)
        measures = [measure(self, m, node) for m in node.measures]
        totals = self.names.fresh("totals")
        if not keys:
            return self.assign(totals, call(f"{below}.agg", *measures))
        if not measures:
            return self.chain(totals, below, call("select", *keys), call("distinct"))
        return self.chain(totals, below, call("groupBy", *keys), call("agg", *measures))

    def _sort(
        self, node: p.Sort, variable: str, above: tuple[str, ...], limit: int | None = None
    ) -> str:
        order = [ordered(k) for k in ties(node, above, tuple(columns_of(node.source)))]
        if limit is None:
            return self.step(variable, "orderBy", *order)
        return self.chain(variable, variable, call("orderBy", *order), call("limit", str(limit)))

    def _project(self, node: p.Project, variable: str) -> str:
        result = "result" if id(node) in self.spine else variable
        names = node.names or node.columns
        columns: list[Doc | str] = [reference(c) for c in node.columns]
        if names != node.columns:
            columns = [_renamed(c, n) for c, n in zip(node.columns, names, strict=True)]
        select = call("select", *columns)
        if node.distinct:
            return self.chain(result, variable, select, call("distinct"))
        return self.assign(result, call(f"{variable}.select", *select.items))

    def _compute(self, node: p.Compute) -> str:
        functions, lines = task(node)
        self.functions += functions
        self.lines += lines
        return "result"

    def _words(self, node: p.WordCount, below: str) -> str:
        self.extras.append(f'WORD = r"{_WORD}"')
        column = f"F.lower(F.col({reference(node.column)}))"
        self.assign("found", call("F.regexp_extract_all", column, "F.lit(WORD)", "F.lit(0)"))
        self.assign("words", Text(f'{below}.select(F.explode(found).alias("word"))'))
        self.assign("result", Text('words.groupBy("word").count()'))
        order = 'result = result.orderBy(F.desc("count"), F.asc("word"))'
        self.lines.append(f"    {order}" + (f".limit({node.top})" if node.top else ""))
        return "result"


def spine(root: p.Node) -> frozenset[int]:
    """The nodes from the root down to where rows come together, by identity."""
    found = {id(root)}
    node = root
    while len(below := children(node)) == 1:
        node = below[0]
        found.add(id(node))
    return frozenset(found)


def _small(node: p.Node) -> bool:
    sizes = [scan.table.bytes for scan in scans(node)]
    return all(sizes) and sum(sizes) < SMALL


def _equal(node: p.Join, pair: tuple[str, str]) -> Doc:
    sides = [SparkExpressions(columns_of(side)) for side in children(node)]
    keys = [p.Col(name) for name in pair]
    as_text = meet_as_text(*(s.columns[k.name] for s, k in zip(sides, keys, strict=True)))
    codes = [s.text(k) if as_text else s.expr(k) for s, k in zip(sides, keys, strict=True)]
    return Operands("==", tuple(map(Text, codes)))


def _keys(node: p.Aggregate, expressions: SparkExpressions) -> list[Doc | str]:
    """Names where all keys are columns, else Columns."""
    if all(k.expr == p.Col(k.name) for k in node.keys):
        return [reference(k.name) for k in node.keys]
    return [expressions.named(k.expr, k.name) for k in node.keys]


def _renamed(column: str, name: str) -> Doc:
    code = f"F.col({reference(column)})"
    return Text(code) if column == name else call(f"{code}.alias", quote(name))
