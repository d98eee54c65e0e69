"""Frames that go by plain, exact names: Arrow, pandas, rows and batches of Ray."""

from services.validator.columns.calls import Call, texts
from services.validator.columns.check import check_plain
from services.validator.columns.schema import Column, Schema, schema_of
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Engine,
    Entries,
    Frame,
    Text,
    Value,
    box,
    content,
)

_FORMATS = {"pandas": Engine.PANDAS, "pyarrow": Engine.ARROW}


def engine_of(form: Value | None) -> Engine | None:
    """Whose tables a `batch_format` asks for; None when that is not known."""
    if form is None or form == Const(None):
        return Engine.ROW
    if not isinstance(form, Text):
        return None
    return _FORMATS.get(form.text, Engine.ROW)


def batch(schema: Schema | None, form: Value | None) -> Value:
    """A batch of a Dataset in the format that is asked for."""
    engine = engine_of(form)
    if engine is None or (form == Const(None) and form is not None):
        return UNKNOWN
    return table(engine, schema)


def table(engine: Engine, schema: Schema | None) -> Value:
    """A table as its engine holds it: pandas' and rows can be changed."""
    frame = Frame(engine, schema)
    return box(frame) if engine in (Engine.PANDAS, Engine.ROW) else frame


def mapping_schema(value: Value) -> Schema | None:
    """The columns of what a function over batches or rows gives back."""
    match content(value):
        case Frame(schema=schema):
            return schema
        case Entries(items=items):
            return schema_of(items)
    return None


def check_names(call: Call, schema: Schema | None, value: Value | None) -> None:
    """Report the texts of a name or list of names that `schema` has not."""
    check_plain(call, schema, texts(value) or ())


def picked(call: Call, schema: Schema | None, given: list[Text] | None) -> Schema | None:
    """The columns of these names, after a check."""
    if given is None:
        return None
    if schema is None:
        return Schema(tuple(Column(t.text) for t in given))
    return schema.only(check_plain(call, schema, given))
