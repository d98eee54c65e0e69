"""Python's own lists, dictionaries and texts."""

import ast

from services.validator.analysis.words import words
from services.validator.columns.calls import Call, Methods, as_list
from services.validator.columns.join import any_of, joined
from services.validator.columns.operators import MAX_TEXT, elements_of
from services.validator.columns.store import Store
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Box,
    Const,
    Engine,
    Entries,
    Frame,
    Seq,
    Text,
    Value,
    box,
    content,
)

_TEXT_METHODS = words(
    "strip rstrip lstrip replace removeprefix removesuffix lower upper capitalize title casefold "
    "swapcase"
)
_DEEP = 3
_MAX_PRODUCT = 10**6
"""Characters that one method of a text may make."""


def spoil(store: Store, value: Value, depth: int = 0) -> None:
    """Something that is not looked at may change the value: forget what it holds."""
    if not isinstance(value, Box) or depth > _DEEP:
        return
    inner = value.content
    store.fill(value, Frame(inner.engine, None) if isinstance(inner, Frame) else UNKNOWN)
    held: tuple[Value, ...] = ()
    if isinstance(inner, Seq) and inner.items is not None:
        held = inner.items
    elif isinstance(inner, Entries):
        held = tuple(v for _, v in inner.items.values())
    for part in held:
        spoil(store, part, depth + 1)


def spoil_all(call: Call) -> None:
    for value in (*call.args, *call.kwargs.values()):
        spoil(call.host.store, value)


# Lists


def _append(call: Call, on: Value) -> Value:
    return _grow(call, on, tuple(call.args[:1]))


def _extend(call: Call, on: Value) -> Value:
    more = elements_of(call.args[0]) if call.args else UNKNOWN
    if isinstance(more, Seq) and more.items is not None:
        return _grow(call, on, more.items)
    before = content(on)
    each = any_of(more) if isinstance(more, Seq) else UNKNOWN
    each = joined(any_of(before), each) if isinstance(before, Seq) else UNKNOWN
    _refill(call, on, Seq(None, each))
    return Const(None)


def _grow(call: Call, on: Value, more: tuple[Value, ...]) -> Value:
    before = content(on)
    if isinstance(before, Seq) and before.items is not None and not call.open:
        _refill(call, on, Seq((*before.items, *more)))
    elif isinstance(before, Seq):
        each = before.each
        for value in more:
            each = joined(each, value)
        _refill(call, on, Seq(None, each))
    return Const(None)


def _refill(call: Call, on: Value, new: Value) -> None:
    if isinstance(on, Box):
        call.host.store.fill(on, new)


def _insert(call: Call, on: Value) -> Value:
    before = content(on)
    if isinstance(before, Seq) and before.items is not None and len(call.args) == 2:
        at = call.args[0]
        if isinstance(at, Const) and isinstance(at.value, int):
            items = list(before.items)
            items.insert(at.value, call.args[1])
            _refill(call, on, Seq(tuple(items)))
            return Const(None)
    _refill(call, on, Seq(None))
    return Const(None)


def _copy(call: Call, on: Value) -> Value:
    return box(content(on))


def _forget(call: Call, on: Value) -> Value:
    """A method that changes the order or number of the elements."""
    before = content(on)
    each = any_of(before) if isinstance(before, Seq) else UNKNOWN
    _refill(call, on, Seq(None, each))
    return each


LIST: Methods = {
    "append": _append,
    "add": _append,
    "extend": _extend,
    "insert": _insert,
    "copy": _copy,
    "pop": _forget,
    "remove": _forget,
    "discard": _forget,
    "sort": _forget,
    "reverse": _forget,
    "clear": _forget,
    "index": lambda call, on: DATA,
    "count": lambda call, on: DATA,
}

# Dictionaries


def _get(call: Call, on: Value) -> Value:
    inner, key = content(on), call.arg(0)
    default = call.arg(1, "default") or Const(None)
    if isinstance(inner, Entries) and isinstance(key, Text):
        found = inner.items.get(key.text)
        return found[1] if found is not None else default
    if isinstance(inner, Entries) and inner.items:
        return joined(_any_entry(inner), default)
    return UNKNOWN


def _any_entry(entries: Entries) -> Value:
    return any_of(Seq(tuple(v for _, v in entries.items.values())))


def _items(call: Call, on: Value) -> Value:
    inner = content(on)
    if isinstance(inner, Entries):
        return Seq(tuple(Seq(pair) for pair in inner.items.values()))
    if isinstance(inner, Frame) and inner.schema is not None:
        return Seq(None, Seq((UNKNOWN, DATA)))
    return Seq(None, Seq((UNKNOWN, UNKNOWN)))


def _keys(call: Call, on: Value) -> Value:
    return elements_of(on)


def _values(call: Call, on: Value) -> Value:
    inner = content(on)
    if isinstance(inner, Entries):
        return Seq(tuple(v for _, v in inner.items.values()))
    return Seq(None)


def _update(call: Call, on: Value) -> Value:
    inner = content(on)
    more = content(call.args[0]) if call.args else Entries({})
    if isinstance(inner, Entries) and isinstance(more, Entries) and not call.open:
        named = {k: (Text(k), v) for k, v in call.kwargs.items()}
        _refill(call, on, Entries({**inner.items, **more.items, **named}))
    else:
        spoil(call.host.store, on)
    return Const(None)


def _set_default(call: Call, on: Value) -> Value:
    inner, key = content(on), call.arg(0)
    if isinstance(inner, Entries) and isinstance(key, Text):
        if key.text in inner.items:
            return inner.items[key.text][1]
        value = call.arg(1) or Const(None)
        _refill(call, on, Entries({**inner.items, key.text: (key, value)}))
        return value
    spoil(call.host.store, on)
    return UNKNOWN


def _pop(call: Call, on: Value) -> Value:
    inner, key = content(on), call.arg(0)
    if isinstance(inner, Entries) and isinstance(key, Text):
        rest = {k: v for k, v in inner.items.items() if k != key.text}
        _refill(call, on, Entries(rest))
        return inner.items[key.text][1] if key.text in inner.items else call.arg(1) or UNKNOWN
    spoil(call.host.store, on)
    return UNKNOWN


DICT: Methods = {
    "get": _get,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "update": _update,
    "setdefault": _set_default,
    "pop": _pop,
    "copy": _copy,
}

# Texts


def text_method(call: Call, on: Text, name: str) -> Value:
    """A method of a text."""
    plain = [a.text for a in call.args if isinstance(a, Text)]
    if len(plain) != len(call.args) or call.kwargs or call.open:
        return _join(call, on) if name == "join" else UNKNOWN
    if len(on.text) * (1 + sum(map(len, plain))) > _MAX_PRODUCT:
        return UNKNOWN
    try:
        if name in _TEXT_METHODS:
            return short(str(getattr(on.text, name)(*plain)))
        if name in ("split", "splitlines"):
            return as_list(Text(part) for part in getattr(on.text, name)(*plain))
    except (TypeError, ValueError):
        return UNKNOWN
    if name in ("startswith", "endswith", "isidentifier"):
        return Const(bool(getattr(on.text, name)(*plain)))
    return UNKNOWN


def _join(call: Call, on: Text) -> Value:
    found = elements_of(call.args[0]) if len(call.args) == 1 else UNKNOWN
    if isinstance(found, Seq) and found.items is not None:
        parts = [i.text for i in found.items if isinstance(i, Text)]
        long = len(on.text) * len(parts) + sum(map(len, parts)) > _MAX_PRODUCT
        if len(parts) == len(found.items) and not long:
            return short(on.text.join(parts))
    return UNKNOWN


def short(text: str) -> Value:
    """The text, unless it is too long to be followed."""
    return Text(text) if len(text) <= MAX_TEXT else UNKNOWN


# Parts


def item(inner: Value, key: Value) -> Value:
    """`inner[key]` of a list, a tuple or a dictionary."""
    match inner, key:
        case Seq(items=tuple() as items), Const(value=int() as number):
            return items[number] if -len(items) <= number < len(items) else UNKNOWN
        case Seq(), _:
            return any_of(inner)
        case Entries(items=entries), Text(text=name):
            return entries[name][1] if name in entries else UNKNOWN
        case Entries(items=entries), _ if entries:
            return _any_entry(inner)
    return DATA if inner is DATA else UNKNOWN


def part(on: Value, where: ast.Slice) -> Value:
    """`on[a:b:c]`."""
    inner = content(on)
    if not isinstance(inner, Seq):
        frame = isinstance(inner, Frame) and inner.engine is not Engine.ROW
        return on if frame or inner is DATA else UNKNOWN
    bounds = [_number(n) for n in (where.lower, where.upper, where.step)]
    plain = [b for b in bounds if not isinstance(b, str)]
    if inner.items is None or len(plain) < 3 or plain[2] == 0:
        return Seq(None, any_of(inner))
    cut = Seq(inner.items[slice(*plain)])
    return box(cut) if isinstance(on, Box) else cut


def _number(node: ast.expr | None) -> int | str | None:
    match node:
        case None:
            return None
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            return -number
    return "?"


def put_item(store: Store, holder: Box, index: Value, value: Value) -> None:
    """`holder[index] = value` of a list or dictionary."""
    inner = holder.content
    match inner, index:
        case Entries(items=entries), Text():
            store.fill(holder, Entries({**entries, index.text: (index, value)}))
        case Seq(items=tuple() as items), Const(value=int() as number) if (
            -len(items) <= number < len(items)
        ):
            changed = list(items)
            changed[number] = value
            store.fill(holder, Seq(tuple(changed)))
        case Seq(), _:
            store.fill(holder, Seq(None, joined(any_of(inner), value)))
        case _:
            store.fill(holder, UNKNOWN)
