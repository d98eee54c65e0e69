"""Operators, truth and iteration of values."""

import ast
import operator
from collections.abc import Callable, Sequence

from services.validator.columns.calls import refs_in
from services.validator.columns.schema import Kind
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Const,
    Engine,
    Entries,
    Expr,
    Frame,
    Lib,
    Own,
    Promise,
    Seq,
    Text,
    Value,
    box,
    content,
)

_MAX_NUMBER = 10**9
MAX_TEXT = 100_000
"""Characters of a text that are followed."""
_SUMS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_NUMERIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.FloorDiv, ast.Pow)


def binary(op: ast.operator, left: Value, right: Value) -> Value:
    """`left op right`."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        kind = Kind.NUMBER if isinstance(op, _NUMERIC) else Kind.TRUTH
        return Expr(refs_in((left, right)), guessed=True, kind=kind)
    one, other = content(left), content(right)
    match one, other:
        case Text(), Text() if isinstance(op, ast.Add):
            long = len(one.text) + len(other.text) > MAX_TEXT
            return UNKNOWN if long else Text(one.text + other.text)
        case Text(), Text() if isinstance(op, ast.Div):
            long = len(one.text) + len(other.text) > MAX_TEXT
            return UNKNOWN if long else Text(f"{one.text.rstrip('/')}/{other.text}")
        case Const(value=int() as a), Const(value=int() as b) if type(op) in _SUMS:
            small = abs(a) < _MAX_NUMBER and abs(b) < _MAX_NUMBER
            return Const(_SUMS[type(op)](a, b)) if small else DATA
        case Seq(), Seq() if isinstance(op, ast.Add):
            known = one.items is not None and other.items is not None
            both = Seq((*(one.items or ()), *(other.items or ()))) if known else Seq(None)
            return both if one is left else box(both)
        case Entries(), Entries() if isinstance(op, ast.BitOr):
            return box(Entries({**one.items, **other.items}))
    return DATA if _is_data(one) and _is_data(other) else UNKNOWN


def unary(op: ast.unaryop, operand: Value) -> Value:
    """`op operand`."""
    if isinstance(operand, Expr):
        return Expr(operand.refs, guessed=True, kind=operand.kind)
    if isinstance(op, ast.Not):
        truth = condition(operand)
        return Const(not truth) if truth is not None else _unclear(operand)
    match op, operand:
        case ast.USub(), Const(value=int() as number):
            return Const(-number)
    return _unclear(operand)


def _unclear(value: Value) -> Value:
    return DATA if _is_data(content(value)) else UNKNOWN


def _is_data(value: Value) -> bool:
    return value is DATA or isinstance(value, Const | Text | Frame)


def compared(ops: Sequence[ast.cmpop], left: Value, rights: Sequence[Value]) -> Value:
    """`left op right op …`."""
    values = (left, *rights)
    if any(isinstance(v, Expr) for v in values):
        return Expr(refs_in(values), guessed=True, kind=Kind.TRUTH)
    if len(ops) == 1:
        known = _compare(ops[0], left, rights[0])
        if known is not None:
            return Const(known)
    return DATA if all(_is_data(content(v)) for v in values) else UNKNOWN


def _compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    if isinstance(op, ast.Is | ast.IsNot):
        return _same(left, right, isinstance(op, ast.Is))
    one, other = content(left), content(right)
    if isinstance(op, ast.In | ast.NotIn):
        inside = _inside(one, other)
        return None if inside is None else inside is isinstance(op, ast.In)
    if isinstance(op, ast.Eq | ast.NotEq) and _plain(one) and _plain(other):
        return (one == other) is isinstance(op, ast.Eq)
    return None


def _plain(value: Value) -> bool:
    return isinstance(value, Const | Text)


def _same(left: Value, right: Value, wanted: bool) -> bool | None:
    nothing = Const(None)
    if nothing not in (left, right):
        return None
    if left == right:
        return wanted
    other = content(right if left == nothing else left)
    clear = isinstance(other, Const | Text | Frame | Expr | Seq | Entries | Own | Lib)
    return not wanted if clear else None


def _inside(one: Value, other: Value) -> bool | None:
    if not isinstance(one, Text):
        return None
    match other:
        case Seq(items=tuple() as items) if all(isinstance(i, Text) for i in items):
            return one in items
        case Entries(items=entries):
            return one.text in entries
        case Text(text=text):
            return one.text in text
        case Frame(engine=Engine.PANDAS | Engine.ROW, schema=schema) if schema is not None:
            clear = not (schema.loose or schema.merged or schema.vague)
            return bool(schema.find(one.text)) if clear else None
    return None


def condition(value: Value) -> bool | None:
    """Whether a value counts as true; None when that is not known."""
    match content(value):
        case Const(value=constant):
            return bool(constant)
        case Text(text=text):
            return bool(text)
        case Seq(items=tuple() as items):
            return bool(items)
        case Entries(items=entries):
            return bool(entries)
        case Own() | Lib():
            return True
    return None


def elements_of(value: Value) -> Value:
    """The value as a `Seq` where it can be gone through; DATA for data, else UNKNOWN."""
    inner = content(value)
    match inner:
        case Seq():
            return inner
        case Entries(items=entries):
            return Seq(tuple(text for text, _ in entries.values()))
        case Text(text=text):
            return Seq(tuple(Text(c) for c in text)) if len(text) <= 32 else Seq(None, DATA)
        case Frame(engine=Engine.ROW | Engine.PANDAS, schema=schema) if schema is not None:
            if schema.loose or schema.merged or schema.vague:
                return Seq(None)
            return Seq(tuple(Text(n) for n in schema.names))
        case Promise(value=held):
            return Seq(None, held)
    return Seq(None, DATA) if inner is DATA else UNKNOWN
