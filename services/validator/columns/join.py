"""What holds on both of two ways through a program."""

from services.validator.columns.schema import either
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Entries,
    Frame,
    Group,
    Promise,
    Seq,
    Value,
)

_MAX_DEPTH = 4


def joined(one: Value, other: Value, depth: int = 0) -> Value:
    """The value that says no more than is true of both."""
    if one is other or one == other:
        return one
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if one == Const(None):
        return other  # Only the other way can go on to use it.
    if other == Const(None):
        return one
    match one, other:
        case Frame(), Frame() if one.engine is other.engine:
            if one.schema is None or other.schema is None:
                return Frame(one.engine, None)
            return Frame(one.engine, either(one.schema, other.schema))
        case Group(), Group():
            return Group(Frame(one.frame.engine, None), None)
        case Seq(), Seq():
            return _sequences(one, other, depth)
        case Entries(), Entries() if set(one.items) == set(other.items):
            return Entries(
                {k: (t, joined(v, other.items[k][1], depth + 1)) for k, (t, v) in one.items.items()}
            )
        case Promise(), Promise():
            return Promise(joined(one.value, other.value, depth + 1))
        case _ if _is_data(one) and _is_data(other):
            return DATA
    return UNKNOWN


def _is_data(value: Value) -> bool:
    return value is DATA or (isinstance(value, Const) and value.value is not None)


def _sequences(one: Seq, other: Seq, depth: int) -> Value:
    if one.items is None or other.items is None or len(one.items) != len(other.items):
        each = joined(any_of(one), any_of(other), depth + 1)
        return Seq(None, each)
    pairs = zip(one.items, other.items, strict=True)
    return Seq(tuple(joined(a, b, depth + 1) for a, b in pairs))


def any_of(values: Seq) -> Value:
    """What every element of a sequence is like."""
    if values.items is None:
        return values.each
    if not values.items:
        return UNKNOWN
    found = values.items[0]
    for value in values.items[1:]:
        found = joined(found, value)
    return found
