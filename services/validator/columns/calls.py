"""One call with its arguments as values, as the handlers of libraries see it."""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from services.validator.analysis.fold import Fold
from services.validator.columns.miss import Miss, Ref
from services.validator.columns.schema import Schema
from services.validator.columns.store import Store
from services.validator.columns.tables import Tables
from services.validator.columns.values import (
    Box,
    Const,
    Entries,
    Expr,
    Own,
    Seq,
    Text,
    Value,
    box,
    content,
)


class Host(Protocol):
    """What handlers may ask of the machine."""

    tables: Tables
    store: Store
    views: dict[str, Value]
    fold: Fold

    def report(self, miss: Miss) -> None: ...

    def spend(self, steps: int) -> None: ...

    def run(self, function: Own, args: list[Value], kwargs: dict[str, Value]) -> Value: ...

    def apply(self, function: Value, args: list[Value], kwargs: dict[str, Value]) -> Value: ...


@dataclass
class Call:
    """A call whose arguments were evaluated."""

    host: Host
    node: ast.Call
    args: list[Value]
    kwargs: dict[str, Value]
    open: bool = False
    """There are arguments that nobody knows: `*x` or `**x`."""

    def arg(self, position: int, *names: str) -> Value | None:
        """The argument at a position (-1: by name only) or under one of the names."""
        if 0 <= position < len(self.args):
            return self.args[position]
        return next((self.kwargs[n] for n in names if n in self.kwargs), None)

    def text(self, position: int, *names: str) -> str | None:
        found = self.arg(position, *names)
        return found.text if isinstance(found, Text) else None

    def flag(self, name: str, default: bool = False) -> bool | None:
        """A truth-valued keyword; None when it is not known."""
        found = self.kwargs.get(name)
        if found is None:
            return default
        return bool(found.value) if isinstance(found, Const) else None

    def spread(self, values: Iterable[Value]) -> list[Value] | None:
        """The values with lists and tuples taken apart; None when one of them is not known."""
        out: list[Value] = []
        for value in values:
            inner = content(value)
            if isinstance(inner, Seq):
                if inner.items is None:
                    return None
                out.extend(inner.items)
            else:
                out.append(value)
        return out

    def rest(self, start: int = 0) -> list[Value] | None:
        """The positional arguments from `start` on, lists taken apart; None when not all known."""
        return None if self.open else self.spread(self.args[start:])

    def missing(self, miss: Miss) -> None:
        self.host.report(miss)


Method = Callable[[Call, Value], Value]
Function = Callable[[Call], Value]
Methods = Mapping[str, Method]


def elements(value: Value | None) -> list[Value] | None:
    """The elements of a list or tuple; one text is a list of itself; None when not known."""
    inner = content(value) if value is not None else None
    if isinstance(inner, Seq):
        return None if inner.items is None else list(inner.items)
    return [inner] if isinstance(inner, Text) else None


def texts(value: Value | None) -> list[Text] | None:
    """The texts of a list of texts or of one text; None when not all are known."""
    found = elements(value)
    if found is None:
        return None
    known = [v for v in found if isinstance(v, Text)]
    return known if len(known) == len(found) else None


def entries(value: Value | None) -> dict[str, tuple[Text, Value]] | None:
    """The entries of a dictionary with known keys."""
    inner = content(value) if value is not None else None
    return dict(inner.items) if isinstance(inner, Entries) else None


def as_list(values: Iterable[Value]) -> Box:
    return box(Seq(tuple(values)))


def names_list(schema: Schema | None) -> Value:
    """The names of a frame as a list; of a frame that may have more, not known."""
    if schema is None or schema.loose or schema.merged or schema.vague:
        return box(Seq(None))
    return box(Seq(tuple(Text(n) for n in schema.names), schema=schema))


def plain_ref(text: Text, at: ast.AST) -> Ref:
    """A name that stands for itself, dots and all."""
    return Ref((text.text,), text.node or at, literal=text.node)


def refs_in(values: Iterable[Value]) -> tuple[Ref, ...]:
    """The names that any of the values needs, each once."""
    found: dict[Ref, None] = {}
    for value in values:
        if isinstance(value, Expr):
            found.update(dict.fromkeys(value.refs))
    return tuple(found)
