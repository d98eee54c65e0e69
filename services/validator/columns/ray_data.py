"""Ray Data's Dataset: what each method needs and what it leaves."""

import ast
from collections.abc import Callable
from dataclasses import replace

from services.validator.columns.calls import (
    Call,
    elements,
    entries,
    names_list,
    texts,
)
from services.validator.columns.check import check_plain, lookup
from services.validator.columns.containers import spoil_all
from services.validator.columns.frames import batch, check_names, mapping_schema
from services.validator.columns.miss import Miss, Ref, Style
from services.validator.columns.ray_groups import MEASURES, aggregates, need
from services.validator.columns.schema import Column, Schema, either, schema_of
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Engine,
    Expr,
    Frame,
    Group,
    Names,
    Own,
    Promise,
    Seq,
    Text,
    Value,
    box,
    content,
)


def dataset(schema: Schema | None) -> Frame:
    return Frame(Engine.RAY, schema)


def _only(call: Call, on: Frame) -> Value:
    given = texts(call.arg(0, "cols"))
    if given is None or on.schema is None:
        return dataset(None) if given is None else dataset(schema_of(t.text for t in given))
    names = check_plain(call, on.schema, given)
    return dataset(on.schema.only(names))


def _drop(call: Call, on: Frame) -> Value:
    given = texts(call.arg(0, "cols"))
    if given is None or on.schema is None:
        return dataset(None)
    check_plain(call, on.schema, given)
    return dataset(on.schema.without(t.text for t in given))


def _rename(call: Call, on: Frame) -> Value:
    names = call.arg(0, "names")
    pairs = entries(names)
    if pairs is not None:
        if on.schema is None:
            return dataset(None)
        check_plain(call, on.schema, [t for t, _ in pairs.values()])
        new = {k: v.text for k, (_, v) in pairs.items() if isinstance(v, Text)}
        return dataset(on.schema.rename(new.get) if len(new) == len(pairs) else None)
    listed = texts(names)
    return dataset(schema_of(t.text for t in listed) if listed is not None else None)


def _with_column(call: Call, on: Frame) -> Value:
    """`add_column(name, function of a batch)` and `with_column(name, expression)`."""
    name, made = call.text(0, "col", "column_name"), call.arg(1, "fn", "expr")
    if isinstance(made, Own):
        form = call.arg(-1, "batch_format")
        call.host.apply(made, [batch(on.schema, form or Text("pandas"))], {})
    if isinstance(made, Expr):
        _check_expr(call, on, made)
    if name is None or on.schema is None:
        return dataset(None)
    return dataset(on.schema.put(Column(name)))


def _check_expr(call: Call, on: Frame, made: Expr) -> None:
    for ref in made.refs:
        found = lookup(on.schema, ref) if on.schema is not None else None
        if isinstance(found, Miss):
            call.missing(found)


def _map_batches(call: Call, on: Frame) -> Value:
    function = call.arg(0, "fn")
    given = batch(on.schema, call.arg(-1, "batch_format"))
    more = [*(elements(call.arg(-1, "fn_args")) or ())]
    named = {k: v for k, (_, v) in (entries(call.arg(-1, "fn_kwargs")) or {}).items()}
    if not isinstance(function, Own) or call.open:
        spoil_all(call)
        return dataset(None)
    return dataset(mapping_schema(call.host.apply(function, [given, *more], named)))


def _map(call: Call, on: Frame) -> Value:
    """`map`: rows one by one."""
    function = call.arg(0, "fn")
    row = batch(on.schema, None)
    return dataset(mapping_schema(call.host.apply(function or UNKNOWN, [row], {})))


def _flat_map(call: Call, on: Frame) -> Value:
    function = call.arg(0, "fn")
    made = content(call.host.apply(function or UNKNOWN, [batch(on.schema, None)], {}))
    each = made.items[0] if isinstance(made, Seq) and made.items else UNKNOWN
    each = made.each if isinstance(made, Seq) and made.items is None else each
    return dataset(mapping_schema(each))


def _filter(call: Call, on: Frame) -> Value:
    found, text = call.arg(0, "fn"), call.arg(-1, "expr")
    if isinstance(found, Own):
        call.host.apply(found, [batch(on.schema, None)], {})
    if isinstance(text, Text):
        _check_text(call, on, text)
    if isinstance(text, Expr):
        _check_expr(call, on, text)
    return on


def _check_text(call: Call, on: Frame, text: Text) -> None:
    """`filter(expr="cost > 3")`: a Python expression whose names are columns."""
    try:
        tree = ast.parse(text.text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    functions = {n.func.id for n in ast.walk(tree) if _calls_name(n)}  # type: ignore[attr-defined]
    plain = text.text.isascii() and "\n" not in text.text
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id in functions or on.schema is None:
            continue
        span = (node.col_offset, node.end_col_offset or 0) if plain else None
        literal = text.node if plain else None
        ref = Ref((node.id,), text.node or call.node, Style.PYTHON, literal, span)
        found = lookup(on.schema, ref)
        if isinstance(found, Miss):
            call.missing(found)


def _calls_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _sort(call: Call, on: Frame) -> Value:
    check_names(call, on.schema, call.arg(0, "key"))
    return on


def _group(call: Call, on: Frame) -> Value:
    key = call.arg(0, "key")
    if key is None or key == Const(None):
        return Group(on, ())
    given = texts(key)
    if given is None:
        return Group(on, None)
    check_plain(call, on.schema, given)
    found = [(on.schema.find(t.text)[:1] if on.schema else []) or [Column(t.text)] for t in given]
    return Group(on, tuple(c[0] for c in found))


def _aggregate(call: Call, on: Frame) -> Value:
    """`dataset.aggregate(…)`: one row."""
    aggregates(call, on, call.rest() or ())
    return UNKNOWN


def _measure(name: str) -> Callable[[Call, Frame], Value]:
    def method(call: Call, on: Frame) -> Value:
        for text in texts(call.arg(0, "on")) or ():
            need(call, on, text, name)
        return DATA

    return method


def _unique(call: Call, on: Frame) -> Value:
    check_names(call, on.schema, call.arg(0, "column"))
    return box(Seq(None, DATA))


def _join(call: Call, on: Frame) -> Value:
    other = call.arg(0, "ds")
    left, right = call.arg(3, "on"), call.arg(4, "right_on")
    check_names(call, on.schema, left)
    if isinstance(other, Frame):
        check_names(call, other.schema, left if right in (None, Const(None)) else right)
    if not isinstance(other, Frame) or other.schema is None or on.schema is None:
        return dataset(None)
    both = either(on.schema, other.schema)
    ends = [call.kwargs.get(k) for k in ("left_suffix", "right_suffix")]
    if any(e is not None for e in ends):
        ends_known = [e.text for e in ends if isinstance(e, Text)]
        more = [Column(c.name + e) for c in both.columns for e in ends_known]
        both = replace(both, columns=(*both.columns, *more), merged=True)
    return dataset(both)


def _union(call: Call, on: Frame) -> Value:
    found = on.schema
    for other in call.rest() or [UNKNOWN]:
        if not isinstance(other, Frame) or other.schema is None or found is None:
            return dataset(None)
        found = either(found, other.schema)
    return dataset(found)


def _zip(call: Call, on: Frame) -> Value:
    return dataset(None)


def _same(call: Call, on: Frame) -> Value:
    return on


def _rows(call: Call, on: Frame) -> Value:
    return box(Seq(None, batch(on.schema, None)))


def _batches(call: Call, on: Frame) -> Value:
    return Seq(None, batch(on.schema, call.arg(-1, "batch_format")))


def _one_batch(call: Call, on: Frame) -> Value:
    return batch(on.schema, call.arg(-1, "batch_format"))


def _pandas(call: Call, on: Frame) -> Value:
    return box(Frame(Engine.PANDAS, on.schema))


def _arrow_parts(call: Call, on: Frame) -> Value:
    return box(Seq(None, Promise(Frame(Engine.ARROW, on.schema))))


def _pandas_parts(call: Call, on: Frame) -> Value:
    return box(Seq(None, Promise(box(Frame(Engine.PANDAS, on.schema)))))


def _pieces(call: Call, on: Frame) -> Value:
    return box(Seq(None, on))


def _columns(call: Call, on: Frame) -> Value:
    return names_list(on.schema)


def _schema(call: Call, on: Frame) -> Value:
    return Names(on.schema) if on.schema is not None else UNKNOWN


def _data(call: Call, on: Frame) -> Value:
    return DATA


def _write(call: Call, on: Frame) -> Value:
    check_names(call, on.schema, call.arg(-1, "partition_cols"))
    return Const(None)


METHODS: dict[str, Callable[[Call, Frame], Value]] = {
    "select_columns": _only,
    "drop_columns": _drop,
    "rename_columns": _rename,
    "add_column": _with_column,
    "with_column": _with_column,
    "map_batches": _map_batches,
    "map": _map,
    "flat_map": _flat_map,
    "filter": _filter,
    "sort": _sort,
    "groupby": _group,
    "aggregate": _aggregate,
    **{name: _measure(name) for name in MEASURES},
    "unique": _unique,
    "join": _join,
    "union": _union,
    "zip": _zip,
    **dict.fromkeys(
        [
            "limit",
            "repartition",
            "random_shuffle",
            "materialize",
            "randomize_block_order",
            "random_sample",
            "lazy",
            "fully_executed",
        ],
        _same,
    ),
    **dict.fromkeys(("take", "take_all", "iter_rows"), _rows),
    "iter_batches": _batches,
    "take_batch": _one_batch,
    "to_pandas": _pandas,
    "to_arrow_refs": _arrow_parts,
    "to_pandas_refs": _pandas_parts,
    **dict.fromkeys(("split", "train_test_split", "streaming_split"), _pieces),
    "columns": _columns,
    "schema": _schema,
    **dict.fromkeys(("count", "num_rows", "size_bytes", "show"), _data),
    **dict.fromkeys(("write_parquet", "write_csv", "write_json"), _write),
}
