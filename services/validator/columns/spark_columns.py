"""Column expressions of Spark: `pyspark.sql.functions`, methods of columns, windows."""

import ast
from collections.abc import Iterable
from dataclasses import replace

from services.validator.columns import spark_functions as functions
from services.validator.columns.calls import Call, Method, Methods, elements, refs_in
from services.validator.columns.check import spark_ref
from services.validator.columns.miss import Ref
from services.validator.columns.schema import Kind
from services.validator.columns.spark_text import expression
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Engine,
    Expr,
    Frame,
    Lib,
    Made,
    Own,
    Text,
    Value,
    WindowSpec,
    content,
)

_TYPES = {
    **dict.fromkeys(
        [
            "tinyint",
            "smallint",
            "int",
            "integer",
            "bigint",
            "long",
            "short",
            "byte",
            "float",
            "double",
            "decimal",
            "real",
        ],
        Kind.NUMBER,
    ),
    "boolean": Kind.TRUTH,
    **dict.fromkeys(("date", "timestamp", "timestamp_ntz", "timestamp_ltz"), Kind.TIME),
}
_TYPE_CLASSES = {
    **dict.fromkeys(
        [
            "IntegerType",
            "LongType",
            "DoubleType",
            "FloatType",
            "ShortType",
            "ByteType",
            "DecimalType",
        ],
        Kind.NUMBER,
    ),
    "BooleanType": Kind.TRUTH,
    **dict.fromkeys(("DateType", "TimestampType", "TimestampNTZType"), Kind.TIME),
}


def as_expr(value: Value, at: ast.AST) -> Expr | None:
    """What a text, a column or a constant means as a column; None when that is not known."""
    match value:
        case Expr():
            return value
        case Text(text=text):
            if text == "*" or text.endswith(".*"):
                return Expr(star=tuple(text.split(".")[:-1]))
            ref = spark_ref(value, at)
            return None if ref is None else Expr((ref,), (ref.parts[-1],), plain=True)
        case Const():
            return Expr(guessed=True)
    return None


def exprs(call: Call, values: Iterable[Value]) -> list[Expr | None]:
    return [as_expr(v, call.node) for v in values]


def function(call: Call, name: str) -> Value:
    """A call of `pyspark.sql.functions.<name>`."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(call)
    if is_function(name):
        return _plain(call, name)
    given = (*call.args, *call.kwargs.values())
    return Expr(refs_in(given), guessed=True)


def is_function(name: str) -> bool:
    """True for a name of `pyspark.sql.functions`."""
    return name in _SPECIAL or name in functions.NAMES_ONLY or name in functions.MIXED


def _plain(call: Call, name: str) -> Value:
    layout = functions.MIXED.get(name)
    aggregated = name in functions.AGGREGATES
    taken = _Taken(name if name in functions.NUMBERS_ONLY else "")
    for position, value in enumerate(call.args):
        column = layout is None or layout.is_column(position)
        for part in elements(value) or [value] if not isinstance(value, Text) else [value]:
            taken.take(call, part, column)
    for keyword, value in call.kwargs.items():
        taken.take(call, value, layout is None or keyword in layout.columns)
    found = tuple(taken.refs)
    if aggregated:
        found = tuple(replace(r, aggregated=True) for r in found)
    if name in functions.OPEN:
        return Expr(found, guessed=True, star=("?",))
    kind = Kind.NUMBER if name in functions.NUMBERS_ONLY | functions.RETURNS_NUMBER else None
    names = functions.EXPLODES.get(name) or (f"{_NAMED.get(name, name)}({', '.join(taken.shown)})",)
    return Expr(found, names, guessed=True, kind=kind)


class _Taken:
    """The names that the arguments of a function need, and how its result would be called."""

    def __init__(self, needs: str) -> None:
        self.refs: dict[Ref, None] = {}
        self.shown: list[str] = []
        self._needs = needs

    def take(self, call: Call, value: Value, column: bool) -> None:
        if isinstance(value, Text) and column:
            if value.text == "*":
                self.shown.append("1")
                return
            ref = spark_ref(value, call.node)
            if ref is not None:
                self._add(ref)
            self.shown.append(value.text)
        elif isinstance(value, Expr):
            if value.plain and len(value.refs) == 1:
                self._add(value.refs[0])
            else:
                self.refs.update(dict.fromkeys(value.refs))
            self.shown.append(value.names[0] if len(value.names) == 1 else "…")

    def _add(self, ref: Ref) -> None:
        self.refs[replace(ref, needs=self._needs) if self._needs else ref] = None


_NAMED = {"mean": "avg", "std": "stddev"}


def _col(call: Call) -> Value:
    found = call.arg(0, "col", "colName")
    known = as_expr(found, call.node) if isinstance(found, Text) else None
    return known if known is not None else Expr(guessed=True, star=("?",))


def _lit(call: Call) -> Value:
    match call.arg(0, "col"):
        case Expr() as column:
            return column
        case Text(text=text):
            return Expr(names=(text,))
        case Const(value=value):
            return Expr(names=(str(value),), guessed=True)
    return Expr(guessed=True)


def _expr(call: Call) -> Value:
    text = call.arg(0, "str")
    found = expression(text, call.node) if isinstance(text, Text) else None
    return found if found is not None else Expr(guessed=True, star=("?",))


def _when(call: Call) -> Value:
    return Expr(refs_in((*call.args, *call.kwargs.values())), guessed=True)


def _sort(call: Call) -> Value:
    found = as_expr(call.args[0], call.node) if call.args else None
    return found or Expr(guessed=True)


def _higher(call: Call) -> Value:
    refs: dict[Ref, None] = {}
    for value in (*call.args, *call.kwargs.values()):
        if isinstance(value, Own):
            count = len(value.node.args.args)
            value = call.host.apply(value, [Expr(guessed=True)] * count, {})
        found = as_expr(value, call.node)
        refs.update(dict.fromkeys(found.refs if found else ()))
    return Expr(tuple(refs), guessed=True)


def _broadcast(call: Call) -> Value:
    return call.arg(0, "df") or UNKNOWN


def _udf(call: Call) -> Value:
    return Made("udf", (), {})


def called_udf(call: Call) -> Value:
    """A call of a user-defined function: its texts name columns."""
    refs: dict[Ref, None] = {}
    for value in call.args:
        found = as_expr(value, call.node)
        refs.update(dict.fromkeys(found.refs if found else ()))
    return Expr(tuple(refs), guessed=True)


def _call_function(call: Call) -> Value:
    return called_udf(replace(call, args=call.args[1:]))


_SPECIAL = {
    "col": _col,
    "column": _col,
    "lit": _lit,
    "expr": _expr,
    "when": _when,
    "broadcast": _broadcast,
    "udf": _udf,
    "pandas_udf": _udf,
    "call_function": _call_function,
    "call_udf": _call_function,
    **dict.fromkeys(functions.SORTS, _sort),
    **dict.fromkeys(functions.HIGHER, _higher),
}


# Methods of columns


def _alias(call: Call, on: Value) -> Value:
    assert isinstance(on, Expr)
    names = [a.text for a in call.args if isinstance(a, Text)]
    if call.open or len(names) != len(call.args) or not names:
        return replace(on, names=(), guessed=True, column=None, star=("?",))
    return replace(on, names=tuple(names), guessed=False, column=None, star=None, plain=False)


def _cast(call: Call, on: Value) -> Value:
    assert isinstance(on, Expr)
    kind = _type(call.arg(0, "dataType"))
    return replace(on, kind=kind, column=None, plain=False)


def _type(value: Value | None) -> Kind | None:
    if isinstance(value, Text):
        return _TYPES.get(value.text.partition("(")[0].strip().casefold())
    if isinstance(value, Made | Lib):
        return _TYPE_CLASSES.get(value.name.rpartition(".")[2])
    return None


def _combined(call: Call, on: Value) -> Value:
    """A method whose arguments are columns or constants."""
    return Expr(refs_in((on, *call.args, *call.kwargs.values())), guessed=True)


def _same(call: Call, on: Value) -> Value:
    return on


def _over(call: Call, on: Value) -> Value:
    assert isinstance(on, Expr)
    spec = call.arg(0, "window")
    more = spec.refs if isinstance(spec, WindowSpec) else ()
    # Inside a window an aggregate sees the rows of this frame, not those below.
    refs = tuple(replace(r, aggregated=False) for r in (*on.refs, *more))
    return replace(on, refs=refs, guessed=True, names=on.names[:1], plain=False)


COLUMN: Methods = {
    "alias": _alias,
    "name": _alias,
    "cast": _cast,
    "try_cast": _cast,
    "astype": _cast,
    "over": _over,
    **dict.fromkeys(("asc", "desc", "asc_nulls_first", "asc_nulls_last"), _same),
    **dict.fromkeys(("desc_nulls_first", "desc_nulls_last"), _same),
}
COLUMN_DEFAULT: Method = _combined


# Windows


def window(call: Call, name: str) -> Value:
    """`Window.partitionBy(…)` and the like."""
    return window_method(call, WindowSpec(), name)


def window_method(call: Call, on: WindowSpec, name: str) -> Value:
    if name not in ("partitionBy", "orderBy"):
        return on
    found = exprs(call, call.rest() or ())
    return WindowSpec((*on.refs, *(r for e in found if e is not None for r in e.refs)))


def is_spark(value: Value) -> bool:
    inner = content(value)
    return isinstance(inner, Frame) and inner.engine is Engine.SPARK
