"""Spark: projections, from `select` to `drop`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from services.validator.columns.calls import Call, elements, entries
from services.validator.columns.check import check_refs, hinted, lookup
from services.validator.columns.miss import Miss, Problem, Ref, Style
from services.validator.columns.schema import Column, Schema, schema_of
from services.validator.columns.spark_columns import as_expr, exprs
from services.validator.columns.spark_text import expression
from services.validator.columns.values import Engine, Expr, Frame, Text, Value


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
            out.extend(made(schema, column, name) for name in column.names)
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


def made(schema: Schema | None, column: Expr, name: str) -> Column:
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
        check_all(call, on)
        return NOTHING_KNOWN
    return project(call, on, exprs(call, given), ())


def _select_expr(call: Call, on: Frame) -> Value:
    given = call.rest()
    if given is None:
        return NOTHING_KNOWN
    columns = [expression(t, call.node) if isinstance(t, Text) else None for t in given]
    return project(call, on, columns, ())


def check_all(call: Call, on: Frame, *, above: bool = False) -> None:
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


METHODS: dict[str, Callable[[Call, Frame], Value]] = {
    "select": _select,
    "selectExpr": _select_expr,
    "withColumn": _with_column,
    "withColumns": _with_columns,
    "withColumnRenamed": _renamed,
    "withColumnsRenamed": _all_renamed,
    "toDF": _to_df,
    "drop": _drop,
}
