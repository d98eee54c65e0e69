"""Spark: where frames come from."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from arclight.catalog.profile import TableProfile
from services.validator.analysis.fold import known
from services.validator.columns.calls import Call, elements, entries, texts
from services.validator.columns.miss import Miss, Problem, Ref, Style
from services.validator.columns.schema import Column, Schema, schema_of
from services.validator.columns.spark_names import split_name
from services.validator.columns.tables import Tables, columns_of, untyped
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Engine,
    Frame,
    Made,
    Reader,
    Seq,
    Session,
    Text,
    Value,
    content,
)

_FORMATS = {"csv": ("csv", "tsv"), "json": ("json",), "parquet": ("parquet",)}
_SEPARATORS = {"csv": ",", "tsv": "\t"}
_DDL = re.compile(r"\s*(`(?:[^`]|``)+`|\w+)\s*:?\s+([^,<(]+(?:<[^()]*>|\([^)]*\))?[^,]*)(?:,|$)")


def declared_schema(value: Value | None) -> Schema | None:
    """The columns of a schema that the program writes: DDL text, StructType, or names."""
    inner = content(value) if value is not None else None
    match inner:
        case Text(text=text):
            return _of_ddl(text)
        case Made(name=name, args=args, kwargs=kwargs) if name.endswith(".StructType"):
            fields = elements(args[0] if args else kwargs.get("fields"))
            return _of_fields(fields) if fields is not None else None
        case Seq():
            found = texts(inner)
            return schema_of((t.text for t in found), folded=True) if found is not None else None
    return None


def _of_ddl(text: str) -> Schema | None:
    names: list[str] = []
    here = 0
    while here < len(text):
        found = _DDL.match(text, here)
        if found is None or found.end() == here:
            return None
        names.append(found[1].strip("`").replace("``", "`"))
        here = found.end()
    return schema_of(names, folded=True) if names else None


def _of_fields(fields: list[Value]) -> Schema | None:
    names: list[str] = []
    for field in fields:
        made = isinstance(field, Made) and field.name.endswith(".StructField")
        name = field.args[0] if made and isinstance(field, Made) and field.args else None
        if made and isinstance(field, Made) and name is None:
            name = field.kwargs.get("name")
        if not isinstance(name, Text):
            return None
        names.append(name.text)
    return schema_of(names, folded=True)


# Readers


def reader_method(call: Call, on: Reader, name: str) -> Value:
    """A method of `spark.read`."""
    if name == "format":
        return _with(on, {"format": call.arg(0, "source") or UNKNOWN})
    if name == "option":
        key = call.text(0, "key")
        return _with(on, {key.casefold() if key else "?": call.arg(1, "value") or UNKNOWN})
    if name == "options":
        more = {k.casefold(): v for k, v in call.kwargs.items()}
        return _with(on, more | ({"?": UNKNOWN} if call.open else {}))
    if name == "schema":
        return replace(on, schema=call.arg(0, "schema") or UNKNOWN)
    if name == "table":
        return table(call, name)
    if name in ("csv", "json", "parquet", "load"):
        return _load(call, on, name)
    return Frame(Engine.SPARK, _text_columns(name))


def _text_columns(name: str) -> Schema | None:
    return Schema((Column("value"),), folded=True) if name == "text" else None


def _with(on: Reader, more: dict[str, Value]) -> Reader:
    return replace(on, options={**on.options, **more})


def _load(call: Call, on: Reader, name: str) -> Value:
    given = {k.casefold(): v for k, v in call.kwargs.items()}
    options = {**on.options, **given}
    schema = given.get("schema") or on.schema
    if name == "csv" and len(call.args) > 1:
        schema = call.args[1]
    kind: Value | None = Text(name) if name != "load" else options.get("format")
    if name == "load" and len(call.args) > 1:
        kind = call.args[1]
    if call.open or "?" in options or not isinstance(kind, Text):
        return Frame(Engine.SPARK, None)
    profile = _profile(call, options)
    if schema is not None and schema != Const(None):
        return Frame(Engine.SPARK, _as_declared(call, kind.text, schema, profile, options))
    if profile is None or profile.format not in _FORMATS.get(kind.text.casefold(), ()):
        return Frame(Engine.SPARK, None)
    return Frame(Engine.SPARK, _as_found(profile, options))


def _profile(call: Call, options: dict[str, Value]) -> TableProfile | None:
    """The table that the reader's path means; None for several or unknown ones."""
    path = call.args[0] if call.args else options.get("path", options.get("paths"))
    return at_path(call, path, call.node.args[0] if call.node.args else None)


def at_path(call: Call, path: Value | None, node: ast.expr | None) -> TableProfile | None:
    """The profile of the source at a path; what the machine does not know, folding may."""
    found = [t.text for t in texts(path) or ()]
    if not found and node is not None and content(path or UNKNOWN) is UNKNOWN:
        strings = call.host.fold.strings(node)
        found = list(strings) if strings == known(strings) else []
    return call.host.tables.at(found[0]) if len(found) == 1 else None


def _as_declared(
    call: Call,
    kind: str,
    schema: Value,
    profile: TableProfile | None,
    options: dict[str, Value],
) -> Schema | None:
    found = declared_schema(schema)
    if found is None or profile is None:
        return found
    by_position = kind == "csv" and not (
        _is(options, "header", True) and _is(options, "enforceschema", False)
    )
    if not by_position:
        _check_declared(call, kind, schema, found, profile)
    return _typed(found, columns_of(profile, folded=True))


def _typed(declared: Schema, real: Schema) -> Schema:
    """The declared names with what the profile knows of their content."""
    kinds = {c.name.casefold(): c.kind for c in real.columns}
    return replace(
        declared,
        columns=tuple(replace(c, kind=kinds.get(c.name.casefold())) for c in declared.columns),
    )


def _check_declared(
    call: Call, kind: str, schema: Value, declared: Schema, profile: TableProfile
) -> None:
    real = columns_of(profile, folded=True)
    inner = content(schema)
    text = inner if isinstance(inner, Text) else None
    for column in declared.columns:
        if real.find(column.name):
            continue
        span = _span(text.text, column.name) if text is not None else None
        literal = text.node if text is not None and span is not None else None
        at = text.node if text is not None and text.node is not None else call.node
        ref = Ref((column.name,), at, Style.SQL, literal, span)
        what = f"The schema names the column {column.name!r}, which {profile.name} does not have."
        sure = kind == "csv" and not real.loose
        call.missing(Miss(Problem.COLUMN, ref, real, real.names, sure, what))


def _span(text: str, name: str) -> tuple[int, int] | None:
    quoted = "`" + name.replace("`", "``") + "`"
    found = text.find(quoted)
    if found >= 0:
        return found, found + len(quoted)
    plain = re.search(rf"(?<![\w`]){re.escape(name)}(?![\w`])", text)
    return plain.span() if plain else None


def _as_found(profile: TableProfile, options: dict[str, Value]) -> Schema | None:
    real = columns_of(profile, folded=True)
    if profile.format not in _SEPARATORS:
        return real
    separator = options.get("sep", options.get("delimiter", Text(",")))
    if separator != Text(_SEPARATORS[profile.format]):
        return None
    if _is(options, "header", True):
        return real
    if "header" in options and not _is(options, "header", False):
        return None
    numbered = (Column(f"_c{i}", c.kind) for i, c in enumerate(real.columns))
    return untyped(Schema(tuple(numbered), folded=True))


def _is(options: dict[str, Value], name: str, wanted: bool) -> bool:
    found = options.get(name)
    match found:
        case Const(value=bool() as flag):
            return flag is wanted
        case Text(text=text):
            return text.casefold() == str(wanted).casefold()
    return False


# Tables and rows of the program


def table(call: Call, name: str) -> Value:
    """`spark.table(name)`."""
    found = call.arg(0, "tableName")
    if not isinstance(found, Text):
        return Frame(Engine.SPARK, None)
    parts = split_name(found.text)
    schema = named_table(call, parts, found) if parts else None
    return Frame(Engine.SPARK, schema)


def named_table(
    call: Call, parts: tuple[str, ...], text: Text, span: tuple[int, int] | None = None
) -> Schema | None:
    """The columns of a view or table, which is reported when there is none of the name."""
    views, tables = call.host.views, call.host.tables
    name = ".".join(parts)
    view = views.get(name.casefold().removeprefix("global_temp."))
    if isinstance(view, Frame):
        return view.schema.qualified(name, parts[-1]) if view.schema is not None else None
    profile = tables.named(name)
    if profile is not None:
        real = columns_of(profile, folded=True)
        return real.qualified(name, parts[-1], f"spark_catalog.{name}")
    if view is None and "?" not in views and not _is_known(tables, name):
        ref = Ref(parts, text.node or call.node, Style.SQL, text.node, span)
        choices = (*views, *tables.names)
        if choices:
            call.missing(Miss(Problem.TABLE, ref, choices=choices))
    return None


def _is_known(tables: Tables, name: str) -> bool:
    if not tables.known and not tables.declared:
        return False
    return tables.is_declared(name) or tables.is_declared(name.removeprefix("spark_catalog."))


def create(call: Call) -> Value:
    """`spark.createDataFrame(rows, schema)`."""
    given = call.arg(1, "schema")
    if given is not None and given != Const(None):
        return Frame(Engine.SPARK, declared_schema(given))
    rows = content(call.arg(0, "data") or UNKNOWN)
    if isinstance(rows, Frame) and rows.engine in (Engine.PANDAS, Engine.ARROW):
        folded = replace(rows.schema, folded=True) if rows.schema is not None else None
        return Frame(Engine.SPARK, folded)
    first = elements(rows)
    names = _row_names(first[0]) if first else None
    return Frame(Engine.SPARK, schema_of(names, folded=True) if names is not None else None)


def _row_names(row: Value) -> list[str] | None:
    """The names of a row that is written as a dictionary or `Row(a=1)`."""
    found = entries(row)
    if found is not None:
        return list(found)
    if isinstance(row, Made) and row.name.endswith(".Row") and row.kwargs and not row.args:
        return list(row.kwargs)
    return None


def _range(call: Call) -> Value:
    return Frame(Engine.SPARK, Schema((Column("id"),), folded=True))


def session_method(call: Call, on: Session, name: str) -> Value:
    """A method of a SparkSession or of its builder."""
    if not on.ready:
        return Session() if name in ("getOrCreate", "create") else on
    made = SESSION.get(name)
    return made(call) if made is not None else UNKNOWN


def session_attribute(on: Session, name: str) -> Value | None:
    """`spark.read`; None for a method."""
    if name in ("read", "readStream") and on.ready:
        return Reader({})
    return None


SESSION: dict[str, Callable[[Call], Value]] = {
    "createDataFrame": create,
    "range": _range,
    "table": lambda call: table(call, "table"),
    "newSession": lambda call: Session(),
}
