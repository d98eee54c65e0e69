"""PySpark programs: one statement per plan node."""

import textwrap
from dataclasses import dataclass, field

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, leaves_64_bits
from services.codegen.planner.render.layout import (
    WIDTH,
    Bracketed,
    Doc,
    Text,
    call,
    flat,
    parsed,
    statement,
)
from services.codegen.planner.render.normal import conjuncts, positive, scans, ties
from services.codegen.planner.render.program import Names, arguments, assemble, sources, tables
from services.codegen.planner.render.spark_expr import SparkExpressions, reference
from services.codegen.planner.render.spark_read import helpers, patterns, read, schema
from services.codegen.planner.render.spark_tasks import task
from services.codegen.planner.render.text import quote

_RESERVED = (
    "main args parser spark argparse date datetime f math sys column sparksession number "
    "to_number to_time result found word words"
)
_FUNCS = {
    p.Func.COUNT: "F.count",
    p.Func.COUNT_DISTINCT: "F.count_distinct",
    p.Func.SUM: "F.sum",
    p.Func.AVG: "F.avg",
    p.Func.MIN: "F.min",
    p.Func.MAX: "F.max",
    p.Func.MEDIAN: "F.median",
    p.Func.STDDEV: "F.stddev",
}
_WORD = r"[\p{L}\p{N}]+('[\p{L}\p{N}]+)*"
"""Letters and digits, with apostrophes inside."""


def render_spark(planned: p.Planned) -> str:
    """The program's text."""
    names = Names(_RESERVED.split())
    variables = tables(planned.root, names)
    constants = sources(planned.root, variables)
    body = _Body(names, variables, constants, tuple(columns_of(planned.root)))
    answer = body.node(planned.root)
    main = ["def main() -> None:", *arguments(planned), ""]
    main += statement(
        "spark = ", Text(f"SparkSession.builder.appName({_app(planned)}).getOrCreate()")
    )
    main += [
        "",
        *_strictly(planned.root),
        *body.lines,
        f'    {answer}.write.mode("overwrite").parquet(args.output)',
    ]
    places = [f"{constant} = {quote(uri)}" for uri, constant in constants.items()]
    schemas = {constants[s.table.uri]: s for s in scans(planned.root)}
    schemed = [schema(s, constant) for constant, s in schemas.items()]
    pieces = [
        *schemed,
        [*patterns(planned.root), *body.extras],
        *helpers(planned.root),
        *body.functions,
        main,
    ]
    return assemble(planned, [places, *pieces])


def _strictly(root: p.Node) -> list[str]:
    if all(scan.table.format == "parquet" for scan in scans(root)):
        return []
    return ["    # Cells are read as text and cast: one that does not fit its type stops the run."]


def _app(planned: p.Planned) -> str:
    text = (planned.summary or planned.question).lower()
    words = "".join(c if c.isalnum() else " " for c in text)
    # 38 characters keep the statement on one line of 100.
    return quote(textwrap.shorten(words, 38, placeholder="").replace(" ", "-") or "answer")


@dataclass
class _Body:
    """The statements of main() so far."""

    names: Names
    variables: dict[int, str]
    constants: dict[str, str]
    shown: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)

    def node(self, node: p.Node) -> str:
        """Adds the statements of `node`; the variable that holds it."""
        match node:
            case p.Scan(table):
                variable = self.variables[id(node)]
                self.lines += read(node, variable, self.constants[table.uri])
                return variable
            case p.Join():
                return self._join(node)
            case p.Filter(source, where):
                return self._filter(node, self.node(source), where)
            case p.Derive(source, name, expr):
                value = SparkExpressions(columns_of(source)).expr(expr)
                return self._step(self.node(source), "withColumn", quote(name), parsed(value))
            case p.Aggregate():
                return self._aggregate(node)
            case p.Sort(source):
                return self._sort(node, self.node(source))
            case p.Limit(p.Sort() as sort, rows):
                return self._sort(sort, self.node(sort.source), rows)
            case p.Limit(source, rows):
                return self._step(self.node(source), "limit", str(rows))
            case p.Project(source, columns, distinct):
                return self._project(self.node(source), columns, distinct)
            case p.Compute():
                return self._compute(node)
            case p.WordCount():
                return self._words(node)

    def _assign(self, variable: str, doc: Doc) -> str:
        self.lines += statement(f"{variable} = ", doc)
        return variable

    def _step(self, variable: str, method: str, *items: Doc | str) -> str:
        return self._assign(variable, call(f"{variable}.{method}", *items))

    def _chain(self, variable: str, base: str, first: Bracketed, then: Bracketed) -> str:
        """`base.first(…).then(…)` where it fits on a line, else in two statements."""
        both = Text(f"{base}.{flat(first)}.{flat(then)}")
        if len(statement(f"{variable} = ", both)[0]) <= WIDTH:
            return self._assign(variable, both)
        head = f"{base}.{flat(first)}.{then.head}"
        if len(f"    {variable} = {head}") <= WIDTH and len(then.items) and then.head == "agg(":
            return self._assign(variable, Bracketed(head, then.items))
        self._assign(variable, call(f"{base}.{first.head[:-1]}", *first.items))
        return self._assign(variable, call(f"{variable}.{then.head[:-1]}", *then.items))

    def _join(self, node: p.Join) -> str:
        left, right = self.node(node.left), self.node(node.right)
        on = f"F.col({reference(node.left_key)}) == F.col({reference(node.right_key)})"
        joined = self.names.fresh("joined")
        return self._assign(joined, call(f"{left}.join", right, on, quote(node.how)))

    def _filter(self, node: p.Filter, variable: str, where: p.Predicate) -> str:
        expressions = SparkExpressions(columns_of(node.source))
        for test in conjuncts(positive(where)):
            self._step(variable, "filter", expressions.predicate(test))
        return variable

    def _aggregate(self, node: p.Aggregate) -> str:
        below = self.node(node.source)
        expressions = SparkExpressions(columns_of(node.source))
        keys = [
            reference(k.name) if k.expr == p.Col(k.name) else expressions.named(k.expr, k.name)
            for k in node.keys
        ]
        measures = [self._measure(m, node, expressions) for m in node.measures]
        totals = self.names.fresh("totals")
        if not keys:
            return self._assign(totals, call(f"{below}.agg", *measures))
        if not measures:
            return self._assign(totals, Text(f"{below}.select({', '.join(keys)}).distinct()"))
        if any(not k.startswith(('"', "'")) for k in keys):
            keys = [k if k.startswith(("F.", "(")) else f"F.col({k})" for k in keys]
        return self._chain(totals, below, call("groupBy", *keys), call("agg", *measures))

    def _measure(self, m: p.Measure, node: p.Aggregate, expressions: SparkExpressions) -> Doc:
        if m.of is None:
            return call("F.count(F.lit(1)).alias", quote(m.name))
        of = reference(m.of.name) if isinstance(m.of, p.Col) else expressions.expr(m.of)
        if leaves_64_bits(m, node):
            column = expressions.expr(m.of)
            plain = column if isinstance(m.of, p.Col) else f"({column})"
            of = f'{plain}.cast("decimal(38,0)")'
        return call(f"{_FUNCS[m.func]}({of}).alias", quote(m.name))

    def _sort(self, node: p.Sort, variable: str, limit: int | None = None) -> str:
        keys = ties(node, self.shown, tuple(columns_of(node.source)))
        order = [
            f"F.{'desc' if k.descending else 'asc'}_nulls_last({reference(k.name)})" for k in keys
        ]
        if limit is None:
            return self._step(variable, "orderBy", *order)
        return self._chain(variable, variable, call("orderBy", *order), call("limit", str(limit)))

    def _project(self, variable: str, columns: tuple[str, ...], distinct: bool) -> str:
        result = "result"
        select = call("select", *(reference(c) for c in columns))
        if distinct:
            return self._chain(result, variable, select, call("distinct"))
        return self._assign(result, call(f"{variable}.select", *select.items))

    def _compute(self, node: p.Compute) -> str:
        functions, lines = task(node)
        self.functions += functions
        self.lines += lines
        return "result"

    def _words(self, node: p.WordCount) -> str:
        below = self.node(node.source)
        self.extras.append(f'WORD = r"{_WORD}"')
        column = f"F.lower(F.col({reference(node.column)}))"
        self._assign("found", call("F.regexp_extract_all", column, "F.lit(WORD)", "F.lit(0)"))
        self._assign("words", Text(f'{below}.select(F.explode(found).alias("word"))'))
        self._assign("result", Text('words.groupBy("word").count()'))
        order = 'result = result.orderBy(F.desc("count"), F.asc("word"))'
        self.lines.append(f"    {order}" + (f".limit({node.top})" if node.top else ""))
        return "result"
