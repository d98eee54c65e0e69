"""Expressions and predicates as Arrow compute expressions."""

from dataclasses import dataclass

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import Columns, column_of
from services.codegen.planner.render.layout import (
    Bracketed,
    Doc,
    Operands,
    Text,
    call,
    flat,
    listed,
)
from services.codegen.planner.render.text import literal, quote

TYPES = {
    ColumnType.INTEGER: "pa.int64()",
    ColumnType.DOUBLE: "pa.float64()",
    ColumnType.BOOLEAN: "pa.bool_()",
    ColumnType.DATE: "pa.date32()",
    ColumnType.TIMESTAMP: 'pa.timestamp("us")',
    ColumnType.STRING: "pa.string()",
}
_MATCH = {
    p.TextMatch.CONTAINS: "match_substring",
    p.TextMatch.STARTS: "starts_with",
    p.TextMatch.ENDS: "ends_with",
}
_OPS = {p.CompareOp.EQ: "==", p.CompareOp.NE: "!="}
_PARTS = {
    p.Unit.YEAR: "year",
    p.Unit.MONTH_OF_YEAR: "month",
    p.Unit.QUARTER_OF_YEAR: "quarter",
    p.Unit.WEEK_OF_YEAR: "iso_week",
    p.Unit.HOUR_OF_DAY: "hour",
}


@dataclass(frozen=True)
class RayExpressions:
    """Over the columns of one node."""

    columns: Columns

    def type_of(self, expr: p.Expr) -> ColumnType:
        return column_of(expr, self.columns).type

    def expr(self, expr: p.Expr) -> str:
        """A compute expression; for a literal too."""
        match expr:
            case p.Col(name):
                return f"pc.field({quote(name)})"
            case p.Lit(value):
                return f"pc.scalar({literal(value)})"
            case p.Bucket(unit, of):
                return self._bucket(unit, of)
            case p.Arith(op, left, right):
                return self._arith(op, left, right)

    def predicate(self, where: p.Predicate) -> Doc:
        """A boolean expression, with parentheses where `&` and `|` bind closer."""
        match where:
            case p.AllOf(of):
                return Operands("&", tuple(self._operand(w) for w in of))
            case p.AnyOf(of):
                return Operands("|", tuple(self._operand(w) for w in of))
            case p.Not(p.IsNull(of)):
                return Text(f"{self.expr(of)}.is_valid()")
            case p.Not(p.OneOf(of) as one):
                # `isin` says false for NULL, where SQL says NULL: both must drop the row.
                return Operands(
                    "&", (Text(f"{self.expr(of)}.is_valid()"), _negated(self._one_of(one)))
                )
            case p.Not(of):
                return _negated(self.predicate(of))
            case p.IsNull(of):
                return Text(f"{self.expr(of)}.is_null()")
            case p.Match(how, of, text):
                return call(f"pc.{_MATCH[how]}", self._text(of), quote(text), "ignore_case=True")
            case p.OneOf():
                return self._one_of(where)
            case p.Between(of, low, high, half_open):
                return self._between(of, low, high, half_open)
            case p.Compare(op, left, right, fold):
                return Text(self._compare(op, left, right, fold))

    def _operand(self, where: p.Predicate) -> Doc:
        doc = self.predicate(where)
        if isinstance(where, p.Compare):
            return Text(f"({flat(doc)})")
        return Bracketed("(", (doc,)) if isinstance(doc, Operands) else doc

    def _compare(self, op: p.CompareOp, left: p.Expr, right: p.Expr, fold: bool) -> str:
        folded = fold and self.type_of(left) is ColumnType.STRING
        column = self._lower(left) if folded else self.expr(left)
        if isinstance(right, p.Lit):
            other = _operand_literal(right.value, self.type_of(left), folded)
        else:
            other = self._lower(right) if folded else self.expr(right)
        return f"{column} {_OPS.get(op, op.value)} {other}"

    def _between(self, of: p.Expr, low: p.Lit, high: p.Lit, half_open: bool) -> Doc:
        kind, column = self.type_of(of), self.expr(of)
        first, last = (_operand_literal(v.value, kind) for v in (low, high))
        end = "<" if half_open else "<="
        return Operands("&", (Text(f"({column} >= {first})"), Text(f"({column} {end} {last})")))

    def _one_of(self, where: p.OneOf) -> Doc:
        kind = self.type_of(where.of)
        folded = where.fold and kind is ColumnType.STRING
        column = self._lower(where.of) if folded else self.expr(where.of)
        return call(
            f"{column}.isin",
            listed([_operand_literal(v.value, kind, folded) for v in where.values]),
        )

    def _text(self, expr: p.Expr) -> str:
        code = self.expr(expr)
        return code if self.type_of(expr) is ColumnType.STRING else f"{code}.cast(pa.string())"

    def _lower(self, expr: p.Expr) -> str:
        return f"pc.utf8_lower({self._text(expr)})"

    def _bucket(self, unit: p.Unit, of: p.Expr) -> str:
        column = self.expr(of)
        if unit in _PARTS:
            return f"pc.{_PARTS[unit]}({column})"
        if unit is p.Unit.DAY_OF_WEEK:
            return f"pc.day_of_week({column}, count_from_zero=False)"
        timestamp = self.type_of(of) is ColumnType.TIMESTAMP
        if unit is p.Unit.DAY:
            floored = f'pc.floor_temporal({column}, unit="day")'
            return f"{floored}.cast(pa.date32())" if timestamp else column
        floored = f"pc.floor_temporal({column}, unit={quote(unit.value)})"
        return f"{floored}.cast(pa.date32())"

    def _arith(self, op: p.ArithOp, left: p.Expr, right: p.Expr) -> str:
        if op is p.ArithOp.DIVIDE:
            return f"ratio({self.expr(left)}, {self.expr(right)})"
        if op is p.ArithOp.SUBTRACT and self.type_of(left) is ColumnType.DATE:
            return f"pc.days_between({self.expr(right)}, {self.expr(left)})"
        first = self.expr(left) if isinstance(left, p.Lit) else self._term(left)
        return f"{first} {op.value} {self._term(right)}"

    def _term(self, expr: p.Expr) -> str:
        if isinstance(expr, p.Lit):
            return literal(expr.value)
        code = self.expr(expr)
        infix = isinstance(expr, p.Arith) and not code.startswith(("ratio(", "pc.days_between("))
        return f"({code})" if infix else code


def _operand_literal(value: p.Scalar, kind: ColumnType, fold: bool = False) -> str:
    if kind is ColumnType.STRING:
        text = value if isinstance(value, str) else str(value)
        return quote(text.lower() if fold else text)
    return literal(value)


def _negated(doc: Doc) -> Doc:
    if isinstance(doc, Bracketed):
        return Bracketed(f"~{doc.head}", doc.items, doc.tail, doc.literal)
    return Text(f"~{flat(doc)}")
