"""Expressions and predicates as PySpark columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import (
    LONG,
    Columns,
    column_of,
    is_days,
    meet_as_text,
)
from services.codegen.planner.render.layout import Bracketed, Doc, Operands, Text, call, flat
from services.codegen.planner.render.normal import positive
from services.codegen.planner.render.text import literal, quote

TYPES = {
    ColumnType.INTEGER: "bigint",
    ColumnType.DOUBLE: "double",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp_ntz",
    ColumnType.STRING: "string",
}
_MATCH = {
    p.TextMatch.CONTAINS: "contains",
    p.TextMatch.STARTS: "startswith",
    p.TextMatch.ENDS: "endswith",
}
_OPS = {p.CompareOp.EQ: "==", p.CompareOp.NE: "!="}
_PARTS = {
    p.Unit.YEAR: "year",
    p.Unit.MONTH_OF_YEAR: "month",
    p.Unit.QUARTER_OF_YEAR: "quarter",
    p.Unit.WEEK_OF_YEAR: "weekofyear",
    p.Unit.HOUR_OF_DAY: "hour",
}


def reference(name: str) -> str:
    """A column name as a string literal that Spark does not take apart at dots."""
    return quote(dotless(name))


def dotless(name: str) -> str:
    """A column name as Spark reads it whole."""
    plain = "." not in name and "`" not in name
    return name if plain else "`" + name.replace("`", "``") + "`"


def ordered(key: p.SortKey) -> str:
    """One key of an order; missing values come last."""
    return f"F.{'desc' if key.descending else 'asc'}_nulls_last({reference(key.name)})"


@dataclass(frozen=True)
class SparkExpressions:
    """Over the columns of one node. `known`: variables that hold an expression, by its identity."""

    columns: Columns
    known: Mapping[int, str] = field(default_factory=dict)

    def type_of(self, expr: p.Expr) -> ColumnType:
        return column_of(expr, self.columns).type

    def expr(self, expr: p.Expr) -> str:
        """A Column; for a literal too."""
        if id(expr) in self.known:
            return self.known[id(expr)]
        match expr:
            case p.Col(name):
                return f"F.col({reference(name)})"
            case p.Lit(value):
                return self._column_literal(value)
            case p.Bucket(unit, of):
                return self._bucket(unit, of)
            case p.Arith():
                return flat(self.arith(expr))
            case p.Call(fn, of):
                return self._call(fn, of)
            case p.Case():
                return ".".join(map(flat, self.case(expr)))

    def named(self, expr: p.Expr, name: str) -> Doc:
        """A Column under `name`."""
        column = self.whole(expr)
        return Text(column) if expr == p.Col(name) else call(f"{column}.alias", quote(name))

    def predicate(self, where: p.Predicate) -> Doc:
        """A boolean Column, with parentheses where `&` and `|` bind closer."""
        match where:
            case p.AllOf(of):
                return Operands("&", tuple(self._operand(w) for w in of))
            case p.AnyOf(of):
                return Operands("|", tuple(self._operand(w) for w in of))
            case p.Not(p.IsNull(of)):
                return Text(f"{self.whole(of)}.isNotNull()")
            case p.Not(of):
                return _negated(self.predicate(of))
            case p.IsNull(of):
                return Text(f"{self.whole(of)}.isNull()")
            case p.Match(how, of, text):
                return call(f"{self._lower(of)}.{_MATCH[how]}", quote(text.lower()))
            case p.OneOf(of, values, fold):
                return self._one_of(of, values, fold)
            case p.Between(of, low, high, half_open):
                return self._between(of, low, high, half_open)
            case p.Compare(op, left, right, fold):
                return Operands(_OPS.get(op, op.value), self._compared(left, right, fold))

    def _operand(self, where: p.Predicate) -> Doc:
        doc = self.predicate(where)
        # `&` and `|` side by side read wrongly without parentheses, whatever binds closer.
        return Bracketed("(", (doc,)) if isinstance(doc, Operands) else doc

    def _compared(self, left: p.Expr, right: p.Expr, fold: bool) -> tuple[Doc, Doc]:
        folded = fold and self.type_of(left) is ColumnType.STRING
        column = self._lower(left) if folded else self.expr(left)
        if isinstance(right, p.Lit):
            other = self._operand_literal(right.value, self.type_of(left), folded)
        else:
            other = self._lower(right) if folded else self.expr(right)
        as_text = meet_as_text(*(column_of(e, self.columns) for e in (left, right)))
        if as_text and not folded and not isinstance(right, p.Lit):
            column, other = self.text(left), self.text(right)
        return Text(column), Text(other)

    def _between(self, of: p.Expr, low: p.Lit, high: p.Lit, half_open: bool) -> Doc:
        kind, column = self.type_of(of), self.whole(of)
        first, last = (self._operand_literal(v.value, kind) for v in (low, high))
        if half_open:
            return Operands("&", (Text(f"({column} >= {first})"), Text(f"({column} < {last})")))
        return call(f"{column}.between", first, last)

    def _one_of(self, of: p.Expr, values: tuple[p.Lit, ...], fold: bool) -> Doc:
        kind = self.type_of(of)
        folded = fold and kind is ColumnType.STRING
        column = self._lower(of) if folded else self.whole(of)
        return call(
            f"{column}.isin", *(self._operand_literal(v.value, kind, folded) for v in values)
        )

    def text(self, expr: p.Expr) -> str:
        """The Column as text."""
        if self.type_of(expr) is ColumnType.STRING:
            return self.expr(expr)
        return f'{self.whole(expr)}.cast("string")'

    def _lower(self, expr: p.Expr) -> str:
        return f"F.lower({self.text(expr)})"

    def _operand_literal(self, value: p.Scalar, kind: ColumnType, fold: bool = False) -> str:
        """A literal as the other side of an operator, where Python values will do."""
        if kind is ColumnType.STRING:
            text = value if isinstance(value, str) else str(value)
            return quote(text.lower() if fold else text)
        # `== True` is what linters take for a mistake.
        column = isinstance(value, datetime | bool)
        return self._column_literal(value) if column else literal(value)

    def _column_literal(self, value: p.Scalar) -> str:
        if isinstance(value, datetime):
            # A datetime would become a moment in the session's time zone.
            return f'F.lit({quote(value.isoformat(" "))}).cast("timestamp_ntz")'
        return f"F.lit({literal(value)})"

    def _bucket(self, unit: p.Unit, of: p.Expr) -> str:
        column = self.expr(of)
        if unit in _PARTS:
            return f"F.{_PARTS[unit]}({column})"
        timestamp = self.type_of(of) is ColumnType.TIMESTAMP
        day = f'{column}.cast("date")' if timestamp else column
        if unit is p.Unit.DAY_OF_WEEK:
            return f"(F.weekday({day}) + 1)"
        return day if unit is p.Unit.DAY else f"F.trunc({day}, {quote(unit.value)})"

    def infix(self, expr: p.Expr) -> bool:
        """True for an expression that is written with an operator."""
        if not isinstance(expr, p.Arith) or id(expr) in self.known:
            return False
        days = is_days(expr.op, column_of(expr.left, self.columns))
        return expr.op is not p.ArithOp.DIVIDE and not days

    def arith(self, expr: p.Arith) -> Doc:
        """The call or the operation."""
        left, right = expr.left, expr.right
        if expr.op is p.ArithOp.DIVIDE:
            return call("F.try_divide", self._divided(left), self._divided(right))
        if not self.infix(expr):
            return call("F.date_diff", self._day(left), self._day(right))
        first, second = self._term(left), self._term(right)
        if isinstance(left, p.Lit) and isinstance(right, p.Lit):
            first = self.expr(left)
        return Operands(expr.op.value, (Text(first), Text(second)))

    def case(self, case: p.Case) -> list[Bracketed]:
        """`F.when(…)`, then `when(…)` for each further branch, then `otherwise(…)`."""
        kind = self.type_of(case)
        calls = [
            call("when", self.predicate(positive(test)), self._branch(value, kind))
            for test, value in case.branches
        ]
        calls[0] = Bracketed("F.when(", calls[0].items)
        if case.otherwise is not None:
            calls.append(call("otherwise", self._branch(case.otherwise, kind)))
        return calls

    def _branch(self, value: p.Expr, kind: ColumnType) -> str:
        if isinstance(value, p.Lit):
            return self._operand_literal(value.value, kind)
        return self.text(value) if kind is ColumnType.STRING else self.expr(value)

    def _call(self, fn: p.Fn, of: p.Expr) -> str:
        match fn:
            case p.Fn.ABS:
                return f"F.abs({self.expr(of)})"
            case p.Fn.LENGTH:
                return f"F.length({self.text(of)})"
            case p.Fn.LOWER:
                return self._lower(of)
            case p.Fn.FLOOR:
                return f'F.floor({self.expr(of)}).cast("double")'
            case p.Fn.NUMBER:
                return f'first_number({self.text(of)}, "double")'

    def _divided(self, expr: p.Expr) -> str:
        column = column_of(expr, self.columns)
        if column.type is ColumnType.INTEGER and column.bound >= LONG:
            # The sum is a decimal: a quotient of it would have 6 digits after the point.
            return f'{self.whole(expr)}.cast("double")'
        return self.expr(expr)

    def _day(self, expr: p.Expr) -> str:
        moment = self.type_of(expr) is ColumnType.TIMESTAMP
        return f'{self.whole(expr)}.cast("date")' if moment else self.expr(expr)

    def whole(self, expr: p.Expr) -> str:
        """A Column that a method can be called on."""
        return f"({self.expr(expr)})" if self.infix(expr) else self.expr(expr)

    def _term(self, expr: p.Expr) -> str:
        if isinstance(expr, p.Lit) and not isinstance(expr.value, date):
            return literal(expr.value)
        return self.whole(expr)


def _negated(doc: Doc) -> Doc:
    if isinstance(doc, Bracketed):
        return Bracketed(f"~{doc.head}", doc.items, doc.tail, doc.literal)
    return Text(f"~{flat(doc)}" if isinstance(doc, Text) else f"~({flat(doc)})")
