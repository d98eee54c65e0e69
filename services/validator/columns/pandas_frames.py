"""pandas: frames whose columns are asked for with `frame["name"]`, where that is clear."""

from collections.abc import Callable

from services.validator.columns.calls import Call, elements, entries, names_list, texts
from services.validator.columns.check import check_plain
from services.validator.columns.frames import check_names, mapping_schema, table
from services.validator.columns.schema import Column, Schema, either, schema_of
from services.validator.columns.store import Store
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Box,
    Const,
    Engine,
    Frame,
    Group,
    Lib,
    Made,
    Seq,
    Text,
    Value,
    box,
    content,
)


def pandas(schema: Schema | None) -> Value:
    return table(Engine.PANDAS, schema)


NOTHING_KNOWN = Frame(Engine.PANDAS, None)


def schema_in(on: Value) -> Schema | None:
    inner = content(on)
    return inner.schema if isinstance(inner, Frame) else None


def subscript(call: Call, on: Value, key: Value) -> Value:
    """`frame["name"]`, `frame[["a", "b"]]`, `frame[mask]`."""
    schema, inner = schema_in(on), content(key)
    if isinstance(inner, Text):
        check_plain(call, schema, [inner])
        return DATA
    if isinstance(inner, Seq):
        given = texts(inner)
        if given is None:
            return pandas(None)
        names = check_plain(call, schema, given)
        return pandas(schema.only(names) if schema is not None else schema_of(names))
    return pandas(schema) if inner is DATA or isinstance(inner, Frame) else UNKNOWN


def set_item(store: Store, holder: Box, index: Value, value: Value) -> None:
    """`frame["name"] = value`."""
    inner = holder.content
    if not isinstance(inner, Frame) or inner.schema is None:
        return
    given = texts(index)
    if given is not None:
        schema = inner.schema
        for text in given:
            schema = schema.put(Column(text.text))
        store.fill(holder, Frame(inner.engine, schema))
    elif content(index) is not DATA:
        store.fill(holder, Frame(inner.engine, None))


def set_attribute(store: Store, holder: Box, name: str, value: Value) -> None:
    """`frame.columns = names`."""
    inner = holder.content
    if isinstance(inner, Frame) and name == "columns":
        given = texts(value)
        schema = schema_of(t.text for t in given) if given is not None else None
        store.fill(holder, Frame(inner.engine, schema))


# Methods


def _done(call: Call, on: Value, schema: Schema | None) -> Value:
    """The result of a method that can also work in place."""
    in_place = call.flag("inplace")
    if in_place is False:
        return pandas(schema)
    if isinstance(on, Box):
        call.host.store.fill(on, Frame(Engine.PANDAS, schema if in_place else None))
    return Const(None)


def _drop(call: Call, on: Value) -> Value:
    schema, given = schema_in(on), call.arg(-1, "columns")
    by_axis = call.arg(1, "axis") in (Const(1), Text("columns"))
    if given is None and by_axis:
        given = call.arg(0, "labels")
    if given is None:
        return _done(call, on, schema)
    names = texts(given)
    if names is None or schema is None:
        return _done(call, on, None)
    if call.kwargs.get("errors") is None:
        check_plain(call, schema, names)
    return _done(call, on, schema.without(t.text for t in names))


def _rename(call: Call, on: Value) -> Value:
    schema, pairs = schema_in(on), entries(call.arg(-1, "columns"))
    if "columns" not in call.kwargs:
        return _done(call, on, None)
    if schema is None or pairs is None:
        return _done(call, on, None)
    new = {k: v.text for k, (_, v) in pairs.items() if isinstance(v, Text)}
    return _done(call, on, schema.rename(new.get) if len(new) == len(pairs) else None)


def _assign(call: Call, on: Value) -> Value:
    schema = schema_in(on)
    for name, value in call.kwargs.items():
        call.host.apply(value, [pandas(schema)], {})
        if schema is not None:
            schema = schema.put(Column(name))
    return pandas(None if call.open else schema)


def _sort(call: Call, on: Value) -> Value:
    # The names of levels of the index serve as well: only a plain frame is judged.
    check_names(call, schema_in(on), call.arg(0, "by"))
    return _done(call, on, schema_in(on))


def _largest(call: Call, on: Value) -> Value:
    check_names(call, schema_in(on), call.arg(1, "columns"))
    return pandas(schema_in(on))


def _subset(call: Call, on: Value) -> Value:
    check_names(call, schema_in(on), call.kwargs.get("subset"))
    return _done(call, on, schema_in(on))


def _same(call: Call, on: Value) -> Value:
    return pandas(schema_in(on)) if "inplace" not in call.kwargs else _done(call, on, None)


def _reset(call: Call, on: Value) -> Value:
    schema = schema_in(on)
    if schema is None or call.flag("drop") is True:
        return _done(call, on, schema)
    more = (*schema.columns, Column("index"), Column("level_0"))
    return _done(call, on, Schema(more, loose=schema.loose, merged=True))


def _merge(call: Call, on: Value) -> Value:
    left, right = schema_in(on), schema_in(call.arg(0, "right") or UNKNOWN)
    both = call.arg(2, "on")
    check_names(call, left, both if both is not None else call.arg(3, "left_on"))
    check_names(call, right, both if both is not None else call.arg(4, "right_on"))
    if left is None or right is None:
        return pandas(None)
    shared = either(left, right)
    ends = elements(call.kwargs.get("suffixes", Seq((Text("_x"), Text("_y")))))
    texts_ = [e.text for e in ends or () if isinstance(e, Text)]
    if ends is None or "indicator" in call.kwargs:
        return pandas(None)
    more = [Column(c.name + e) for c in shared.columns for e in texts_ if e]
    return pandas(Schema((*shared.columns, *more), merged=True, loose=shared.loose))


def _group(call: Call, on: Value) -> Value:
    schema = schema_in(on)
    given = texts(call.arg(0, "by"))
    if given is not None:
        check_plain(call, schema, given)
    keys = tuple(Column(t.text) for t in given) if given is not None else None
    return Group(Frame(Engine.PANDAS, schema), keys)


def _records(call: Call, on: Value) -> Value:
    schema = schema_in(on)
    form = call.arg(0, "orient")
    return box(Seq(None, table(Engine.ROW, schema))) if form == Text("records") else UNKNOWN


def _row_pairs(call: Call, on: Value) -> Value:
    return Seq(None, Seq((DATA, table(Engine.ROW, schema_in(on)))))


METHODS: dict[str, Callable[[Call, Value], Value]] = {
    "drop": _drop,
    "rename": _rename,
    "assign": _assign,
    "sort_values": _sort,
    "nlargest": _largest,
    "nsmallest": _largest,
    "dropna": _subset,
    "drop_duplicates": _subset,
    **dict.fromkeys(
        ["head", "tail", "copy", "sample", "fillna", "astype", "query", "round"], _same
    ),
    "reset_index": _reset,
    "merge": _merge,
    "groupby": _group,
    "to_dict": _records,
    "iterrows": _row_pairs,
}


def attribute(on: Value, name: str) -> Value | None:
    """A property of a frame, or a column asked for as one; None for a method."""
    schema = schema_in(on)
    if name == "columns":
        return names_list(schema)
    if name in ("shape", "size", "empty", "index", "values", "dtypes"):
        return DATA
    if name in METHODS or schema is None:
        return None
    return DATA if schema.find(name) else None


# Groups


def choose(call: Call, on: Group, key: Value) -> Value:
    """`groups["x"]` and `groups[["x", "y"]]`."""
    given = texts(key)
    if given is None:
        return Group(on.frame, None)
    check_plain(call, on.frame.schema, given)
    return Group(on.frame, on.keys, chosen=tuple(t.text for t in given))


def group_aggregate(call: Call, on: Group) -> Value:
    """`groups.agg(total=("x", "sum"))` and `groups.agg({"x": "sum"})`."""
    named = entries(call.arg(0, "func"))
    for text, _ in (named or {}).values():
        check_plain(call, on.frame.schema, [text])
    out: list[str] = []
    for name, value in call.kwargs.items():
        parts = elements(value) or []
        if isinstance(value, Made) and value.name.endswith("NamedAgg"):
            parts = [value.args[0] if value.args else value.kwargs.get("column", UNKNOWN)]
        if parts and isinstance(parts[0], Text) and on.chosen is None:
            check_plain(call, on.frame.schema, [parts[0]])
        out.append(name)
    flat = named is not None and all(isinstance(v, Text | Lib) for _, v in named.values())
    names = out or (list(named or ()) if flat else None)
    return _indexed(on, names)


def group_method(call: Call, on: Group, name: str) -> Value:
    """A measure of every group."""
    if name in ("size", "count", "ngroup") or on.chosen is None:
        return UNKNOWN
    return _indexed(on, list(on.chosen))


def _indexed(on: Group, names: list[str] | None) -> Value:
    """A result whose keys are in its index: `reset_index` makes columns of them."""
    if on.keys is None or names is None:
        return UNKNOWN
    keys = [k.name for k in on.keys]
    # Before and after `reset_index` in one: a name is missing only where neither has it.
    columns = tuple(Column(n) for n in dict.fromkeys([*keys, *names]))
    return pandas(Schema(columns, merged=True))


def make(call: Call) -> Value:
    """`pd.DataFrame(…)`."""
    names = call.arg(2, "columns")
    if names is not None:
        given = texts(names)
        return pandas(schema_of(t.text for t in given) if given is not None else None)
    found = call.arg(0, "data")
    schema = mapping_schema(found) if found is not None else None
    rows = elements(found)
    if schema is None and rows:
        schema = mapping_schema(rows[0])
    return pandas(schema)


def merge(call: Call) -> Value:
    """`pd.merge(left, right, …)`."""
    if not call.args or not isinstance(content(call.args[0]), Frame):
        return pandas(None)
    inner = Call(call.host, call.node, call.args[1:], call.kwargs, call.open)
    return _merge(inner, call.args[0])


LIBRARY: dict[str, Callable[[Call], Value]] = {"pandas.DataFrame": make, "pandas.merge": merge}
