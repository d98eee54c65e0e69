"""Cross joins, apart from those with a frame of one row: a total beside each row is no accident."""

import ast
from collections.abc import Iterator

from services.validator.analysis.facts import Facts
from services.validator.analysis.names import Names
from services.validator.analysis.scope import How
from services.validator.analysis.words import words

_GROUPED = words("groupBy groupby rollup cube groupingSets pivot")
_SAME_ROWS = words(
    "alias cache coalesce drop filter limit orderBy persist repartition select sort where "
    "withColumn withColumnRenamed withColumns"
)
"""Methods after which one row is still one row, or none."""


def cross_joins(facts: Facts) -> Iterator[ast.Call]:
    """The calls of `crossJoin` of which no side is known to be a single row."""
    for call in facts.called("crossJoin"):
        match call:
            case ast.Call(func=ast.Attribute(value=left, attr="crossJoin"), args=[right, *_]):
                if not (_one_row(facts.names, right) or _one_row(facts.names, left)):
                    yield call
            case ast.Call(func=ast.Attribute(attr="crossJoin")):
                yield call


def _one_row(names: Names, frame: ast.expr, within: frozenset[str] = frozenset()) -> bool:
    """True for totals without groups, through each assignment of a name; `within`: those names."""
    match frame:
        case ast.Name(id=name) if name in within:
            return True
        case ast.Name(id=name):
            bound = names.few(frame)
            deeper = within | {name}
            return bool(bound) and all(
                b.how is How.IS and _one_row(names, b.value, deeper) for b in bound
            )
        case ast.Call(func=ast.Attribute(value=inner, attr="agg")):
            return not _grouped(names, inner)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in _SAME_ROWS:
            return _one_row(names, inner, within)
        case ast.Call(args=[inner]) if names.callee(frame) == "pyspark.sql.functions.broadcast":
            return _one_row(names, inner, within)
        case _:
            return False


def _grouped(names: Names, frame: ast.expr, within: frozenset[str] = frozenset()) -> bool:
    """True where `frame` may be groups that wait for their measures."""
    match frame:
        case ast.Name(id=name) if name in within:
            return False
        case ast.Name(id=name):
            bound = names.few(frame)
            return not bound or any(_grouped(names, b.value, within | {name}) for b in bound)
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _GROUPED
        case _:
            return True
