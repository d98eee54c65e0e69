"""Arrow's tables: what each method needs and what it leaves; expressions over columns."""

from collections.abc import Callable
from dataclasses import replace

from services.validator.columns.calls import (
    Call,
    elements,
    entries,
    names_list,
    plain_ref,
    refs_in,
    texts,
)
from services.validator.columns.check import check_kind, check_plain, lookup
from services.validator.columns.frames import check_names, picked, table
from services.validator.columns.miss import Miss
from services.validator.columns.schema import Column, Kind, Schema, either, schema_of
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Engine,
    Expr,
    Frame,
    Group,
    Made,
    Names,
    Seq,
    Text,
    Value,
    box,
)

_NUMBERS = frozenset({"sum", "mean", "stddev", "variance", "product", "approximate_median"})


def arrow(schema: Schema | None) -> Frame:
    return Frame(Engine.ARROW, schema)


def check_expr(call: Call, schema: Schema | None, value: Value | None) -> None:
    """Report the fields of an expression that `schema` has not."""
    for ref in value.refs if isinstance(value, Expr) and schema is not None else ():
        found = lookup(schema, ref) if schema is not None else None
        if isinstance(found, Miss):
            call.missing(found)


def field(call: Call) -> Value:
    """`pc.field("name")`."""
    found = call.arg(0)
    if isinstance(found, Text) and len(call.args) == 1:
        return Expr((plain_ref(found, call.node),), plain=True)
    return Expr()


def compute(call: Call, name: str) -> Value:
    """A function of `pyarrow.compute`: of expressions an expression, of data data."""
    given = (*call.args, *call.kwargs.values())
    refs = refs_in(given)
    if any(isinstance(v, Expr) for v in given):
        return Expr(refs)
    return DATA


def expr_method(call: Call, on: Value) -> Value:
    return Expr(refs_in((on, *call.args)))


# Methods


def _select(call: Call, on: Frame) -> Value:
    return arrow(picked(call, on.schema, texts(call.arg(0, "columns"))))


def _drop(call: Call, on: Frame) -> Value:
    given = texts(call.arg(0, "columns"))
    if given is None or on.schema is None:
        return arrow(None)
    check_plain(call, on.schema, given)
    return arrow(on.schema.without(t.text for t in given))


def _rename(call: Call, on: Frame) -> Value:
    pairs = entries(call.arg(0, "names"))
    if pairs is not None and on.schema is not None:
        check_plain(call, on.schema, [t for t, _ in pairs.values()])
        new = {k: v.text for k, (_, v) in pairs.items() if isinstance(v, Text)}
        return arrow(on.schema.rename(new.get) if len(new) == len(pairs) else None)
    listed = texts(call.arg(0, "names"))
    return arrow(schema_of(t.text for t in listed) if listed is not None else None)


def _append(call: Call, on: Frame) -> Value:
    name = call.arg(0, "field_")
    return _put(on, name, at_end=True)


def _set(call: Call, on: Frame) -> Value:
    return _put(on, call.arg(1, "field_"), at_end=False)


def _add(call: Call, on: Frame) -> Value:
    return _put(on, call.arg(1, "field_"), at_end=True)


def _put(on: Frame, name: Value | None, *, at_end: bool) -> Value:
    if isinstance(name, Made) and name.args:
        name = name.args[0]
    if not isinstance(name, Text) or on.schema is None:
        return arrow(None)
    if not at_end and not on.schema.find(name.text):
        # Another column was at its place, and is gone: which one is not followed.
        return arrow(either(on.schema, on.schema.put(Column(name.text))))
    return arrow(on.schema.put(Column(name.text)))


def _sort(call: Call, on: Frame) -> Value:
    check_plain(call, on.schema, order_names(call.arg(0, "sorting")))
    return on


def order_names(value: Value | None) -> list[Text]:
    """The names of `"x"` or `[("x", "ascending"), …]`."""
    if isinstance(value, Text):
        return [value]
    pairs = [elements(v) for v in elements(value) or ()]
    return [p[0] for p in pairs if p and isinstance(p[0], Text)]


def _filter(call: Call, on: Frame) -> Value:
    check_expr(call, on.schema, call.arg(0, "mask"))
    return on


def _same(call: Call, on: Frame) -> Value:
    return on


def _column(call: Call, on: Frame) -> Value:
    check_names(call, on.schema, call.arg(0, "i"))
    return DATA


def _group(call: Call, on: Frame) -> Value:
    given = texts(call.arg(0, "keys"))
    if given is None:
        return Group(on, None)
    check_plain(call, on.schema, given)
    return Group(on, tuple(Column(t.text) for t in given))


def group_aggregate(call: Call, on: Group) -> Value:
    """`groups.aggregate([("x", "sum"), …])`."""
    given = elements(call.arg(0, "aggregations"))
    if given is None:
        return arrow(None)
    out: list[Column] = []
    for item in given:
        parts = elements(item) or []
        if len(parts) < 2 or not isinstance(parts[1], Text):
            return arrow(None)
        names = texts(parts[0])
        if names is None:
            return arrow(None)
        function = parts[1].text.removeprefix("hash_")
        for text in names:
            _need(call, on.frame, text, function)
        out.append(Column("_".join([*(t.text for t in names), function])))
    return arrow(Schema((*on.keys, *out)) if on.keys is not None else None)


def _need(call: Call, on: Frame, text: Text, function: str) -> None:
    if on.schema is None:
        return
    check_plain(call, on.schema, [text])
    for column in on.schema.find(text.text)[:1]:
        if function in _NUMBERS and column.kind is Kind.TEXT:
            check_kind(call, replace(plain_ref(text, call.node), needs=function), column)


def _join(call: Call, on: Frame) -> Value:
    other, keys = call.arg(0, "right_table"), call.arg(1, "keys")
    right_keys, how = call.arg(2, "right_keys"), call.arg(3, "join_type")
    check_names(call, on.schema, keys)
    right = other.schema if isinstance(other, Frame) else None
    check_names(call, right, keys if right_keys in (None, Const(None)) else right_keys)
    if on.schema is None or right is None:
        return arrow(None)
    side = how.text if isinstance(how, Text) else "left outer" if how is None else "?"
    if side.startswith(("left semi", "left anti")):
        return arrow(on.schema)
    return arrow(_both(call, on.schema, right))


def _both(call: Call, left: Schema, right: Schema) -> Schema:
    both = either(left, right)
    ends = [call.kwargs.get(k) for k in ("left_suffix", "right_suffix")]
    known = [e.text for e in ends if isinstance(e, Text) and e.text]
    more = [Column(c.name + e) for c in both.columns for e in known]
    return Schema((*both.columns, *more), merged=True, loose=both.loose)


def _to_pandas(call: Call, on: Frame) -> Value:
    return table(Engine.PANDAS, on.schema)


def _rows(call: Call, on: Frame) -> Value:
    return box(Seq(None, table(Engine.ROW, on.schema)))


def _pydict(call: Call, on: Frame) -> Value:
    return table(Engine.ROW, on.schema)


def _batches(call: Call, on: Frame) -> Value:
    return box(Seq(None, on))


METHODS: dict[str, Callable[[Call, Frame], Value]] = {
    "select": _select,
    "drop": _drop,
    "drop_columns": _drop,
    "rename_columns": _rename,
    "append_column": _append,
    "add_column": _add,
    "set_column": _set,
    "sort_by": _sort,
    "filter": _filter,
    **dict.fromkeys(["slice", "take", "combine_chunks", "unify_dictionaries", "drop_null"], _same),
    "cast": _same,
    "column": _column,
    "group_by": _group,
    "join": _join,
    "to_pandas": _to_pandas,
    "to_pylist": _rows,
    "to_pydict": _pydict,
    "to_batches": _batches,
}


def attribute(on: Frame, name: str) -> Value | None:
    """A property of a table; None for a method."""
    if name == "column_names":
        return names_list(on.schema)
    if name == "schema":
        return Names(on.schema) if on.schema is not None else UNKNOWN
    if name in ("num_rows", "num_columns", "nbytes", "shape"):
        return DATA
    if name == "columns":
        return box(Seq(None, DATA))
    return None
