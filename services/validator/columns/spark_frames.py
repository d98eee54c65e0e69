"""Spark's DataFrame: what each method needs and what it leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from services.validator.columns.calls import (
    Call,
    elements,
    entries,
    texts,
)
from services.validator.columns.check import check_refs, hinted, lookup
from services.validator.columns.containers import spoil_all
from services.validator.columns.miss import Miss, Problem, Ref, Style
from services.validator.columns.schema import Column, Schema, schema_of
from services.validator.columns.spark_columns import as_expr, exprs
from services.validator.columns.spark_groups import aggregate
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


def frame(schema: Schema | None) -> Frame:
    return Frame(Engine.SPARK, schema)


NOTHING_KNOWN = frame(None)


def project(
    call: Call, on: Frame, columns: Sequence[Expr | None], start: Iterable[Column]
) -> Frame:
    """`start` and the columns that the expressions make over `on`."""
    schema = on.schema
    out, vague, open_ = list(start), False, False
    for column in columns:
        if column is None:
            open_ = True
            continue
        check_refs(call, on, column.refs)
        if column.star is not None:
            starred = _starred(schema, column.star)
            open_ = open_ or starred is None
            out.extend(starred or ())
        elif column.names:
            out.extend(_made(schema, column, name) for name in column.names)
        vague = vague or column.guessed
    if open_ or (schema is None and any(c and c.star == () for c in columns)):
        return NOTHING_KNOWN
    vague = vague or (schema is not None and schema.vague)
    if schema is None:
        return frame(Schema(tuple(out), folded=True, vague=vague, hidden=None))
    return frame(schema.of(out, vague=vague))


def _starred(schema: Schema | None, star: tuple[str, ...]) -> Sequence[Column] | None:
    if schema is None or star == ("?",):
        return None
    if not star:
        return schema.columns
    mine = [c for c in schema.columns if star[-1].casefold() in c.qualifiers]
    return mine or None  # Perhaps the fields of a struct.


def _made(schema: Schema | None, column: Expr, name: str) -> Column:
    """The very column of the frame where the expression only names it, else a new one."""
    if column.column is not None:
        return column.column
    if schema is not None and column.plain and len(column.refs) == 1:
        found = lookup(schema, column.refs[0])
        if isinstance(found, Column) and schema.fold(found.name) == schema.fold(name):
            return replace(found, name=name)
    return Column(name, column.kind)


# Projections


def _select(call: Call, on: Frame) -> Value:
    given = call.rest()
    if given is None:
        _check_all(call, on)
        return NOTHING_KNOWN
    return project(call, on, exprs(call, given), ())


def _select_expr(call: Call, on: Frame) -> Value:
    given = call.rest()
    if given is None:
        return NOTHING_KNOWN
    columns = [expression(t, call.node) if isinstance(t, Text) else None for t in given]
    return project(call, on, columns, ())


def _check_all(call: Call, on: Frame, *, above: bool = False) -> None:
    """Report what can be seen of arguments that are not all known."""
    for value in (*call.args, *call.kwargs.values()):
        for part in elements(value) or [value]:
            found = as_expr(part, call.node)
            check_refs(call, on, found.refs if found else (), above=above)


def _with_column(call: Call, on: Frame) -> Value:
    name, value = call.text(0, "colName"), call.arg(1, "col")
    column = as_expr(value, call.node) if isinstance(value, Expr) else None
    check_refs(call, on, column.refs if column else ())
    if name is None or on.schema is None:
        return NOTHING_KNOWN
    return frame(on.schema.put(Column(name, column.kind if column else None)))


def _with_columns(call: Call, on: Frame) -> Value:
    given = entries(call.arg(0))
    if given is None:
        return NOTHING_KNOWN
    schema = on.schema
    for text, value in given.values():
        column = value if isinstance(value, Expr) else None
        check_refs(call, on, column.refs if column else ())
        if schema is not None:
            schema = schema.put(Column(text.text, column.kind if column else None))
    return frame(schema)


def _renamed(call: Call, on: Frame) -> Value:
    old, new = call.arg(0, "existing"), call.arg(1, "new")
    if not isinstance(old, Text) or not isinstance(new, Text):
        return NOTHING_KNOWN
    return _rename(call, on, {old.text: (old, new)})


def _all_renamed(call: Call, on: Frame) -> Value:
    given = entries(call.arg(0))
    return NOTHING_KNOWN if given is None else _rename(call, on, given)


def _rename(call: Call, on: Frame, pairs: dict[str, tuple[Text, Value]]) -> Value:
    schema = on.schema
    if schema is None or not all(isinstance(v, Text) for _, v in pairs.values()):
        return NOTHING_KNOWN
    for old, _ in pairs.values():
        _silently(call, schema, old)
    new = {schema.fold(k): v.text for k, (_, v) in pairs.items() if isinstance(v, Text)}
    return frame(schema.rename(new.get))


def _silently(call: Call, schema: Schema, text: Text) -> None:
    """Report a name that Spark passes over without an error."""
    ref = Ref((text.text,), text.node or call.node, Style.PLAIN, text.node)
    found = lookup(schema, ref)
    if isinstance(found, Miss) and found.problem is Problem.COLUMN:
        call.missing(hinted(found, "Spark passes over an unknown name here.", sure=False))


def _to_df(call: Call, on: Frame) -> Value:
    given = call.rest()
    names = [v.text for v in given or () if isinstance(v, Text)]
    if given is None or len(names) != len(given):
        return NOTHING_KNOWN
    return frame(schema_of(names, folded=True))


def _drop(call: Call, on: Frame) -> Value:
    given, schema = call.rest(), on.schema
    if given is None or schema is None:
        return NOTHING_KNOWN
    keys: set[int] = set()
    for value in given:
        if isinstance(value, Text):
            _silently(call, schema, value)
            keys.update(c.key for c in schema.find(value.text))
        elif isinstance(value, Expr) and value.column is not None:
            keys.add(value.column.key)
        elif isinstance(value, Expr) and value.plain:
            keys.update(c.key for c in schema.find(value.refs[0].parts[-1]))
        else:
            return NOTHING_KNOWN
    return frame(schema.of(c for c in schema.columns if c.key not in keys))


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
    _check_all(call, on, above=True)
    return on


def _unique(call: Call, on: Frame) -> Value:
    _check_names(call, on, call.arg(0, "subset"))
    return _closed(call, on)


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
    made = [c for c in columns if c is not None]
    keys = tuple(_made(on.schema, c, c.names[0]) if c.names else None for c in made)
    vague = any(c.guessed for c in made)
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
    "select": _select,
    "selectExpr": _select_expr,
    "withColumn": _with_column,
    "withColumns": _with_columns,
    "withColumnRenamed": _renamed,
    "withColumnsRenamed": _all_renamed,
    "toDF": _to_df,
    "drop": _drop,
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
    **dict.fromkeys(("intersect", "intersectAll", "subtract", "exceptAll", "distinct"), _closed),
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
