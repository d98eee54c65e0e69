"""Runs of the program's own functions: arguments in, results out."""

import ast
from dataclasses import dataclass, field

from services.validator.analysis.scope import Function
from services.validator.columns.join import any_of, joined
from services.validator.columns.operators import binary, elements_of
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Entries,
    Own,
    Rest,
    Seq,
    Text,
    Value,
    box,
    content,
)


@dataclass
class Activation:
    """One run of a function of the program."""

    returned: list[Value] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    makes: bool = False
    """It is a generator."""
    early: bool = False
    """It may return from inside a branch or a loop."""


def returns_early(node: Function) -> bool:
    last = node.body[-1]
    inner = (n for s in node.body if s is not last or not _plain(s) for n in ast.walk(s))
    return any(isinstance(n, ast.Return) for n in inner)


def _plain(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Return | ast.Expr | ast.Assign)


def result_of(activation: Activation, ends: bool) -> Value:
    if activation.makes:
        return Seq(None, any_of(Seq(tuple(activation.yielded))))
    values = [*activation.returned, *([Const(None)] if ends else [])]
    found = values[0] if values else UNKNOWN
    for value in values[1:]:
        found = joined(found, value)
    return found


def arguments_of(function: Own, args: list[Value], kwargs: dict[str, Value]) -> dict[str, Value]:
    spec = function.node.args
    plain = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    names: dict[str, Value] = dict.fromkeys((*plain, *(k.arg for k in spec.kwonlyargs)), UNKNOWN)
    names.update(function.defaults)
    names.update(zip(plain, _positional(args, len(plain)), strict=False))
    names.update({k: v for k, v in kwargs.items() if k in names})
    if spec.vararg is not None:
        names[spec.vararg.arg] = _further(args, len(plain))
    if spec.kwarg is not None:
        more = {k: (Text(k), v) for k, v in kwargs.items() if k not in names}
        names[spec.kwarg.arg] = box(Entries(more))
    return names


def _positional(args: list[Value], count: int) -> list[Value]:
    """The arguments of `count` parameters; behind a `*values` any of them may be anything."""
    at = next((i for i, a in enumerate(args) if isinstance(a, Rest)), None)
    return args if at is None else [*args[:at], *[UNKNOWN] * max(0, count - at)]


def _further(args: list[Value], count: int) -> Value:
    """What `*rest` gets."""
    rest = [a for a in args if isinstance(a, Rest)]
    if not rest:
        return Seq(tuple(args[count:]))
    values = [a.each if isinstance(a, Rest) else a for a in args]
    return Seq(None, any_of(Seq(tuple(values))))


def extended(op: ast.operator, before: Value, added: Value) -> Value:
    more = elements_of(added)
    if isinstance(op, ast.Add) and isinstance(before, Seq) and isinstance(more, Seq):
        if before.items is not None and more.items is not None:
            return Seq((*before.items, *more.items))
        return Seq(None, joined(any_of(before), any_of(more)))
    return content(binary(op, before, content(added)))


def leaves(node: ast.For) -> bool:
    """True when the loop may end before its last turn."""
    inner = [n for s in node.body for n in ast.walk(s)]
    return any(isinstance(n, ast.Break) for n in inner)


def goes_on(handler: ast.ExceptHandler) -> bool:
    """True when the program goes on after an error that a missing column raises."""
    return not isinstance(handler.body[-1], ast.Raise)
