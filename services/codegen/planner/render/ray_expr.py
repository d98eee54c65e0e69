"""Expressions and predicates as Arrow compute expressions."""

from dataclasses import dataclass

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import (
    Columns,
    column_of,
    columns_of,
    is_days,
    meet_as_text,
)
from services.codegen.planner.render.layout import (
    Bracketed,
    Doc,
    Operands,
    Text,
    call,
    flat,
    listed,
    parsed,
)
from services.codegen.planner.render.normal import positive
from services.codegen.planner.render.ray_types import DOUBLE, WIDE, Kinds, kind_of, kinds_of
from services.codegen.planner.render.text import literal, quote

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
    kinds: Kinds

    @classmethod
    def over(cls, node: p.Node) -> "RayExpressions":
        return cls(columns_of(node), kinds_of(node))

    def type_of(self, expr: p.Expr) -> ColumnType:
        return column_of(expr, self.columns).type

    def doc(self, expr: p.Expr) -> Doc:
        """A compute expression that may be broken over lines."""
        match expr:
            case p.Case():
                return self._case(expr)
            case p.Arith(op, left, right):
                return self._arith(op, left, right)
            case _:
                return parsed(self.expr(expr))

    def expr(self, expr: p.Expr) -> str:
        """A compute expression; for a literal too."""
        match expr:
            case p.Col(name):
                return f"pc.field({quote(name)})"
            case p.Lit(value):
                return f"pc.scalar({literal(value)})"
            case p.Bucket(unit, of):
                return self._bucket(unit, of)
            case p.Call(fn, of):
                return self._call(fn, of)
            case p.Arith() | p.Case():
                return flat(self.doc(expr))

    def predicate(self, where: p.Predicate) -> Doc:
        """A boolean expression, with parentheses where `&` and `|` bind closer."""
        match where:
            case p.AllOf(of):
                return Operands("&", tuple(self._operand(w) for w in of))
            case p.AnyOf(of):
                return Operands("|", tuple(self._operand(w) for w in of))
            case p.Not(p.IsNull(of)):
                return call("pc.is_valid", self.doc(of))
            case p.Not(p.OneOf(of) as one):
                # `one_of` says false for NULL, where SQL says NULL: both must drop the row.
                valid = call("pc.is_valid", self.doc(of))
                return Operands("&", (valid, _negated(self._one_of(one))))
            case p.Not(of):
                return _negated(self.predicate(of))
            case p.IsNull(of):
                return call("pc.is_null", self.doc(of))
            case p.Match(how, of, text):
                return call(f"pc.{_MATCH[how]}", self._text(of), quote(text), "ignore_case=True")
            case p.OneOf():
                return self._one_of(where)
            case p.Between(of, low, high, half_open):
                return self._between(of, low, high, half_open)
            case p.Compare(op, left, right, fold):
                return self._compare(op, left, right, fold)

    def _operand(self, where: p.Predicate) -> Doc:
        doc = self.predicate(where)
        return Bracketed("(", (doc,)) if isinstance(doc, Operands) else doc

    def _compare(self, op: p.CompareOp, left: p.Expr, right: p.Expr, fold: bool) -> Doc:
        if isinstance(right, p.Lit) and isinstance(right.value, bool):
            holds = (op is p.CompareOp.EQ) == right.value
            return Text(self.expr(left) if holds else f"~{self.expr(left)}")
        folded = fold and self.type_of(left) is ColumnType.STRING
        column: Doc = Text(self._lower(left)) if folded else self._number(left)
        if isinstance(right, p.Lit):
            other: Doc = Text(_operand_literal(right.value, self.type_of(left), folded))
        else:
            other = Text(self._lower(right)) if folded else self._number(right)
            sides = (column_of(e, self.columns) for e in (left, right))
            if not folded and meet_as_text(*sides):
                column, other = Text(self._text(left)), Text(self._text(right))
        return Operands(_OPS.get(op, op.value), (column, other))

    def _between(self, of: p.Expr, low: p.Lit, high: p.Lit, half_open: bool) -> Doc:
        kind, column = self.type_of(of), self._operand_of(of)
        first, last = (_operand_literal(v.value, kind) for v in (low, high))
        end = "<" if half_open else "<="
        return Operands("&", (Text(f"({column} >= {first})"), Text(f"({column} {end} {last})")))

    def _one_of(self, where: p.OneOf) -> Doc:
        kind = self.type_of(where.of)
        folded = where.fold and kind is ColumnType.STRING
        column = self._lower(where.of) if folded else self._operand_of(where.of)
        values = listed([_operand_literal(v.value, kind, folded) for v in where.values])
        return call("one_of", parsed(column), values)

    def _text(self, expr: p.Expr) -> str:
        code = self.expr(expr)
        if self.type_of(expr) is ColumnType.STRING:
            return code
        return f"{_grouped(expr, code)}.cast(pa.string())"

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

    def _call(self, fn: p.Fn, of: p.Expr) -> str:
        match fn:
            case p.Fn.ABS:
                return f"pc.abs({self.expr(of)})"
            case p.Fn.LENGTH:
                return f"pc.utf8_length({self._text(of)}).cast(pa.int64())"
            case p.Fn.LOWER:
                return self._lower(of)
            case p.Fn.FLOOR:
                return f"pc.floor({self.expr(of)}).cast({DOUBLE})"
            case p.Fn.NUMBER:
                return f"first_number({self._text(of)}, {DOUBLE})"

    def _case(self, case: p.Case) -> Doc:
        kind = kind_of(case, self.columns, self.kinds)
        tests = [self.predicate(positive(test)) for test, _ in case.branches]
        values = [self.cast(value, kind) for _, value in case.branches]
        values += [] if case.otherwise is None else [self.cast(case.otherwise, kind)]
        return call("pc.case_when", call("pc.make_struct", *tests), *values)

    def cast(self, expr: p.Expr, kind: str) -> Doc:
        """A value of the Arrow type `kind`."""
        if kind_of(expr, self.columns, self.kinds) == kind:
            return self.doc(expr)
        doc = self.doc(expr)
        if isinstance(doc, Operands):
            return call("cast", doc, kind)
        return parsed(f"{flat(doc)}.cast({kind})")

    def _arith(self, op: p.ArithOp, left: p.Expr, right: p.Expr) -> Doc:
        if op is p.ArithOp.DIVIDE:
            return call("ratio", self._number(left), self._number(right))
        if is_days(op, column_of(left, self.columns)):
            return call("pc.days_between", self._date(right), self._date(left))
        first = self.doc(left) if isinstance(left, p.Lit) else self._term(left)
        return Operands(op.value, (first, self._term(right)))

    def _date(self, expr: p.Expr) -> str:
        dated = self.type_of(expr) is ColumnType.DATE
        return self.expr(expr) if dated else f"{self.expr(expr)}.cast(pa.date32())"

    def _term(self, expr: p.Expr) -> Doc:
        if isinstance(expr, p.Lit):
            return Text(literal(expr.value))
        doc = self._number(expr)
        return Bracketed("(", (doc,)) if isinstance(doc, Operands) else doc

    def _number(self, expr: p.Expr) -> Doc:
        return self.doc(expr) if self._is_narrow(expr) else Text(self._operand_of(expr))

    def _is_narrow(self, expr: p.Expr) -> bool:
        return kind_of(expr, self.columns, self.kinds) != WIDE

    def _operand_of(self, expr: p.Expr) -> str:
        """A decimal has no room to be computed with or compared, so it becomes a double."""
        code = self.expr(expr)
        return code if self._is_narrow(expr) else f"{code}.cast({DOUBLE})"


def _grouped(expr: p.Expr, code: str) -> str:
    """In parentheses where an operator would bind differently."""
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
