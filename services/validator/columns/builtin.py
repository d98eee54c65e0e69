"""Python's built-in functions over known lists, dictionaries and texts."""

from collections.abc import Callable

from services.validator.columns.calls import Call, as_list
from services.validator.columns.join import any_of, joined
from services.validator.columns.operators import condition, elements_of
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Entries,
    Seq,
    Text,
    Value,
    box,
    content,
)

_MAX_RANGE = 64


def _as_list(call: Call) -> Value:
    found = elements_of(call.args[0]) if call.args else Seq(())
    return box(found if isinstance(found, Seq) else Seq(None))


def _as_tuple(call: Call) -> Value:
    return content(_as_list(call))


def _unordered(call: Call) -> Value:
    """`set` and `sorted`: the elements, in an order that is not looked at."""
    found = elements_of(call.args[0]) if call.args else Seq(())
    if not isinstance(found, Seq):
        return box(Seq(None))
    if found.items is not None and len(set(map(id, found.items))) <= 1:
        return box(found)
    texts = [i for i in found.items or () if isinstance(i, Text)]
    if found.items is not None and len(texts) == len(found.items) and not call.kwargs:
        unique = {t.text: t for t in texts}
        return as_list(unique[name] for name in sorted(unique))
    return box(Seq(None, any_of(found)))


def _dict(call: Call) -> Value:
    if call.open:
        return box(UNKNOWN)
    items = {k: (Text(k), v) for k, v in call.kwargs.items()}
    if not call.args:
        return box(Entries(items))
    inner = content(call.args[0])
    if isinstance(inner, Entries):
        return box(Entries({**inner.items, **items}))
    found = elements_of(inner)
    pairs = found.items if isinstance(found, Seq) else None
    for pair in pairs or ():
        both = elements_of(pair)
        if not isinstance(both, Seq) or both.items is None or len(both.items) != 2:
            return box(UNKNOWN)
        key, value = both.items
        if not isinstance(key, Text):
            return box(UNKNOWN)
        items[key.text] = (key, value)
    return box(Entries(items) if pairs is not None else UNKNOWN)


def _from_keys(call: Call) -> Value:
    found = elements_of(call.args[0]) if call.args else UNKNOWN
    value = call.arg(1) or Const(None)
    if not isinstance(found, Seq) or found.items is None:
        return box(UNKNOWN)
    items = {t.text: (t, value) for t in found.items if isinstance(t, Text)}
    return box(Entries(items) if len(items) == len(found.items) else UNKNOWN)


def _range(call: Call) -> Value:
    bounds = [a.value for a in call.args if isinstance(a, Const) and isinstance(a.value, int)]
    if len(bounds) != len(call.args) or not 1 <= len(bounds) <= 3 or (bounds[2:] == [0]):
        return Seq(None, DATA)
    numbers = range(*bounds)
    if len(numbers) > _MAX_RANGE:
        return Seq(None, DATA)
    return Seq(tuple(Const(n) for n in numbers))


def _zip(call: Call) -> Value:
    found = [elements_of(a) for a in call.args]
    columns = [f.items for f in found if isinstance(f, Seq) and f.items is not None]
    if found and len(columns) == len(found) and not call.open:
        return Seq(tuple(Seq(row) for row in zip(*columns, strict=False)))
    each = tuple(any_of(f) if isinstance(f, Seq) else UNKNOWN for f in found)
    return Seq(None, UNKNOWN if call.open else Seq(each))


def _enumerate(call: Call) -> Value:
    found = elements_of(call.args[0]) if call.args else UNKNOWN
    start = call.arg(1, "start") or Const(0)
    if not isinstance(found, Seq):
        return Seq(None, Seq((DATA, UNKNOWN)))
    if found.items is None or not (isinstance(start, Const) and isinstance(start.value, int)):
        return Seq(None, Seq((DATA, any_of(found))))
    first = start.value
    return Seq(tuple(Seq((Const(first + i), v)) for i, v in enumerate(found.items)))


def _length(call: Call) -> Value:
    inner = content(call.args[0]) if call.args else UNKNOWN
    match inner:
        case Seq(items=tuple() as items):
            return Const(len(items))
        case Entries(items=entries):
            return Const(len(entries))
    return DATA


def _string(call: Call) -> Value:
    match call.args[:1]:
        case [Text() as text]:
            return text
        case [Const(value=int() as number)]:
            return Text(str(number))
        case [found] if found is DATA:
            return DATA
    return UNKNOWN


def _next(call: Call) -> Value:
    found = elements_of(call.args[0]) if call.args else UNKNOWN
    if isinstance(found, Seq):
        first = found.items[0] if found.items else any_of(found)
        return joined(first, call.args[1]) if len(call.args) > 1 else first
    return UNKNOWN


def _map(call: Call) -> Value:
    if len(call.args) != 2:
        return Seq(None)
    function, values = call.args
    found = elements_of(values)
    if isinstance(found, Seq) and found.items is not None and len(found.items) <= _MAX_RANGE:
        return Seq(tuple(call.host.apply(function, [v], {}) for v in found.items))
    each = any_of(found) if isinstance(found, Seq) else UNKNOWN
    return Seq(None, call.host.apply(function, [each], {}))


def _filter(call: Call) -> Value:
    if len(call.args) != 2:
        return Seq(None)
    found = elements_of(call.args[1])
    each = any_of(found) if isinstance(found, Seq) else UNKNOWN
    return Seq(None, each)


def _reduce(call: Call) -> Value:
    """`functools.reduce`."""
    if len(call.args) < 2:
        return UNKNOWN
    found = elements_of(call.args[1])
    if not isinstance(found, Seq) or found.items is None or len(found.items) > _MAX_RANGE:
        return UNKNOWN
    values = [*call.args[2:3], *found.items]
    if not values:
        return UNKNOWN
    result = values[0]
    for value in values[1:]:
        result = call.host.apply(call.args[0], [result, value], {})
    return result


def _all(call: Call) -> Value:
    return _truths(call, lambda truths: all(truths))


def _any(call: Call) -> Value:
    return _truths(call, lambda truths: any(truths))


def _truths(call: Call, decide: Callable[[list[bool]], bool]) -> Value:
    found = elements_of(call.args[0]) if call.args else UNKNOWN
    if isinstance(found, Seq) and found.items is not None:
        truths = [condition(v) for v in found.items]
        if None not in truths:
            return Const(decide([bool(t) for t in truths]))
    return UNKNOWN


def _data(call: Call) -> Value:
    known = all(content(a) is not UNKNOWN for a in call.args)
    return DATA if known else UNKNOWN


def _nothing(call: Call) -> Value:
    return Const(None)


BUILTIN: dict[str, Callable[[Call], Value]] = {
    "list": _as_list,
    "tuple": _as_tuple,
    "iter": _as_tuple,
    "reversed": lambda call: Seq(None, any_of_first(call)),
    "set": _unordered,
    "frozenset": _unordered,
    "sorted": _unordered,
    "dict": _dict,
    "dict.fromkeys": _from_keys,
    "range": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "len": _length,
    "str": _string,
    "next": _next,
    "map": _map,
    "filter": _filter,
    "all": _all,
    "any": _any,
    "print": _nothing,
    **dict.fromkeys(("sum", "min", "max", "abs", "round", "int", "float", "bool"), _data),
}
PURE = frozenset(["isinstance", "hasattr", "getattr", "type", "repr", "id", "callable", "vars"])
OTHER: dict[str, Callable[[Call], Value]] = {"functools.reduce": _reduce}


def any_of_first(call: Call) -> Value:
    """What every element of the first argument is like."""
    found = elements_of(call.args[0]) if call.args else UNKNOWN
    return any_of(found) if isinstance(found, Seq) else UNKNOWN
