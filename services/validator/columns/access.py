"""Attributes, subscripts and their assignment, by what they are asked of."""

import ast

from services.validator.columns import (
    arrow,
    arrow_made,
    containers,
    pandas_frames,
    spark_access,
    spark_read,
)
from services.validator.columns.calls import Call, Host
from services.validator.columns.check import check_plain
from services.validator.columns.schema import Schema
from services.validator.columns.store import Store
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Bound,
    Box,
    Engine,
    Expr,
    Frame,
    Group,
    Names,
    Session,
    Text,
    Value,
    content,
)


def attribute(host: Host, on: Value, node: ast.Attribute, *, called: bool) -> Value:
    """`on.name`; `called`: as in `on.name()`."""
    name, inner = node.attr, content(on)
    found: Value | None = None
    match inner:
        case Frame(engine=Engine.SPARK):
            return spark_access.attribute(_place(host, node), inner, node, called=called)
        case Frame(engine=Engine.ARROW):
            found = arrow.attribute(inner, name)
        case Frame(engine=Engine.PANDAS):
            found = pandas_frames.attribute(on, name)
        case Session():
            found = spark_read.session_attribute(inner, name)
        case Names():
            found = arrow_made.names_attribute(inner, name)
    if found is not None:
        return found
    if inner is UNKNOWN and name != "alias" and not isinstance(on, Box):
        return UNKNOWN
    return DATA if inner is DATA and name != "alias" else Bound(on, name)


def _place(host: Host, node: ast.expr) -> Call:
    """A call without arguments, for what reports its misses like one."""
    at = ast.Call(node, [], [])
    ast.copy_location(at, node)
    return Call(host, at, [], {})


def subscript(host: Host, on: Value, key: Value, node: ast.Subscript) -> Value:
    """`on[key]`."""
    inner = content(on)
    match inner:
        case Frame(engine=Engine.SPARK):
            return spark_access.subscript(_place(host, node), inner, key)
        case Frame(engine=Engine.PANDAS):
            return pandas_frames.subscript(_place(host, node), on, key)
        case Frame(engine=Engine.ARROW | Engine.ROW, schema=schema):
            return _cell(host, schema, key, node)
        case Group(frame=Frame(engine=Engine.PANDAS)):
            return pandas_frames.choose(_place(host, node), inner, key)
        case Expr():
            more = key.refs if isinstance(key, Expr) else ()
            return Expr((*inner.refs, *more), guessed=True)
    return containers.item(inner, key)


def _cell(host: Host, schema: Schema | None, key: Value, node: ast.Subscript) -> Value:
    if isinstance(key, Text):
        check_plain(_place(host, node), schema, [key])
    return DATA


# Changes


def set_item(store: Store, holder: Value, index: Value, value: Value) -> None:
    """`holder[index] = value`."""
    if not isinstance(holder, Box):
        return
    if isinstance(holder.content, Frame):
        pandas_frames.set_item(store, holder, index, value)
    else:
        containers.put_item(store, holder, index, value)


def set_attribute(store: Store, holder: Value, name: str, value: Value) -> None:
    """`holder.name = value`."""
    if isinstance(holder, Box) and isinstance(holder.content, Frame):
        pandas_frames.set_attribute(store, holder, name, value)
