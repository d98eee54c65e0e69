"""What columns a node has: names in order, types, and how large their numbers may be."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.task import TASK_COLUMNS

HEADROOM = 1000
"""Types and ranges come from a sample: a cell beyond it may be this much larger."""
LONG = 2**63


@dataclass(frozen=True)
class Column:
    """One column of a node's output; `bound` is the largest magnitude, for integers."""

    type: ColumnType
    bound: float = math.inf


Columns = Mapping[str, Column]


def columns_of(node: p.Node) -> Columns:
    """The output columns of `node`, in order."""
    match node:
        case p.Scan(table, columns, position):
            numbered = {position: Column(ColumnType.INTEGER, rows_of(node))} if position else {}
            return {c.as_name: _scanned(table, c) for c in columns} | numbered
        case p.Join(left, right, how=how):
            beside = {} if how in (p.How.SEMI, p.How.ANTI) else columns_of(right)
            return {**columns_of(left), **beside}
        case p.SetOperation(_, left, right):
            pairs = zip(columns_of(left).items(), columns_of(right).values(), strict=True)
            return {name: common((one, other)) for (name, one), other in pairs}
        case p.Filter(source) | p.Sort(source) | p.Limit(source):
            return columns_of(source)
        case p.Derive(source, name, expr):
            below = columns_of(source)
            return {**below, name: column_of(expr, below)}
        case p.Window(source, name):
            below = columns_of(source)
            return {**below, name: _over_window(node, below)}
        case p.Aggregate(source, keys, measures):
            below = columns_of(source)
            grouped = {k.name: column_of(k.expr, below) for k in keys}
            return {**grouped, **{m.name: _measured(m, node, below) for m in measures}}
        case p.Project(source, columns=kept, names=names):
            below = columns_of(source)
            return {n: below[c] for n, c in zip(names or kept, kept, strict=True)}
        case p.Compute(task):
            return {name: Column(ColumnType.INTEGER) for name in TASK_COLUMNS[task]}
        case p.WordCount():
            return {"word": Column(ColumnType.STRING), "count": Column(ColumnType.INTEGER, 1e12)}


def column_of(expr: p.Expr, below: Columns) -> Column:
    """Type and bound of an expression over the columns of the node below."""
    match expr:
        case p.Col(name):
            return below[name]
        case p.Lit(value):
            return _literal(value)
        case p.Bucket(unit):
            number = unit in NUMBER_UNITS
            return Column(ColumnType.INTEGER, 60) if number else Column(ColumnType.DATE)
        case p.Arith(op, left, right):
            return _computed(op, column_of(left, below), column_of(right, below))
        case p.Call(fn, of):
            return _called(fn, column_of(of, below))
        case p.Case(branches, otherwise):
            values = [value for _, value in branches] + ([otherwise] if otherwise else [])
            return common(column_of(value, below) for value in values)


def common(columns: Iterable[Column]) -> Column:
    """The column that holds the values of all of `columns`: the sides of a union, or branches."""
    found = tuple(columns)
    kinds = {c.type for c in found}
    bound = max(c.bound for c in found)
    if len(kinds) == 1:
        return Column(found[0].type, bound)
    if kinds == NUMBERS:
        return Column(ColumnType.DOUBLE)
    return Column(ColumnType.TIMESTAMP if kinds == DATED else ColumnType.STRING)


def meet_as_text(left: Column, right: Column) -> bool:
    """True for two columns that can only be compared as text: neither both numbers nor dates."""
    kinds = {left.type, right.type}
    return len(kinds) > 1 and kinds not in (NUMBERS, DATED)


NUMBERS = frozenset({ColumnType.INTEGER, ColumnType.DOUBLE})
DATED = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
NUMBER_UNITS = frozenset(u for u in p.Unit if "_of_" in u) | {p.Unit.YEAR}
"""Units whose value is a number; a year is 2024, not its first day."""


def leaves_64_bits(measure: p.Measure | p.Window, node: p.Aggregate | p.Window) -> bool:
    """True for a sum of integers that may leave 64 bits: Arrow would wrap around silently.

    For a sum over a window, the window is both the measure and the node.
    """
    if measure.func not in (p.Func.SUM, p.WindowFunc.SUM) or measure.of is None:
        return False
    column = column_of(measure.of, columns_of(node.source))
    if column.type is not ColumnType.INTEGER:
        return False
    wide = isinstance(measure, p.Measure) and measure.wide
    return wide or column.bound * rows_of(node.source) >= LONG


def rows_of(node: p.Node) -> float:
    """At most this many rows: a record is at least one byte."""
    match node:
        case p.Scan(table):
            return float(table.rows or table.bytes or 1)
        case p.Join(left, how=p.How.SEMI | p.How.ANTI | p.How.CROSS):
            return rows_of(left)
        case p.Join(left, right):
            return max(rows_of(left), rows_of(right))
        case p.SetOperation(p.SetOp.UNION | p.SetOp.UNION_ALL, left, right):
            return rows_of(left) + rows_of(right)
        case p.SetOperation(_, left):
            return rows_of(left)
        case p.Limit(source, rows):
            return min(float(rows), rows_of(source))
        case p.Aggregate(keys=()):
            return 1.0
        case p.Compute() | p.WordCount():
            return 1e6
        case _:
            return rows_of(node.source)


def zoned(profile: ColumnProfile | None) -> bool:
    """True when the timestamps of a column name their zone; the profile then has them in UTC."""
    return profile is not None and str(profile.minimum).endswith("+00:00")


def _scanned(table: TableProfile, column: p.ReadColumn) -> Column:
    profile = table.column(column.name)
    low, high = (profile.minimum, profile.maximum) if profile else (None, None)
    if isinstance(low, int) and isinstance(high, int):
        return Column(column.type, float(max(abs(low), abs(high), 1) * HEADROOM))
    # A text column that is read as numbers has no known range; amounts stay far below this.
    numbers = column.clean in (p.Clean.NUMBER, p.Clean.FIRST_NUMBER)
    return Column(column.type, 1e9 if numbers else 1e6)


def _literal(value: p.Scalar) -> Column:
    match value:
        case bool():
            return Column(ColumnType.BOOLEAN)
        case int():
            return Column(ColumnType.INTEGER, abs(value))
        case float():
            return Column(ColumnType.DOUBLE)
        case str():
            return Column(ColumnType.STRING)
        case datetime():
            return Column(ColumnType.TIMESTAMP)
        case _:
            return Column(ColumnType.DATE)


def is_days(op: p.ArithOp, left: Column) -> bool:
    """True for a date less a date: the days between them; of timestamps, between their dates."""
    return op is p.ArithOp.SUBTRACT and left.type in DATED


def _called(fn: p.Fn, of: Column) -> Column:
    match fn:
        case p.Fn.ABS:
            return of
        case p.Fn.LENGTH:
            return Column(ColumnType.INTEGER, 1e9)
        case p.Fn.LOWER:
            return Column(ColumnType.STRING)
        case p.Fn.NUMBER | p.Fn.FLOOR:
            return Column(ColumnType.DOUBLE)


def _computed(op: p.ArithOp, left: Column, right: Column) -> Column:
    if is_days(op, left):
        return Column(ColumnType.INTEGER, 4e6)
    if op is p.ArithOp.DIVIDE or ColumnType.DOUBLE in (left.type, right.type):
        return Column(ColumnType.DOUBLE)
    product = op is p.ArithOp.MULTIPLY
    bound = left.bound * right.bound if product else left.bound + right.bound
    return Column(ColumnType.INTEGER, bound)


def _measured(measure: p.Measure, node: p.Aggregate, below: Columns) -> Column:
    of = column_of(measure.of, below) if measure.of is not None else None
    rows = rows_of(node.source)
    match measure.func:
        case p.Func.COUNT | p.Func.COUNT_DISTINCT:
            return Column(ColumnType.INTEGER, rows)
        case p.Func.SUM if of is not None and of.type is ColumnType.INTEGER:
            return Column(ColumnType.INTEGER, math.inf if measure.wide else of.bound * rows)
        case p.Func.MIN | p.Func.MAX if of is not None:
            return of
        case _:
            return Column(ColumnType.DOUBLE)


def _over_window(node: p.Window, below: Columns) -> Column:
    rows = rows_of(node.source)
    of = column_of(node.of, below) if node.of is not None else None
    match node.func:
        case p.WindowFunc.LAG | p.WindowFunc.LEAD | p.WindowFunc.MIN | p.WindowFunc.MAX if of:
            return of
        case p.WindowFunc.SUM if of and of.type is ColumnType.INTEGER:
            return Column(ColumnType.INTEGER, of.bound * rows)
        case p.WindowFunc.SUM | p.WindowFunc.AVG:
            return Column(ColumnType.DOUBLE)
        case _:
            return Column(ColumnType.INTEGER, rows)
