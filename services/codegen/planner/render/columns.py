"""What columns a node has: names in order, types, and how large their numbers may be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.codegen.planner import plan as p

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
        case p.Scan(table, columns):
            return {c.as_name: _scanned(table, c) for c in columns}
        case p.Join(left, right):
            return {**columns_of(left), **columns_of(right)}
        case p.Filter(source) | p.Sort(source) | p.Limit(source):
            return columns_of(source)
        case p.Derive(source, name, expr):
            below = columns_of(source)
            return {**below, name: column_of(expr, below)}
        case p.Aggregate(source, keys, measures):
            below = columns_of(source)
            grouped = {k.name: column_of(k.expr, below) for k in keys}
            return {**grouped, **{m.name: _measured(m, node, below) for m in measures}}
        case p.Project(source, names):
            below = columns_of(source)
            return {name: below[name] for name in names}
        case p.Compute(task):
            return {name: Column(ColumnType.INTEGER) for name in TASK_COLUMNS[task]}
        case p.WordCount():
            return {"word": Column(ColumnType.STRING), "count": Column(ColumnType.INTEGER, 1e12)}


TASK_COLUMNS: Mapping[p.Task, tuple[str, ...]] = {
    p.Task.FIRST_PRIMES: ("prime",),
    p.Task.PRIMES_BELOW: ("prime",),
    p.Task.RANGE_SUM: ("sum",),
    p.Task.MONTE_CARLO_PI: ("samples", "pi"),
    p.Task.FIBONACCI: ("n", "fibonacci"),
    p.Task.FACTORIAL: ("n", "factorial"),
}


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


NUMBER_UNITS = frozenset(u for u in p.Unit if "_of_" in u) | {p.Unit.YEAR}
"""Units whose value is a number; a year is 2024, not its first day."""


def leaves_64_bits(measure: p.Measure, node: p.Aggregate) -> bool:
    """True for a sum of integers that may leave 64 bits: Arrow would wrap around silently."""
    if measure.func is not p.Func.SUM or measure.of is None:
        return False
    below = columns_of(node.source)
    column = column_of(measure.of, below)
    if column.type is not ColumnType.INTEGER:
        return False
    return measure.wide or column.bound * rows_of(node.source) >= LONG


def rows_of(node: p.Node) -> float:
    """At most this many rows: a record is at least one byte."""
    match node:
        case p.Scan(table):
            return float(table.rows or table.bytes or 1)
        case p.Join(left, right):
            return max(rows_of(left), rows_of(right))
        case p.Limit(source, rows):
            return min(float(rows), rows_of(source))
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
    return Column(column.type, 1e9 if column.clean is p.Clean.NUMBER else 1e6)


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


def _computed(op: p.ArithOp, left: Column, right: Column) -> Column:
    if op is p.ArithOp.SUBTRACT and left.type is ColumnType.DATE:
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
            return Column(ColumnType.INTEGER, of.bound * rows)
        case p.Func.MIN | p.Func.MAX if of is not None:
            return of
        case _:
            return Column(ColumnType.DOUBLE)
