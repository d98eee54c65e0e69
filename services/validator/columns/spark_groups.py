"""Spark's groups: what an aggregation leaves."""

from collections.abc import Sequence
from dataclasses import replace

from services.validator.columns.calls import Call, Method, entries, texts
from services.validator.columns.check import check_kind, check_refs, lookup, spark_ref
from services.validator.columns.miss import Miss
from services.validator.columns.schema import Column, Kind, Schema
from services.validator.columns.spark_columns import exprs
from services.validator.columns.spark_read import declared_schema
from services.validator.columns.values import UNKNOWN, Engine, Frame, Group, Text, Value

_NUMBERS = frozenset({"sum", "avg", "mean"})


def aggregate(call: Call, on: Group) -> Value:
    """`groups.agg(…)`."""
    named = entries(call.arg(0)) if len(call.args) == 1 else None
    if named is not None:
        return _by_name(call, on, named)
    given = call.rest()
    columns = exprs(call, given or ())
    for column in columns:
        check_refs(call, on.frame, column.refs if column else ())
    clear = given is not None and not any(c is None or c.star is not None for c in columns)
    if not clear or on.keys is None or on.pivoted:
        return Frame(Engine.SPARK, None)
    made = [c for c in columns if c is not None]
    out = [Column(name, c.kind) for c in made for name in c.names]
    return _result(on, out, vague=any(c.guessed for c in made))


def _by_name(call: Call, on: Group, named: dict[str, tuple[Text, Value]]) -> Value:
    """`groups.agg({"x": "sum"})`."""
    out: list[Column] = []
    for text, value in named.values():
        function = value.text if isinstance(value, Text) else "?"
        _need(call, on, text, function)
        out.append(Column(f"{_shown(function)}({text.text})"))
    return _result(on, out, vague=True)


def _need(call: Call, on: Group, text: Text, function: str) -> None:
    ref = None if text.text == "*" else spark_ref(text, call.node)
    if ref is None or on.frame.schema is None:
        return
    found = lookup(on.frame.schema, ref)
    if isinstance(found, Miss):
        call.missing(found)
    elif found is not None and function in _NUMBERS:
        check_kind(call, replace(ref, needs=function), found)


def _shown(function: str) -> str:
    return "avg" if function == "mean" else function


def _result(on: Group, out: Sequence[Column], *, vague: bool) -> Value:
    if on.keys is None or on.pivoted:
        return Frame(Engine.SPARK, None)
    below = on.frame.schema
    schema = Schema(
        (*on.keys, *out),
        folded=True,
        merged=below.merged if below is not None else False,
        vague=vague or on.vague,
        beneath=below.reachable if below is not None else None,
    )
    return Frame(Engine.SPARK, schema)


def _measure(call: Call, on: Group, name: str) -> Value:
    """`groups.sum("a", "b")`; without names, all columns of numbers."""
    given = texts_of(call)
    if given is None:
        return Frame(Engine.SPARK, None)
    for text in given:
        _need(call, on, text, name)
    if not given:
        return Frame(Engine.SPARK, None)
    out = [Column(f"{_shown(name)}({t.text})", Kind.NUMBER) for t in given]
    return _result(on, out, vague=False)


def texts_of(call: Call) -> list[Text] | None:
    given = call.rest()
    if given is None:
        return None
    found = [v for v in given if isinstance(v, Text)]
    return found if len(found) == len(given) else None


def _count(call: Call, on: Value) -> Value:
    assert isinstance(on, Group)
    return _result(on, [Column("count", Kind.NUMBER)], vague=False)


def _pivot(call: Call, on: Value) -> Value:
    assert isinstance(on, Group)
    for text in texts(call.arg(0, "pivot_col")) or ():
        _need(call, on, text, "")
    return replace(on, pivoted=True)


def _applied(call: Call, on: Value) -> Value:
    return Frame(Engine.SPARK, declared_schema(call.arg(1, "schema")))


def _agg(call: Call, on: Value) -> Value:
    return aggregate(call, on) if isinstance(on, Group) else UNKNOWN


def _named(name: str) -> Method:
    def method(call: Call, on: Value) -> Value:
        return _measure(call, on, name) if isinstance(on, Group) else UNKNOWN

    return method


METHODS: dict[str, Method] = {
    "agg": _agg,
    "count": _count,
    "pivot": _pivot,
    "applyInPandas": _applied,
    "applyInArrow": _applied,
    **{name: _named(name) for name in ("sum", "avg", "mean", "min", "max")},
}
