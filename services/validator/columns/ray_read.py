"""Where Ray, pandas and Arrow get their tables, and Ray's own functions."""

from collections.abc import Callable

from arclight.catalog.profile import TableProfile
from services.validator.columns.calls import Call, elements, entries, texts
from services.validator.columns.check import check_plain
from services.validator.columns.frames import mapping_schema, picked, table
from services.validator.columns.ray_data import dataset
from services.validator.columns.schema import Column, Schema
from services.validator.columns.spark_read import at_path
from services.validator.columns.tables import columns_of
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Engine,
    Made,
    Promise,
    Seq,
    Text,
    Value,
    box,
    content,
)

_SEPARATORS = {"csv": ",", "tsv": "\t"}
_PATHS = ("paths", "path", "filepath_or_buffer", "input_file", "source", "where", "path_or_buf")


def _profile(call: Call, form: str) -> TableProfile | None:
    path = call.arg(0, *_PATHS)
    found = at_path(call, path, call.node.args[0] if call.node.args else None)
    fits = found is not None and (found.format == form or (form == "csv" and found.format == "tsv"))
    return found if fits else None


def _separated(profile: TableProfile, separator: Value | None) -> bool:
    given = separator if separator is not None else Text(",")
    return given == Text(_SEPARATORS.get(profile.format, ","))


def _arrow_csv(call: Call) -> Schema | None:
    """The columns of a CSV file as Arrow reads it, for Ray and for `pyarrow.csv`."""
    convert, parse, read = (
        call.arg(-1, key) for key in ("convert_options", "parse_options", "read_options")
    )
    profile = _profile(call, "csv")
    wanted = _option(convert, "include_columns")
    if isinstance(read, Made) and set(read.kwargs) - {"use_threads", "block_size", "encoding"}:
        return None
    if (read is not None and not isinstance(read, Made)) or call.open:
        return None
    known = profile is not None and _separated(profile, _option(parse, "delimiter"))
    real = columns_of(profile) if profile is not None and known else None
    if convert is not None and not isinstance(convert, Made):
        return None
    if wanted is None or wanted == Const(None):
        return real
    lenient = _option(convert, "include_missing_columns")
    given = texts(wanted)
    return picked(call, None if lenient is not None else real, given)


def _option(made: Value | None, name: str) -> Value | None:
    if not isinstance(made, Made):
        return None
    return UNKNOWN if made.args else made.kwargs.get(name)


def _ray_csv(call: Call) -> Value:
    return dataset(_with_paths(call, _arrow_csv(call)))


def _with_paths(call: Call, schema: Schema | None) -> Schema | None:
    more = call.flag("include_paths")
    if schema is None or more is None or "partitioning" in call.kwargs:
        return None
    return schema.put(Column("path")) if more else schema


def _ray_parquet(call: Call) -> Value:
    profile = _profile(call, "parquet")
    real = columns_of(profile) if profile is not None else None
    wanted = call.arg(-1, "columns")
    if wanted is not None and wanted != Const(None):
        return dataset(_with_paths(call, picked(call, real, texts(wanted))))
    return dataset(_with_paths(call, real))


def _ray_json(call: Call) -> Value:
    profile = _profile(call, "json")
    return dataset(_with_paths(call, columns_of(profile) if profile is not None else None))


def _ray_text(call: Call) -> Value:
    return dataset(_with_paths(call, Schema((Column("text"),))))


def _from_items(call: Call) -> Value:
    rows = elements(call.arg(0, "items"))
    first = rows[0] if rows else None
    if first is None:
        return dataset(None)
    named = [entries(r) for r in rows or ()]
    if any(n is None for n in named):
        plain = all(isinstance(content(r), Const | Text) for r in rows or ())
        return dataset(Schema((Column("item"),)) if plain else None)
    return dataset(mapping_schema(first))


def _from_frame(call: Call) -> Value:
    found = content(call.arg(0, "dfs", "tables") or UNKNOWN)
    if isinstance(found, Seq):
        found = content(found.items[0]) if found.items else UNKNOWN
    return dataset(mapping_schema(found))


def _range(call: Call) -> Value:
    return dataset(Schema((Column("id"),)))


def _get(call: Call) -> Value:
    found = call.arg(0, "object_refs")
    inner = content(found) if found is not None else UNKNOWN
    match inner:
        case Promise(value=value):
            return value
        case Seq(items=tuple() as items):
            return box(Seq(tuple(i.value if isinstance(i, Promise) else UNKNOWN for i in items)))
        case Seq(each=Promise(value=value)):
            return box(Seq(None, value))
    return UNKNOWN


def _put(call: Call) -> Value:
    return Promise(call.arg(0, "value") or UNKNOWN)


# pandas and Arrow


def _pandas_csv(call: Call) -> Value:
    form = call.kwargs
    profile = _profile(call, "csv")
    odd = {"names", "header", "index_col", "skiprows", "chunksize", "iterator", "prefix"}
    if call.open or odd & set(form) or len(call.args) > 1:
        return table(Engine.PANDAS, None)
    fits = profile is not None and _separated(profile, form.get("sep", form.get("delimiter")))
    real = columns_of(profile) if profile is not None and fits else None
    if "usecols" in form:
        return table(Engine.PANDAS, picked(call, real, texts(form["usecols"])))
    if real is not None:
        for key in ("dtype", "parse_dates"):
            named = entries(form.get(key))
            given = [t for t, _ in named.values()] if named else texts(form.get(key)) or []
            if key == "parse_dates":
                check_plain(call, real, given)
    return table(Engine.PANDAS, real)


def _pandas_parquet(call: Call) -> Value:
    return table(Engine.PANDAS, _parquet(call))


def _arrow_parquet(call: Call) -> Value:
    return table(Engine.ARROW, _parquet(call))


def _parquet(call: Call) -> Schema | None:
    profile = _profile(call, "parquet")
    real = columns_of(profile) if profile is not None else None
    wanted = call.arg(-1, "columns")
    if wanted is None or wanted == Const(None):
        return real
    return picked(call, real, texts(wanted))


def _pandas_json(call: Call) -> Value:
    profile = _profile(call, "json")
    lines = call.flag("lines")
    known = profile is not None and lines is True
    return table(Engine.PANDAS, columns_of(profile) if profile is not None and known else None)


def _arrow_csv_table(call: Call) -> Value:
    return table(Engine.ARROW, _arrow_csv(call))


READS: dict[str, Callable[[Call], Value]] = {
    "ray.data.read_csv": _ray_csv,
    "ray.data.read_parquet": _ray_parquet,
    "ray.data.read_json": _ray_json,
    "ray.data.read_text": _ray_text,
    "ray.data.from_items": _from_items,
    "ray.data.from_pandas": _from_frame,
    "ray.data.from_arrow": _from_frame,
    "ray.data.range": _range,
    "ray.get": _get,
    "ray.put": _put,
    "pandas.read_csv": _pandas_csv,
    "pandas.read_parquet": _pandas_parquet,
    "pandas.read_json": _pandas_json,
    "pyarrow.parquet.read_table": _arrow_parquet,
    "pyarrow.csv.read_csv": _arrow_csv_table,
}
