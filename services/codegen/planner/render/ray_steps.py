"""The plan's nodes as Arrow statements of one function over rows that lie together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, common
from services.codegen.planner.render.layout import (
    WIDTH,
    Bracketed,
    Doc,
    Text,
    call,
    flat,
    keyword,
    listed,
    statement,
)
from services.codegen.planner.render.normal import conjuncts, positive
from services.codegen.planner.render.program import Names
from services.codegen.planner.render.ray_expr import RayExpressions
from services.codegen.planner.render.ray_types import DOUBLE, TYPES, kinds_of
from services.codegen.planner.render.text import quote

_HOW = {
    p.How.INNER: "inner",
    p.How.LEFT: "left outer",
    p.How.SEMI: "left semi",
    p.How.ANTI: "left anti",
}


@dataclass
class Body:
    """The statements of one function so far; `rows` is the variable with its rows."""

    names: Names
    rows: str
    steps: list[tuple[str, Doc]] = field(default_factory=list)

    def let(self, variable: str, doc: Doc | str) -> None:
        """`variable = doc`."""
        self.steps.append((variable, Text(doc) if isinstance(doc, str) else doc))

    def step(self, method: str, *items: Doc | str) -> None:
        """`rows = rows.method(items)`."""
        self.let(self.rows, call(f"{self.rows}.{method}", *items))

    def chain(self, first: Bracketed, then: Bracketed) -> None:
        """`rows.first(…).then(…)` where it fits on a line, else two statements."""
        both = f"{self.rows}.{flat(first)}.{flat(then)}"
        if len(statement(f"{self.rows} = ", Text(both))[0]) <= WIDTH:
            self.let(self.rows, both)
            return
        for doc in (first, then):
            self.let(self.rows, Bracketed(f"{self.rows}.{doc.head}", doc.items))

    def add_column(self, name: str, value: Doc) -> None:
        """One more column, or another value of one."""
        self.let(self.rows, call("with_column", self.rows, quote(name), value))

    def fresh(self, wish: str) -> str:
        """From here on the rows have another name, which tells what they are."""
        self.rows = self.names.fresh(wish)
        return self.rows

    def input(self, wish: str, expr: p.Expr, source: p.Node, cast: str = "") -> str:
        """The column of `source` that holds `expr`; a new one unless it is a column already."""
        if isinstance(expr, p.Col) and not cast:
            return expr.name
        below, name = columns_of(source), wish
        while name in below:
            name += " "
        over = RayExpressions.over(source)
        self.add_column(name, over.cast(expr, cast) if cast else over.doc(expr))
        return name

    def lines(self) -> list[str]:
        """The whole body: it ends by returning the rows."""
        steps = [line for variable, doc in self.steps[:-1] for line in _assigned(variable, doc)]
        if not self.steps or self.steps[-1][0] != self.rows:
            last = [line for step in self.steps[-1:] for line in _assigned(*step)]
            return [*steps, *last, f"    return {self.rows}"]
        return [*steps, *statement("return ", self.steps[-1][1])]


def _assigned(variable: str, doc: Doc) -> list[str]:
    return statement(f"{variable} = ", doc)


def quoted(names: Sequence[str]) -> Bracketed:
    """A list of texts."""
    return listed([quote(name) for name in names])


def derive(body: Body, node: p.Derive) -> None:
    body.add_column(node.name, RayExpressions.over(node.source).doc(node.expr))


def keep(body: Body, node: p.Filter) -> None:
    expressions = RayExpressions.over(node.source)
    for test in conjuncts(positive(node.where)):
        body.step("filter", expressions.predicate(test))


def sort(body: Body, keys: Sequence[p.SortKey], limit: int | None = None) -> None:
    """`keys` order the rows totally; missing values come last."""
    order = [f'({quote(k.name)}, "{"descending" if k.descending else "ascending"}")' for k in keys]
    by = call("sort_by", listed(order))
    if limit is None:
        body.step("sort_by", *by.items)
    else:
        body.chain(by, call("slice", "0", str(limit)))


def project(body: Body, columns: Sequence[str], names: Sequence[str]) -> None:
    body.step("select", quoted(columns))
    if names and tuple(names) != tuple(columns):
        body.step("rename_columns", quoted(names))


def distinct(body: Body, columns: Sequence[str]) -> None:
    """The rows without repetition, in the order in which they first come."""
    by = call("group_by", quoted(columns), "use_threads=False")
    body.chain(by, call("aggregate", "[]"))


def join(body: Body, node: p.Join, right: str, *, swapped: bool) -> None:
    """`right` is the variable of the whole right side; `swapped`: of the left one."""
    if node.how is p.How.CROSS:
        body.let(body.rows, call("beside", body.rows, right))
        return
    sides = (node.right, node.left) if swapped else (node.left, node.right)
    pairs = [pair[::-1] if swapped else pair for pair in node.pairs]
    keys = [_same_type(body, right, sides, pair) for pair in pairs]
    lefts, rights = zip(*keys, strict=True)
    arguments = [keyword("keys", _keys(lefts)), keyword("right_keys", _keys(rights))]
    arguments.append(keyword("join_type", quote(_HOW[node.how])))
    if node.how in (p.How.INNER, p.How.LEFT):
        arguments.append(keyword("coalesce_keys", "False"))
    rows = body.rows
    body.let(body.fresh("joined"), call(f"{rows}.join", right, *arguments))


def _keys(names: Sequence[str]) -> Doc | str:
    return quote(names[0]) if len(names) == 1 else quoted(names)


def _same_type(
    body: Body, right: str, sides: tuple[p.Node, p.Node], pair: tuple[str, str]
) -> tuple[str, str]:
    """The columns to join by: Arrow joins equal types only.

    Numbers meet as doubles, dates and times as times, all else as text.
    """
    columns = [columns_of(side)[key] for side, key in zip(sides, pair, strict=True)]
    kinds = [kinds_of(side)[key] for side, key in zip(sides, pair, strict=True)]
    if kinds[0] == kinds[1]:
        return pair
    meeting = TYPES[common(columns).type] if columns[0].type != columns[1].type else DOUBLE
    names = []
    for variable, key, kind in zip((body.rows, right), pair, kinds, strict=True):
        names.append(key if kind == meeting else f"{key} ")
        if kind != meeting:
            value = f"pc.field({quote(key)}).cast({meeting})"
            body.let(variable, call("with_column", variable, quote(names[-1]), value))
    return names[0], names[1]
