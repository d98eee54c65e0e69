"""Types: no plan adds up texts, or looks for a word among numbers."""

from collections.abc import Iterator
from datetime import date

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.render.columns import NUMBERS, Columns, column_of, columns_of, is_days
from services.codegen.planner.render.normal import children, parts

_OF_ANY = frozenset({p.Func.COUNT, p.Func.COUNT_DISTINCT, p.Func.MIN, p.Func.MAX})
_SUMS = frozenset({p.WindowFunc.SUM, p.WindowFunc.AVG})


def check(root: p.Node) -> None:
    """Raises CannotBuild for the first step that an engine could not run."""
    for child in children(root):
        check(child)
    match root:
        case p.Filter(source, where):
            _check(where, columns_of(source))
        case p.Derive(source, _, expr):
            _check(expr, columns_of(source))
        case p.Window(source, _, func, of) if of is not None:
            _check(of, columns_of(source))
            if func in _SUMS:
                _number(of, columns_of(source), func.value)
        case p.Aggregate(source, keys, measures):
            below = columns_of(source)
            for key in keys:
                _check(key.expr, below)
            for measure in measures:
                _measure(measure, below)


def _measure(measure: p.Measure, below: Columns) -> None:
    for part in (measure.of, measure.other, measure.where):
        if part is not None:
            _check(part, below)
    for value in (measure.of, measure.other):
        if value is not None and measure.func not in _OF_ANY:
            _number(value, below, measure.func.value)


def _check(part: p.Expr | p.Predicate, below: Columns) -> None:
    tests = [part] if isinstance(part, p.Predicate) else []
    for expr in parts(part):
        if isinstance(expr, p.Case):
            tests += [test for test, _ in expr.branches]
        if isinstance(expr, p.Arith) and not is_days(expr.op, column_of(expr.left, below)):
            for side in (expr.left, expr.right):
                _number(side, below, "calculation")
    for test in tests:
        for value, literal in _compared(test):
            _fits(value, literal, below)


def _number(expr: p.Expr, below: Columns, use: str) -> None:
    if column_of(expr, below).type not in NUMBERS:
        raise CannotBuild(
            f"{_said(expr)} holds no numbers, so it has no {use}.",
            "Ask how many there are, or name a column of numbers.",
        )


def _compared(test: p.Predicate) -> Iterator[tuple[p.Expr, p.Lit]]:
    match test:
        case p.AllOf(of) | p.AnyOf(of):
            for part in of:
                yield from _compared(part)
        case p.Not(of):
            yield from _compared(of)
        case p.Compare(_, left, p.Lit() as right):
            yield left, right
        case p.Between(of, low, high):
            yield from ((of, low), (of, high))
        case p.OneOf(of, values):
            yield from ((of, value) for value in values)


def _fits(expr: p.Expr, literal: p.Lit, below: Columns) -> None:
    value = literal.value
    match column_of(expr, below).type:
        case ColumnType.STRING:
            return
        case ColumnType.BOOLEAN:
            good = isinstance(value, bool)
        case ColumnType.DATE | ColumnType.TIMESTAMP:
            good = isinstance(value, date)
        case _:
            good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good:
        raise CannotBuild(
            f"{_said(expr)} is compared with “{value}”, which none of its values can be.",
            "Say the value as it stands in the table, or name the column that holds it.",
        )


def _said(expr: p.Expr) -> str:
    return next((e.name for e in parts(expr) if isinstance(e, p.Col)), "A value")
