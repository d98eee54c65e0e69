"""Statements of a PySpark program: named steps, and names for what is too long for one line."""

from dataclasses import dataclass, field

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
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
from services.codegen.planner.render.normal import parts
from services.codegen.planner.render.program import Names
from services.codegen.planner.render.spark_expr import SparkExpressions, reference

ROOM = 56
"""Characters of an expression inside a statement; a longer one gets a name of its own."""
LONG_COLUMN = 44
"""Characters of a column inside an expression; a longer one gets a name of its own."""
NAME = 24
"""Characters of such a name, so that it makes lines shorter."""


@dataclass
class Statements:
    """The statements of main() so far."""

    names: Names
    lines: list[str] = field(default_factory=list)

    def assign(self, variable: str, doc: Doc) -> str:
        """`variable = doc`; the variable."""
        self.lines += statement(f"{variable} = ", doc)
        return variable

    def fits(self, variable: str, doc: Doc) -> bool:
        """True when `variable = doc` is one line."""
        return len(f"    {variable} = {flat(doc)}") <= WIDTH

    def step(self, variable: str, method: str, *items: Doc | str) -> str:
        """`variable = variable.method(items)`."""
        return self.assign(variable, call(f"{variable}.{method}", *items))

    def chain(self, variable: str, base: str, first: Bracketed, then: Bracketed) -> str:
        """`base.first(…).then(…)` where it fits on a line, else in two statements."""
        both = Text(f"{base}.{flat(first)}.{flat(then)}")
        if self.fits(variable, both):
            return self.assign(variable, both)
        head = f"{base}.{flat(first)}.{then.head}"
        if len(f"    {variable} = {head}") <= WIDTH and len(then.items) and then.head == "agg(":
            return self.assign(variable, Bracketed(head, then.items))
        self.assign(variable, call(f"{base}.{first.head[:-1]}", *first.items))
        return self.assign(variable, call(f"{variable}.{then.head[:-1]}", *then.items))

    def over(
        self, source: p.Node, *used: p.Expr | p.Predicate | None, wish: str = "value"
    ) -> SparkExpressions:
        """Expressions over the columns of `source`; the long ones in `used` are given names."""
        known: dict[int, str] = {}
        expressions = SparkExpressions(columns_of(source), known)
        for part in used:
            for expr in reversed(list(parts(part)) if part is not None else []):
                if expr is not part or not isinstance(expr, p.Col):
                    self._name(expr, wish, expressions, known)
        return expressions

    def _name(
        self, expr: p.Expr, wish: str, expressions: SparkExpressions, known: dict[int, str]
    ) -> None:
        """Gives `expr` a name when it is too long to stand inside another expression."""
        length = len(expressions.expr(expr))
        match expr:
            case p.Col(name) if length > LONG_COLUMN:
                known[id(expr)] = self.assign(self.fresh(name), call("F.col", reference(name)))
            case p.Case() if length > ROOM:
                known[id(expr)] = self.when(self.fresh(wish), expressions.case(expr))
            case p.Arith() if length > ROOM and expressions.infix(expr):
                known[id(expr)] = self._operation(expr, self.fresh(wish), expressions, known)

    def _operation(
        self, expr: p.Arith, name: str, expressions: SparkExpressions, known: dict[int, str]
    ) -> str:
        """`name = a + b`; a side gets a name where the line would be too long."""
        for side in (expr.left, expr.right):
            if not isinstance(side, p.Lit) and not self.fits(name, expressions.arith(expr)):
                code = expressions.expr(side)
                if not code.isidentifier():
                    known[id(side)] = self.assign(self.fresh(name), parsed(code))
        return self.assign(name, expressions.arith(expr))

    def fresh(self, wish: str) -> str:
        """A short variable name."""
        return self.names.fresh(wish[:NAME])

    def when(self, name: str, branches: list[Bracketed]) -> str:
        """`name = F.when(…).otherwise(…)` where it fits on a line, else a statement per branch."""
        together = Text(".".join(map(flat, branches)))
        if self.fits(name, together):
            return self.assign(name, together)
        first, *rest = branches
        self.assign(name, first)
        for branch in rest:
            self.step(name, branch.head[:-1], *branch.items)
        return name
