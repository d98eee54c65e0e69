"""Lays code out as `ruff format` does: one line where it fits, else broken at the brackets."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
INDENT = 4


@dataclass(frozen=True)
class Text:
    """Code that is never broken."""

    code: str


@dataclass(frozen=True)
class Bracketed:
    """`head(items)tail`. A literal puts one item on a line; a call first tries all on one line."""

    head: str
    items: tuple["Doc", ...]
    tail: str = ")"
    literal: bool = False
    exploded: bool = False
    """One item on a line even where all would fit on one."""


@dataclass(frozen=True)
class Operands:
    """`a & b & c`; broken, each operator begins a line."""

    operator: str
    of: tuple["Doc", ...]


@dataclass(frozen=True)
class Pair:
    """`key: value` or `key=value`."""

    key: str
    value: "Doc"


@dataclass(frozen=True)
class Chain:
    """`base.a(…).b(…)` as an item; broken, two calls or more begin a line each."""

    base: "Doc"
    calls: tuple[Bracketed, ...]


Doc = Text | Bracketed | Operands | Pair | Chain


def call(function: str, *items: "Doc | str") -> Bracketed:
    """`function(items)`."""
    return Bracketed(f"{function}(", _docs(items))


def listed(items: Sequence["Doc | str"]) -> Bracketed:
    """A list literal."""
    return Bracketed("[", _docs(items), "]", literal=True)


def mapped(pairs: Sequence[tuple[str, "Doc | str"]]) -> Bracketed:
    """A dict literal; keys are code."""
    items = tuple(Pair(f"{k}: ", _doc(v)) for k, v in pairs)
    return Bracketed("{", items, "}", literal=True)


def keyword(name: str, value: "Doc | str") -> Pair:
    """A keyword argument."""
    return Pair(f"{name}=", _doc(value))


def parsed(code: str) -> Doc:
    """An expression that may be broken at its outer calls and lists."""
    return _breakable(ast.parse(code, mode="eval").body, code)


def _breakable(node: ast.expr, code: str) -> Doc:
    match node:
        case ast.Call(func, args, keywords):
            named = [Pair(f"{k.arg}=", _breakable(k.value, code)) for k in keywords]
            items = (*(_breakable(a, code) for a in args), *named)
            match func:
                case ast.Attribute(ast.Call(first) as base, attr) if not _called(first):
                    return Chain(_breakable(base, code), (Bracketed(f"{attr}(", items),))
            return Bracketed(f"{_segment(func, code)}(", items)
        case ast.List(items):
            return listed([_breakable(item, code) for item in items])
        case _:
            return Text(_segment(node, code))


def _called(function: ast.expr) -> bool:
    """True for a method of what another call gives."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call)


def _segment(node: ast.expr, code: str) -> str:
    return ast.get_source_segment(code, node) or ""


def flat(doc: Doc) -> str:
    """The code on one line."""
    match doc:
        case Text(code):
            return code
        case Pair(key, value):
            return key + flat(value)
        case Bracketed(head, items, tail, _):
            return head + ", ".join(map(flat, items)) + tail
        case Operands(operator, of):
            return f" {operator} ".join(map(flat, of))
        case Chain(base, calls):
            return ".".join(map(flat, (base, *calls)))


def statement(prefix: str, doc: Doc, indent: int = INDENT) -> list[str]:
    """Lines of `prefix` + `doc`, such as `x = f(…)`, indented by `indent` columns."""
    return [" " * indent + line for line in _lines(prefix, doc, "", WIDTH - indent)]


def _lines(prefix: str, doc: Doc, suffix: str, width: int) -> list[str]:
    line = prefix + flat(doc) + suffix
    if len(line) <= width and not (isinstance(doc, Bracketed) and doc.exploded):
        return [line]
    match doc:
        case Bracketed(items=items) if items:
            return _broken(prefix, doc, suffix, width)
        case Operands(operator, of):
            first, *rest = of
            lines = _lines(prefix, first, "", width)
            for operand in rest[:-1]:
                lines += _lines(f"{operator} ", operand, "", width)
            return lines + _lines(f"{operator} ", rest[-1], suffix, width)
        case Pair(key, value):
            return _lines(prefix + key, value, suffix, width)
        case Chain(base, (only,)) if len(f"{prefix}{flat(base)}.{only.head}") <= width:
            together = Bracketed(f"{flat(base)}.{only.head}", only.items)
            return _lines(prefix, together, suffix, width)
        case Chain(Bracketed(tail=tail) as base, (only,)):
            *lines, _ = _broken(prefix, base, "", width)
            return lines + _lines(f"{tail}.", only, suffix, width)
        case Chain(base, calls):
            lines = _lines(prefix, base, "", width)
            for called in calls[:-1]:
                lines += _lines(".", called, "", width)
            return lines + _lines(".", calls[-1], suffix, width)
        case _:
            return [line]


def _broken(prefix: str, doc: Bracketed, suffix: str, width: int) -> list[str]:
    body = _body(doc.items, width - INDENT, doc.literal or doc.exploded)
    return [prefix + doc.head, *(" " * INDENT + code for code in body), doc.tail + suffix]


def _body(items: Sequence[Doc], width: int, literal: bool) -> list[str]:
    together = ", ".join(map(flat, items))
    if not literal and len(together) <= width:
        return [together]
    if not literal and len(items) == 1:
        return _lines("", items[0], "", width)
    return [line for item in items for line in _lines("", item, ",", width)]


def _docs(items: Sequence["Doc | str"]) -> tuple[Doc, ...]:
    return tuple(map(_doc, items))


def _doc(item: "Doc | str") -> Doc:
    return Text(item) if isinstance(item, str) else item
