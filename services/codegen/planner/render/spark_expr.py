"""Expressions and predicates as PySpark columns."""

from dataclasses import dataclass
from datetime import date, datetime

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import Columns, column_of
from services.codegen.planner.render.layout import Bracketed, Doc, Operands, Text, call, flat
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
    plain = "." not in name and "`" not in name
    return quote(name if plain else "`" + name.replace("`", "``") + "`")


@dataclass(frozen=True)
class SparkExpressions:
    """Over the columns of one node."""

    columns: Columns

    def type_of(self, expr: p.Expr) -> ColumnType:
        return column_of(expr, self.columns).type

    def expr(self, expr: p.Expr) -> str:
        """A Column; for a literal too."""
        match expr:
            case p.Col(name):
                return f"F.col({reference(name)})"
            case p.Lit(value):
                return self._column_literal(value)
            case p.Bucket(unit, of):
                return self._bucket(unit, of)
            case p.Arith(op, left, right):
                return self._arith(op, left, right)

    def named(self, expr: p.Expr, name: str) -> str:
        """A Column under `name`."""
        column = self.expr(expr)
        return column if expr == p.Col(name) else f"{column}.alias({quote(name)})"

    def predicate(self, where: p.Predicate) -> Doc:
        """A boolean Column, with parentheses where `&` and `|` bind closer."""
        match where:
            case p.AllOf(of):
                return Operands("&", tuple(self._operand(w) for w in of))
            case p.AnyOf(of):
                return Operands("|", tuple(self._operand(w) for w in of))
            case p.Not(p.IsNull(of)):
                return Text(f"{self.expr(of)}.isNotNull()")
            case p.Not(of):
                inner = self.predicate(of)
                assert isinstance(inner, Bracketed | Text)
                return _negated(inner)
            case p.IsNull(of):
                return Text(f"{self.expr(of)}.isNull()")
            case p.Match(how, of, text):
                return call(f"{self._lower(of)}.{_MATCH[how]}", quote(text.lower()))
            case p.OneOf(of, values, fold):
                return self._one_of(of, values, fold)
            case p.Between(of, low, high, half_open):
                return self._between(of, low, high, half_open)
            case p.Compare(op, left, right, fold):
                return Text(self._compare(op, left, right, fold))

    def _operand(self, where: p.Predicate) -> Doc:
        doc = self.predicate(where)
        if isinstance(where, p.Compare):
            return Text(f"({flat(doc)})")
        # `&` and `|` side by side read wrongly without parentheses, whatever binds closer.
        return Bracketed("(", (doc,)) if isinstance(doc, Operands) else doc

    def _compare(self, op: p.CompareOp, left: p.Expr, right: p.Expr, fold: bool) -> str:
        folded = fold and self.type_of(left) is ColumnType.STRING
        column = self._lower(left) if folded else self.expr(left)
        if isinstance(right, p.Lit):
            other = self._operand_literal(right.value, self.type_of(left), folded)
        else:
            other = self._lower(right) if folded else self.expr(right)
        return f"{column} {_OPS.get(op, op.value)} {other}"

    def _between(self, of: p.Expr, low: p.Lit, high: p.Lit, half_open: bool) -> Doc:
        kind, column = self.type_of(of), self.expr(of)
        first, last = (self._operand_literal(v.value, kind) for v in (low, high))
        if half_open:
            return Operands("&", (Text(f"({column} >= {first})"), Text(f"({column} < {last})")))
        return call(f"{column}.between", first, last)

    def _one_of(self, of: p.Expr, values: tuple[p.Lit, ...], fold: bool) -> Doc:
        kind = self.type_of(of)
        folded = fold and kind is ColumnType.STRING
        column = self._lower(of) if folded else self.expr(of)
        return call(
            f"{column}.isin", *(self._operand_literal(v.value, kind, folded) for v in values)
        )

    def _lower(self, expr: p.Expr) -> str:
        column = self.expr(expr)
        if self.type_of(expr) is not ColumnType.STRING:
            column = f'{column}.cast("string")'
        return f"F.lower({column})"

    def _operand_literal(self, value: p.Scalar, kind: ColumnType, fold: bool = False) -> str:
        """A literal as the other side of an operator, where Python values will do."""
        if kind is ColumnType.STRING:
            text = value if isinstance(value, str) else str(value)
            return quote(text.lower() if fold else text)
        return self._column_literal(value) if isinstance(value, datetime) else literal(value)

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

    def _arith(self, op: p.ArithOp, left: p.Expr, right: p.Expr) -> str:
        if op is p.ArithOp.DIVIDE:
            return f"F.try_divide({self.expr(left)}, {self.expr(right)})"
        if op is p.ArithOp.SUBTRACT and self.type_of(left) is ColumnType.DATE:
            return f"F.date_diff({self.expr(left)}, {self.expr(right)})"
        first, second = self._term(left), self._term(right)
        if isinstance(left, p.Lit) and isinstance(right, p.Lit):
            first = self.expr(left)
        return f"{first} {op.value} {second}"

    def _term(self, expr: p.Expr) -> str:
        if isinstance(expr, p.Lit) and not isinstance(expr.value, date):
            return literal(expr.value)
        code = self.expr(expr)
        infix = isinstance(expr, p.Arith) and not code.startswith("F.try_divide(")
        return f"({code})" if infix else code


def _negated(doc: Bracketed | Text) -> Doc:
    if isinstance(doc, Text):
        return Text(f"~{doc.code}")
    return Bracketed(f"~{doc.head}", doc.items, doc.tail, doc.literal)
