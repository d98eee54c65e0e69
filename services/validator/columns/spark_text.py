"""Column expressions that stand as SQL in a text: `df.filter("cost > 3")`."""

import ast
import logging
from collections.abc import Iterator

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from services.validator.analysis.words import words
from services.validator.columns.miss import Ref, Style
from services.validator.columns.spark_functions import AGGREGATES
from services.validator.columns.values import Expr, Text

# What its parser passes over is no news: such a statement is not judged.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

DIALECT = "spark"
MAX_SQL = 20_000
"""Characters of SQL that are read; a statement for people has some hundreds."""
_UNITS = words(
    "year quarter month week day dayofyear hour minute second millisecond microsecond years months "
    "weeks days hours minutes seconds"
)
"""Words that functions of time take without quotes."""


def parsed(text: str) -> exp.Expr | None:
    """The tree of a statement or expression; None where it is not understood."""
    if len(text) > MAX_SQL or text.count("(") > 200:
        return None
    try:
        return parse_one(text, dialect=DIALECT)
    except (SqlglotError, RecursionError, ValueError):
        return None


def expression(text: Text, at: ast.AST) -> Expr | None:
    """The columns that an expression needs and makes; None where it is not understood."""
    tree = parsed(f"SELECT {text.text}")
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
        return None
    if any(True for _ in tree.find_all(exp.From, exp.Lateral)):
        return None
    one = tree.expressions[0]
    refs = tuple(r for c in columns_of(one) if (r := ref_of(c, text, at, before=7)) is not None)
    if isinstance(one, exp.Star):
        return Expr(star=())
    if isinstance(one, exp.Column) and isinstance(one.this, exp.Star):
        return Expr(star=(one.table,))
    return Expr(refs, *named(one))


def named(one: exp.Expr) -> tuple[tuple[str, ...], bool]:
    """The name that an item of a SELECT gets, and whether the engine makes it up."""
    if isinstance(one, exp.Alias):
        return (one.alias,), False
    if isinstance(one, exp.Column):
        return (one.name,), False
    if isinstance(one, exp.Cast) and isinstance(one.this, exp.Column):
        return (one.this.name,), True
    if isinstance(one, exp.Literal):
        return (one.name,), True
    return (), True


def columns_of(tree: exp.Expr) -> Iterator[exp.Column]:
    """The columns of an expression, apart from parameters of lambdas and words of time."""
    for column in tree.find_all(exp.Column):
        if isinstance(column.this, exp.Star) or _is_parameter(column) or _is_unit(column):
            continue
        yield column


def _is_parameter(column: exp.Column) -> bool:
    first = column.parts[0].name.casefold()
    above = column.find_ancestor(exp.Lambda)
    while above is not None:
        if first in {p.name.casefold() for p in above.expressions}:
            return True
        above = above.find_ancestor(exp.Lambda)
    return False


def _is_unit(column: exp.Column) -> bool:
    alone = not column.table and isinstance(column.parent, exp.Func)
    return alone and column.name.casefold() in _UNITS


def ref_of(column: exp.Column, text: Text, at: ast.AST, before: int = 0) -> Ref | None:
    """The use of a name in a text in front of which `before` characters were put."""
    names = [p for p in column.parts if isinstance(p, exp.Identifier)]
    if len(names) != len(column.parts) or not names:
        return None
    span = _span(names, before)
    return Ref(
        tuple(n.name for n in names),
        text.node or at,
        Style.SQL,
        text.node if span is not None else None,
        span,
        aggregated=_is_aggregated(column),
    )


def _span(names: list[exp.Identifier], before: int) -> tuple[int, int] | None:
    start, end = names[0].meta.get("start"), names[-1].meta.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    return start - before, end + 1 - before


def _is_aggregated(column: exp.Column) -> bool:
    above = column.parent
    while above is not None and not isinstance(above, exp.Select):
        if isinstance(above, exp.AggFunc):
            return True
        if isinstance(above, exp.Anonymous) and above.name.casefold() in AGGREGATES:
            return True
        above = above.parent
    return False
