"""Spark's DataFrame: what each method needs and what it leaves."""

from collections.abc import Callable
from dataclasses import replace

from services.validator.columns import spark_project
from services.validator.columns.calls import (
    Call,
    texts,
)
from services.validator.columns.check import check_refs
from services.validator.columns.containers import spoil_all
from services.validator.columns.schema import Schema
from services.validator.columns.spark_columns import as_expr, exprs
from services.validator.columns.spark_groups import aggregate
from services.validator.columns.spark_project import NOTHING_KNOWN, check_all, frame, made
from services.validator.columns.spark_read import declared_schema
from services.validator.columns.spark_text import expression
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Engine,
    Expr,
    Frame,
    Group,
    Seq,
    Text,
    Value,
    box,
)

# Rows


def _filter(call: Call, on: Frame) -> Value:
    found = call.arg(0, "condition")
    if isinstance(found, Text):
        found = expression(found, call.node)
    if isinstance(found, Expr):
        check_refs(call, on, found.refs, above=True)
    return on


def _sort(call: Call, on: Frame) -> Value:
    given = call.rest()
    for value in given or ():
        found = as_expr(value, call.node)
        check_refs(call, on, found.refs if found else (), above=True)
    return on


def _rows_kept(call: Call, on: Frame) -> Value:
    return on


def _needs_columns(call: Call, on: Frame) -> Value:
    """A method like `repartition` whose texts name columns of the frame that it leaves as is."""
    check_all(call, on, above=True)
    return on


def _unique(call: Call, on: Frame) -> Value:
    _check_names(call, on, call.arg(0, "subset"))
    return on


def _subset(call: Call, on: Frame) -> Value:
    _check_names(call, on, call.kwargs.get("subset"))
    return on


def _check_names(call: Call, on: Frame, value: Value | None) -> None:
    for text in texts(value) or ():
        found = as_expr(text, call.node)
        check_refs(call, on, found.refs if found else ())


def _closed(call: Call, on: Frame) -> Value:
    return on if on.schema is None else frame(on.schema.closed())


def _alias(call: Call, on: Frame) -> Value:
    name = call.text(0, "alias")
    if name is None or on.schema is None:
        return NOTHING_KNOWN
    return frame(on.schema.qualified(name))


def _transform(call: Call, on: Frame) -> Value:
    return call.host.apply(call.args[0], [on, *call.args[1:]], call.kwargs) if call.args else on


# Groups


def _group(call: Call, on: Frame) -> Value:
    given = call.rest()
    columns = exprs(call, given or ())
    for column in columns:
        check_refs(call, on, column.refs if column else ())
    if given is None or any(c is None or c.star is not None for c in columns):
        return Group(on, None)
    clear = [c for c in columns if c is not None]
    keys = tuple(made(on.schema, c, c.names[0]) if c.names else None for c in clear)
    vague = any(c.guessed for c in clear)
    known = tuple(k for k in keys if k is not None)
    return Group(on, known, vague=vague)


def _aggregate_all(call: Call, on: Frame) -> Value:
    return aggregate(call, Group(on, ()))


# Ends


def _row_list(call: Call, on: Frame) -> Value:
    return box(Seq(None, box(Frame(Engine.ROW, _as_row(on.schema)))))


def _row(call: Call, on: Frame) -> Value:
    return _row_list(call, on) if call.args else box(Frame(Engine.ROW, _as_row(on.schema)))


def _as_row(schema: Schema | None) -> Schema | None:
    return None if schema is None else replace(schema.closed(), folded=False)


def _to_pandas(call: Call, on: Frame) -> Value:
    return box(Frame(Engine.PANDAS, _as_row(on.schema)))


def _to_arrow(call: Call, on: Frame) -> Value:
    return Frame(Engine.ARROW, _as_row(on.schema))


def _view(call: Call, on: Frame) -> Value:
    name = call.text(0, "name", "viewName")
    views = call.host.views
    call.host.store.put(views, name.casefold() if name else "?", on)
    return Const(None)


def _pieces(call: Call, on: Frame) -> Value:
    return box(Seq(None, on))


def _data(call: Call, on: Frame) -> Value:
    return DATA


def _column_pair(call: Call, on: Frame) -> Value:
    """`corr`, `cov`, `crosstab`: texts that name columns, a number or table as the result."""
    for value in call.args[:2]:
        for text in texts(value) or ():
            found = as_expr(text, call.node)
            check_refs(call, on, found.refs if found else ())
    return UNKNOWN


def _mapped(call: Call, on: Frame) -> Value:
    """`mapInPandas` and the like: the schema is given."""
    spoil_all(call)
    return frame(declared_schema(call.arg(1, "schema")))


METHODS: dict[str, Callable[[Call, Frame], Value]] = {
    **spark_project.METHODS,
    **dict.fromkeys(("filter", "where"), _filter),
    **dict.fromkeys(("orderBy", "sort", "sortWithinPartitions"), _sort),
    **dict.fromkeys(("repartition", "repartitionByRange"), _needs_columns),
    **dict.fromkeys(
        [
            "cache",
            "persist",
            "unpersist",
            "checkpoint",
            "localCheckpoint",
            "coalesce",
            "limit",
            "offset",
            "sample",
            "hint",
            "withWatermark",
            "observe",
        ],
        _rows_kept,
    ),
    **dict.fromkeys(("intersect", "intersectAll", "subtract", "exceptAll"), _closed),
    "distinct": _rows_kept,
    **dict.fromkeys(("dropDuplicates", "drop_duplicates"), _unique),
    **dict.fromkeys(("dropna", "fillna", "replace"), _subset),
    "alias": _alias,
    "transform": _transform,
    **dict.fromkeys(("groupBy", "groupby", "cube", "rollup"), _group),
    "agg": _aggregate_all,
    **dict.fromkeys(("collect", "take", "tail", "toLocalIterator"), _row_list),
    **dict.fromkeys(("first", "head"), _row),
    "toPandas": _to_pandas,
    "toArrow": _to_arrow,
    **dict.fromkeys(
        [
            "createOrReplaceTempView",
            "createTempView",
            "registerTempTable",
            "createGlobalTempView",
            "createOrReplaceGlobalTempView",
        ],
        _view,
    ),
    "randomSplit": _pieces,
    **dict.fromkeys(("count", "isEmpty", "show", "printSchema", "explain"), _data),
    **dict.fromkeys(("corr", "cov", "crosstab"), _column_pair),
    **dict.fromkeys(("mapInPandas", "mapInArrow"), _mapped),
}
