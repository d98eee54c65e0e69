"""Arrow's schemas, tables and datasets as a program makes them."""

from collections.abc import Callable

from services.validator.columns.arrow import arrow, check_expr, field
from services.validator.columns.calls import Call, as_list, elements, entries, names_list, texts
from services.validator.columns.frames import check_names, mapping_schema, picked
from services.validator.columns.schema import schema_of
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Expr,
    Frame,
    Made,
    Names,
    Seq,
    Text,
    Value,
    content,
)


def make_schema(call: Call) -> Value:
    """`pa.schema(…)`."""
    given = call.arg(0, "fields")
    named = entries(given)
    if named is not None:
        return Names(schema_of(named), tuple(text for text, _ in named.values()))
    names: list[Text] = []
    for item in elements(given) or [UNKNOWN]:
        parts = item.args if isinstance(item, Made) else elements(item)
        first = parts[0] if parts else None
        if not isinstance(first, Text):
            return UNKNOWN
        names.append(first)
    return Names(schema_of(t.text for t in names), tuple(names))


def names_attribute(on: Names, name: str) -> Value | None:
    """An attribute of a schema; None for a method."""
    if name != "names":
        return None
    return as_list(on.texts) if on.texts else names_list(on.schema)


def names_method(call: Call, on: Names, name: str) -> Value:
    """A method of a schema."""
    if name == "empty_table":
        return arrow(on.schema)
    if name == "field":
        check_names(call, on.schema, call.arg(0))
    return UNKNOWN


def make_table(call: Call) -> Value:
    """`pa.table(…)`, `pa.Table.from_arrays(…)` and the like."""
    names, schema = call.arg(-1, "names"), call.arg(-1, "schema")
    if isinstance(schema, Names):
        return arrow(schema.schema)
    if names is not None:
        given = texts(names)
        return arrow(schema_of(t.text for t in given) if given is not None else None)
    first = call.arg(0, "data", "mapping", "df")
    return arrow(mapping_schema(first) if first is not None else None)


def from_rows(call: Call) -> Value:
    """`pa.Table.from_pylist(rows)`."""
    schema = call.arg(1, "schema")
    if isinstance(schema, Names):
        return arrow(schema.schema)
    rows = elements(call.arg(0, "mapping"))
    return arrow(mapping_schema(rows[0]) if rows else None)


def concat(call: Call) -> Value:
    """`pa.concat_tables(tables)`: all have the columns of the first."""
    inner = content(call.arg(0, "tables") or UNKNOWN)
    if not isinstance(inner, Seq):
        return arrow(None)
    first = content(inner.items[0]) if inner.items else inner.each
    return first if isinstance(first, Frame) else arrow(None)


def in_memory(call: Call) -> Value:
    """`ds.InMemoryDataset(table)`."""
    found = call.arg(0, "source")
    schema = found.schema if isinstance(found, Frame) else None
    return Made("pyarrow.dataset.Dataset", (arrow(schema),), {})


def dataset_method(call: Call, on: Made, name: str) -> Value:
    """`dataset.to_table(columns, filter=…)`."""
    source = on.args[0] if on.args else UNKNOWN
    schema = source.schema if isinstance(source, Frame) else None
    if name not in ("to_table", "scanner", "head"):
        return UNKNOWN
    check_expr(call, schema, call.arg(-1, "filter"))
    wanted = call.arg(0 if name == "to_table" else -1, "columns")
    if wanted is None or wanted == Const(None):
        return arrow(schema)
    named = entries(wanted)
    if named is None:
        return arrow(picked(call, schema, texts(wanted)))
    for _, value in named.values():
        check_expr(call, schema, value)
    return arrow(schema_of(named))


LIBRARY: dict[str, Callable[[Call], Value]] = {
    "pyarrow.compute.field": field,
    "pyarrow.dataset.field": field,
    "pyarrow.compute.scalar": lambda call: Expr(),
    "pyarrow.schema": make_schema,
    "pyarrow.table": make_table,
    "pyarrow.Table.from_arrays": make_table,
    "pyarrow.Table.from_pydict": make_table,
    "pyarrow.Table.from_pandas": make_table,
    "pyarrow.Table.from_pylist": from_rows,
    "pyarrow.concat_tables": concat,
    "pyarrow.dataset.InMemoryDataset": in_memory,
}
