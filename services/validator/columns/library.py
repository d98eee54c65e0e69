"""Which handler answers which call, attribute and subscript."""

import ast

from services.validator.analysis.words import words
from services.validator.columns import (
    arrow,
    arrow_made,
    builtin,
    containers,
    pandas_frames,
    ray_data,
    ray_groups,
    ray_read,
    spark_columns,
    spark_frames,
    spark_groups,
    spark_joins,
    spark_read,
    spark_sql,
)
from services.validator.columns.calls import Call
from services.validator.columns.check import check_refs
from services.validator.columns.containers import spoil, spoil_all
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Bound,
    Engine,
    Entries,
    Expr,
    Frame,
    Group,
    Lib,
    Made,
    Names,
    Own,
    Promise,
    Reader,
    Rest,
    Seq,
    Session,
    Text,
    Value,
    WindowSpec,
    Writer,
    box,
    content,
)

_FUNCTIONS = "pyspark.sql.functions."
_WINDOWS = ("pyspark.sql.Window.", "pyspark.sql.window.Window.")
_SESSIONS = ("pyspark.sql.SparkSession", "pyspark.sql.session.SparkSession")
_COLUMNS_A_STEP = 10
"""Columns of a frame that are copied in the time of one step."""
_COMPUTE = "pyarrow.compute."
_PURE = words(
    "pyarrow ray pandas numpy pyspark math os pathlib json re datetime decimal itertools time"
)
"""Modules that do not change the lists they are given."""
_EXACT = {
    **{f"builtins.{name}": handle for name, handle in builtin.BUILTIN.items()},
    **builtin.OTHER,
    **ray_read.READS,
    **arrow_made.LIBRARY,
    **pandas_frames.LIBRARY,
}
_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "os.fspath", "os.path.abspath"})


def constant(lib: Lib) -> Value:
    """What a dotted name stands for."""
    if lib.name in (f"{s}.builder" for s in _SESSIONS):
        return Session(ready=False)
    if lib.name == "sys.argv":
        return DATA
    return lib


def is_remote(value: Value) -> bool:
    """True for the decorator `ray.remote`, with or without options."""
    return isinstance(value, Lib | Made) and value.name == "ray.remote"


# Calls


def called(call: Call, func: Value) -> Value:
    """The result of a call."""
    match func:
        case Own():
            return _own(call, func, call.args)
        case Lib(name=name):
            return _library(call, name)
        case Bound(on=on, name=name):
            return _method(call, on, name)
        case Made(name="udf"):
            return spark_columns.called_udf(call)
    spoil_all(call)
    if func is DATA:
        return DATA
    by_name = isinstance(call.node.func, ast.Name)
    if by_name and any(isinstance(a, Expr) for a in call.args):
        return spark_columns.called_udf(call)  # A decorated function over columns.
    return UNKNOWN


def _library(call: Call, name: str) -> Value:
    handle = _EXACT.get(name)
    if handle is not None:
        return handle(call)
    if name.startswith(_FUNCTIONS):
        return spark_columns.function(call, name.removeprefix(_FUNCTIONS))
    for prefix in _WINDOWS:
        if name.startswith(prefix):
            return spark_columns.window(call, name.removeprefix(prefix))
    if name.startswith(_SESSIONS):
        return Session(ready=not name.endswith("builder"))
    if name.startswith(_COMPUTE):
        return arrow.compute(call, name.removeprefix(_COMPUTE))
    if name == "ray.data.expressions.col":
        return arrow.field(call)
    if name in _PATHS and len(call.args) == 1 and isinstance(call.args[0], Text):
        return call.args[0]
    root = name.partition(".")[0]
    plain = name.removeprefix("builtins.") in builtin.PURE
    if root not in _PURE and not plain:
        spoil_all(call)
    return Made(name, tuple(call.args), call.kwargs) if not call.open else UNKNOWN


def _method(call: Call, on: Value, name: str) -> Value:
    inner = content(on)
    match inner:
        case Frame():
            return _frame_method(call, on, inner, name)
        case Group():
            return _group_method(call, inner, name)
        case Expr():
            own = spark_columns.COLUMN.get(name, spark_columns.COLUMN_DEFAULT)
            return own(call, inner)
        case Text():
            return containers.text_method(call, inner, name)
        case Session():
            if name == "sql":
                return spark_sql.run(call)
            return spark_read.session_method(call, inner, name)
        case Reader():
            return spark_read.reader_method(call, inner, name)
        case Writer():
            return _written(call, inner, name)
        case WindowSpec():
            return spark_columns.window_method(call, inner, name)
        case Names():
            return arrow_made.names_method(call, inner, name)
        case Own():
            return _own_method(call, inner, name)
        case Made(name="pyarrow.dataset.Dataset"):
            return arrow_made.dataset_method(call, inner, name)
        case Seq() | Entries():
            return _container(call, on, inner, name)
    return _unknown_method(call, on, name)


def _unknown_method(call: Call, on: Value, name: str) -> Value:
    spoil_all(call)
    spoil(call.host.store, on)
    alias = call.text(0)
    if on is UNKNOWN and name == "alias" and alias is not None:
        return Expr(names=(alias,))
    return DATA if on is DATA else UNKNOWN


def _container(call: Call, on: Value, inner: Value, name: str) -> Value:
    table = containers.LIST if isinstance(inner, Seq) else containers.DICT
    own = table.get(name)
    if own is not None:
        return own(call, on)
    return _unknown_method(call, on, name)


def _frame_method(call: Call, on: Value, frame: Frame, name: str) -> Value:
    if frame.schema is not None:
        call.host.spend(len(frame.schema.columns) // _COLUMNS_A_STEP)
    match frame.engine:
        case Engine.SPARK:
            own = spark_joins.METHODS.get(name) or spark_frames.METHODS.get(name)
        case Engine.RAY:
            own = ray_data.METHODS.get(name)
        case Engine.ARROW:
            own = arrow.METHODS.get(name)
        case Engine.PANDAS:
            method = pandas_frames.METHODS.get(name)
            return method(call, on) if method is not None else _other_pandas(call, on, name)
        case Engine.ROW:
            return _row_method(call, on, frame, name)
    if own is not None:
        return own(call, frame)
    spoil_all(call)
    return UNKNOWN


_CHANGES = words("insert pop update eval set_index setdefault clear")
_MEASURES = words("sum mean min max count std var median describe corr any all")


def _other_pandas(call: Call, on: Value, name: str) -> Value:
    if name in _CHANGES or "inplace" in call.kwargs:
        spoil(call.host.store, on)
    spoil_all(call)
    return DATA if name in _MEASURES else UNKNOWN


def _row_method(call: Call, on: Value, frame: Frame, name: str) -> Value:
    if name == "asDict":
        return box(frame)
    if name in ("get", "items", "values", "keys"):
        return containers.DICT[name](call, on) if name in ("items", "keys") else UNKNOWN
    spoil(call.host.store, on)
    return UNKNOWN


def _group_method(call: Call, group: Group, name: str) -> Value:
    match group.frame.engine:
        case Engine.SPARK:
            spark = spark_groups.METHODS.get(name)
            return spark(call, group) if spark is not None else UNKNOWN
        case Engine.RAY:
            ray = ray_groups.GROUP.get(name)
            return ray(call, group) if ray is not None else UNKNOWN
        case Engine.ARROW:
            return arrow.group_aggregate(call, group) if name == "aggregate" else UNKNOWN
    if name in ("agg", "aggregate"):
        return pandas_frames.group_aggregate(call, group)
    if name in _MEASURES:
        return pandas_frames.group_method(call, group, name)
    return UNKNOWN


def _written(call: Call, on: Writer, name: str) -> Value:
    if name in ("partitionBy", "bucketBy", "sortBy"):
        start = 1 if name == "bucketBy" else 0
        found = spark_columns.exprs(call, call.rest(start) or ())
        for expr in found:
            check_refs(call, on.frame, expr.refs if expr else ())
    if name == "saveAsTable":
        table = call.text(0, "name")
        call.host.store.put(call.host.views, table.casefold() if table else "?", on.frame)
    return on


def _own_method(call: Call, on: Own, name: str) -> Value:
    """`function.remote(…)` and `function.options(…)`."""
    if name == "options":
        return on
    if name == "remote":
        return Promise(_own(call, on, [_fetched(a) for a in call.args]))
    return UNKNOWN


def _fetched(value: Value) -> Value:
    """An argument of a remote call inside it: references stand for their values."""
    if isinstance(value, Rest):
        return Rest(_fetched(value.each))
    return value.value if isinstance(value, Promise) else value


def _own(call: Call, function: Own, args: list[Value]) -> Value:
    if any(k.arg is None for k in call.node.keywords) and call.open:
        spoil_all(call)
        return UNKNOWN
    return call.host.run(function, args, call.kwargs)
