"""Expressions, predicates and measures in DuckDB's SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.clean import BESIDE_NUMBER, FIRST_NUMBER, MINUS
from services.codegen.planner.render.columns import Columns, column_of, is_days, meet_as_text
from services.codegen.planner.render.normal import positive

TYPES = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.STRING: "VARCHAR",
}
_PARTS: Mapping[p.Unit, str] = {
    p.Unit.YEAR: "year",
    p.Unit.MONTH_OF_YEAR: "month",
    p.Unit.QUARTER_OF_YEAR: "quarter",
    p.Unit.WEEK_OF_YEAR: "week",
    p.Unit.DAY_OF_WEEK: "isodow",
    p.Unit.HOUR_OF_DAY: "hour",
}
_MATCH: Mapping[p.TextMatch, str] = {
    p.TextMatch.CONTAINS: "contains",
    p.TextMatch.STARTS: "starts_with",
    p.TextMatch.ENDS: "ends_with",
}
_FUNCS: Mapping[p.Func, str] = {
    p.Func.COUNT: "count({})",
    p.Func.COUNT_DISTINCT: "count(DISTINCT {})",
    p.Func.SUM: "sum({})",
    p.Func.AVG: "avg({})",
    p.Func.MIN: "min({})",
    p.Func.MAX: "max({})",
    p.Func.MEDIAN: "median({})",
    p.Func.STDDEV: "stddev_samp({})",
    p.Func.VARIANCE: "var_samp({})",
    p.Func.PERCENTILE: "quantile_cont(CAST({} AS DOUBLE), {})",
    p.Func.CORRELATION: "corr({}, {})",
    p.Func.SLOPE: "regr_slope({}, {})",
}


def identifier(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def first_number(code: str, kind: str) -> str:
    """The first number in the text `code`, or NULL."""
    found = f"regexp_extract({code}, {text(FIRST_NUMBER)})"
    plain = f"regexp_replace({found}, {text(BESIDE_NUMBER)}, '', 'g')"
    return f"CAST(nullif(regexp_replace({plain}, {text(MINUS)}, '-'), '') AS {kind})"


@dataclass(frozen=True)
class SqlExpressions:
    """Over the columns of one node."""

    columns: Columns

    def type_of(self, expr: p.Expr) -> ColumnType:
        return column_of(expr, self.columns).type

    def expr(self, expr: p.Expr) -> str:
        """A value; in parentheses where operators are."""
        match expr:
            case p.Col(name):
                return identifier(name)
            case p.Lit(value):
                return _literal(value)
            case p.Bucket(unit, of) if unit in _PARTS:
                return f"date_part('{_PARTS[unit]}', {self.expr(of)})"
            case p.Bucket(unit, of):
                return f"CAST(date_trunc('{unit}', {self.expr(of)}) AS DATE)"
            case p.Arith(op, left, right):
                return self._arith(op, left, right)
            case p.Call(fn, of):
                return self._call(fn, of)
            case p.Case():
                return self._case(expr)

    def measure(self, m: p.Measure) -> str:
        """An aggregate over the rows that pass its test."""
        values = [self.expr(e) for e in (m.of, m.other) if e is not None]
        values += [] if m.fraction is None else [_literal(m.fraction)]
        code = _FUNCS[m.func].format(*values) if values else "count(*)"
        if m.where is not None:
            code += f" FILTER (WHERE {self.predicate(positive(m.where))})"
        if m.func in (p.Func.CORRELATION, p.Func.SLOPE):
            # NaN where a side does not vary: there is no such figure.
            return f"nullif({code}, CAST('NaN' AS DOUBLE))"
        return code

    def predicate(self, where: p.Predicate) -> str:
        """A test, in parentheses."""
        match where:
            case p.Compare(op, left, right, fold):
                return self._compare(op, left, right, fold)
            case p.Between(of, low, high, half_open):
                value, end = self.expr(of), "<" if half_open else "<="
                first, last = (self._literal_for(of, v) for v in (low, high))
                return f"({value} >= {first} AND {value} {end} {last})"
            case p.OneOf(of, values, fold):
                lower = fold and self.type_of(of) is ColumnType.STRING
                listed = ", ".join(self._literal_for(of, v, lower) for v in values)
                return f"({self._lower(of) if lower else self.expr(of)} IN ({listed}))"
            case p.Match(how, of, part):
                return f"{_MATCH[how]}({self._lower(of)}, {text(part.lower())})"
            case p.IsNull(of):
                return f"({self.expr(of)} IS NULL)"
            case p.Not(of):
                return f"(NOT {self.predicate(of)})"
            case p.AllOf(of):
                return f"({' AND '.join(map(self.predicate, of))})"
            case p.AnyOf(of):
                return f"({' OR '.join(map(self.predicate, of))})"

    def _compare(self, op: p.CompareOp, left: p.Expr, right: p.Expr, fold: bool) -> str:
        lower = fold and self.type_of(left) is ColumnType.STRING
        first = self._lower(left) if lower else self.expr(left)
        if isinstance(right, p.Lit):
            return f"({first} {op} {self._literal_for(left, right, lower)})"
        second = self._lower(right) if lower else self.expr(right)
        if not lower and meet_as_text(*(column_of(e, self.columns) for e in (left, right))):
            first, second = self._text(left), self._text(right)
        return f"({first} {op} {second})"

    def _literal_for(self, of: p.Expr, value: p.Lit, lower: bool = False) -> str:
        if self.type_of(of) is not ColumnType.STRING:
            return _literal(value.value)
        plain = str(value.value)
        return text(plain.lower() if lower else plain)

    def _text(self, expr: p.Expr) -> str:
        code = self.expr(expr)
        return code if self.type_of(expr) is ColumnType.STRING else f"CAST({code} AS VARCHAR)"

    def _lower(self, expr: p.Expr) -> str:
        return f"lower({self._text(expr)})"

    def _arith(self, op: p.ArithOp, left: p.Expr, right: p.Expr) -> str:
        first, second = self.expr(left), self.expr(right)
        if is_days(op, column_of(left, self.columns)):
            return f"date_diff('day', CAST({second} AS DATE), CAST({first} AS DATE))"
        if op is p.ArithOp.DIVIDE:
            return f"(CAST({first} AS DOUBLE) / nullif({second}, 0))"
        return f"({first} {op} {second})"

    def _call(self, fn: p.Fn, of: p.Expr) -> str:
        match fn:
            case p.Fn.ABS:
                return f"abs({self.expr(of)})"
            case p.Fn.LENGTH:
                return f"length({self._text(of)})"
            case p.Fn.LOWER:
                return self._lower(of)
            case p.Fn.FLOOR:
                return f"floor(CAST({self.expr(of)} AS DOUBLE))"
            case p.Fn.NUMBER:
                return first_number(self._text(of), "DOUBLE")

    def _case(self, case: p.Case) -> str:
        mixed = self.type_of(case) is ColumnType.STRING
        value = self._text if mixed else self.expr
        branches = [
            f"WHEN {self.predicate(positive(test))} THEN {value(then)}"
            for test, then in case.branches
        ]
        otherwise = [] if case.otherwise is None else [f"ELSE {value(case.otherwise)}"]
        return f"CASE {' '.join([*branches, *otherwise])} END"


def _literal(value: p.Scalar) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float():
            return f"CAST('{value!r}' AS DOUBLE)"
        case str():
            return text(value)
        case datetime():
            return f"TIMESTAMP '{value.isoformat(' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            return repr(value)
