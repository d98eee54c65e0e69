"""The Arrow type of each column, where it is more than the column's plan-wide type.

A sum of integers that may leave 64 bits is a decimal, and what is computed from it is a double.
"""

from collections.abc import Iterable, Mapping

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import (
    Columns,
    column_of,
    columns_of,
    leaves_64_bits,
)

TYPES: Mapping[ColumnType, str] = {
    ColumnType.INTEGER: "pa.int64()",
    ColumnType.DOUBLE: "pa.float64()",
    ColumnType.BOOLEAN: "pa.bool_()",
    ColumnType.DATE: "pa.date32()",
    ColumnType.TIMESTAMP: 'pa.timestamp("us")',
    ColumnType.STRING: "pa.string()",
}
DOUBLE = TYPES[ColumnType.DOUBLE]
WIDE = "pa.decimal128(38)"
"""Of a sum that may leave 64 bits."""
_SAME = (p.Func.MIN, p.Func.MAX)
_SHIFTED = (p.WindowFunc.LAG, p.WindowFunc.LEAD, p.WindowFunc.MIN, p.WindowFunc.MAX)
_SUMS = (p.Func.SUM, p.WindowFunc.SUM)

Kinds = Mapping[str, str]
"""Arrow type, as code, by column."""


def kinds_of(node: p.Node) -> Kinds:
    """The Arrow types of the columns of `node`, in order."""
    plain = {name: TYPES[column.type] for name, column in columns_of(node).items()}
    match node:
        case p.Scan() | p.Compute() | p.WordCount():
            return plain
        case p.Join(left, right):
            both = {**kinds_of(left), **kinds_of(right)}
            return {name: both[name] for name in plain}
        case p.SetOperation(_, left, right):
            sides = zip(kinds_of(left).values(), kinds_of(right).values(), strict=True)
            wide = [WIDE in pair and DOUBLE not in pair for pair in sides]
            return {n: WIDE if w else k for (n, k), w in zip(plain.items(), wide, strict=True)}
        case p.Derive(source, name, expr):
            return {**kinds_of(source), name: kind_of(expr, columns_of(source), kinds_of(source))}
        case p.Aggregate():
            return _aggregated(node, plain)
        case p.Window(source, name):
            return {**kinds_of(source), name: _over_window(node, plain[name])}
        case p.Project(source, columns, _, names):
            below = kinds_of(source)
            return {n: below[c] for n, c in zip(names or columns, columns, strict=True)}
        case p.Filter(source) | p.Sort(source) | p.Limit(source):
            return kinds_of(source)


def kind_of(expr: p.Expr, columns: Columns, kinds: Kinds) -> str:
    """The Arrow type of an expression."""
    plain = TYPES[column_of(expr, columns).type]
    match expr:
        case p.Col(name):
            return kinds[name]
        case p.Call(p.Fn.ABS, of):
            return kind_of(of, columns, kinds)
        case p.Arith(_, left, right):
            return _number(plain, (kind_of(e, columns, kinds) for e in (left, right)))
        case p.Case(branches, otherwise):
            values = [value for _, value in branches] + ([otherwise] if otherwise else [])
            return _number(plain, (kind_of(e, columns, kinds) for e in values))
        case _:
            return plain


def _number(plain: str, parts: Iterable[str]) -> str:
    return DOUBLE if WIDE in parts else plain


def _aggregated(node: p.Aggregate, plain: Kinds) -> Kinds:
    columns, below = columns_of(node.source), kinds_of(node.source)
    found = dict(plain)
    for key in node.keys:
        found[key.name] = kind_of(key.expr, columns, below)
    for m in node.measures:
        if is_wide(m, node):
            found[m.name] = WIDE
        elif m.func in _SAME and m.of is not None:
            found[m.name] = kind_of(m.of, columns, below)
    return found


def is_wide(measure: p.Measure | p.Window, node: p.Aggregate | p.Window) -> bool:
    """True for a sum that is kept as a decimal, and for a sum of decimals."""
    if measure.func not in _SUMS or measure.of is None:
        return False
    kind = kind_of(measure.of, columns_of(node.source), kinds_of(node.source))
    return kind == WIDE or leaves_64_bits(measure, node)


def _over_window(node: p.Window, plain: str) -> str:
    if is_wide(node, node):
        return WIDE
    if node.func in _SHIFTED and node.of is not None:
        return kind_of(node.of, columns_of(node.source), kinds_of(node.source))
    return plain
