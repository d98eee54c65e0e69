"""Ray Data's groups and aggregates."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.validator.columns.calls import Call, plain_ref, texts
from services.validator.columns.check import check_kind, check_plain
from services.validator.columns.frames import batch, mapping_schema
from services.validator.columns.schema import Column, Kind, Schema
from services.validator.columns.values import (
    UNKNOWN,
    Engine,
    Frame,
    Group,
    Made,
    Text,
    Value,
)

MEASURES = frozenset({"sum", "min", "max", "mean", "std"})
_NUMBERS = frozenset({"sum", "mean", "std"})


def aggregates(call: Call, on: Frame, given: Sequence[Value]) -> list[Column] | None:
    out: list[Column] = []
    for made in given:
        if not isinstance(made, Made) or not made.name.startswith("ray.data.aggregate."):
            return None
        name = made.name.rpartition(".")[2].casefold()
        text = made.args[0] if made.args else made.kwargs.get("on")
        if isinstance(text, Text):
            need(call, on, text, name)
        alias = made.kwargs.get("alias_name")
        shown = text.text if isinstance(text, Text) else ""
        if alias is not None and not isinstance(alias, Text):
            return None
        out.append(Column(alias.text if isinstance(alias, Text) else f"{name}({shown})"))
    return out


def need(call: Call, on: Frame, text: Text, name: str) -> None:
    if on.schema is None:
        return
    check_plain(call, on.schema, [text])
    for column in on.schema.find(text.text)[:1]:
        if name in _NUMBERS and column.kind in (Kind.TEXT, Kind.TIME):
            check_kind(call, replace(plain_ref(text, call.node), needs=name), column)


def _dataset(schema: Schema | None) -> Value:
    return Frame(Engine.RAY, schema)


def _group_result(on: Group, out: list[Column] | None) -> Value:
    if on.keys is None or out is None:
        return _dataset(None)
    return _dataset(Schema((*on.keys, *out)))


def _group_aggregate(call: Call, on: Group) -> Value:
    given = call.rest()
    return _group_result(on, None if given is None else aggregates(call, on.frame, given))


def _group_measure(name: str) -> Callable[[Call, Group], Value]:
    def method(call: Call, on: Group) -> Value:
        given = texts(call.arg(0, "on"))
        for text in given or ():
            need(call, on.frame, text, name)
        alias = call.text(-1, "alias_name")
        if not given or (alias is not None and len(given) > 1):
            return _dataset(None)
        return _group_result(on, [Column(alias or f"{name}({t.text})") for t in given])

    return method


def _group_count(call: Call, on: Group) -> Value:
    return _group_result(on, [Column("count()")])


def _map_groups(call: Call, on: Group) -> Value:
    function = call.arg(0, "fn")
    given = batch(on.frame.schema, call.arg(-1, "batch_format"))
    return _dataset(mapping_schema(call.host.apply(function or UNKNOWN, [given], {})))


GROUP: dict[str, Callable[[Call, Group], Value]] = {
    "aggregate": _group_aggregate,
    "count": _group_count,
    "map_groups": _map_groups,
    **{name: _group_measure(name) for name in MEASURES},
}
