"""A plan in one line, for people who read failures."""

import dataclasses
from collections.abc import Iterator
from enum import Enum

from arclight.catalog.profile import TableProfile
from services.codegen.planner import plan as p


def one_line(node: p.Node) -> str:
    """Such as `loans[amount] | filter amount > 5 | aggregate Measure(count, None, n)`."""
    match node:
        case p.Scan():
            read = ", ".join(_read(c) for c in node.columns)
            return f"{node.table.name}[{read}{', #' if node.position else ''}]"
        case p.Join():
            keys = " and ".join(f"{left}={right}" for left, right in node.pairs)
            return f"({one_line(node.left)}) {node.how.value} join({keys}) ({one_line(node.right)})"
        case p.SetOperation():
            return f"({one_line(node.left)}) {node.op.value} ({one_line(node.right)})"
    source = getattr(node, "source", None)
    step = f"{type(node).__name__.lower()} {', '.join(_fields(node))}"
    return f"{one_line(source)} | {step}" if source is not None else step


def _read(column: p.ReadColumn) -> str:
    name = column.as_name if column.as_name == column.name else f"{column.name}→{column.as_name}"
    return name if column.clean is p.Clean.NONE else f"{name}:{column.clean.value}"


def _fields(node: object) -> Iterator[str]:
    assert dataclasses.is_dataclass(node)
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if field.name in ("source", "left", "right") or value == field.default:
            continue
        yield (
            _short(value)
            if field.default is dataclasses.MISSING
            else (f"{field.name}={_short(value)}")
        )


def _short(value: object) -> str:
    match value:
        case p.Col(name=name):
            return name
        case p.Lit(value=literal):
            return repr(literal)
        case p.Compare(op=op, left=left, right=right) | p.Arith(op=op, left=left, right=right):
            return f"({_short(left)} {op.value} {_short(right)})"
        case p.SortKey(name=name, descending=descending):
            return f"{name} desc" if descending else name
        case p.Key(expr=expr, name=name):
            return name if expr == p.Col(name) else f"{_short(expr)} as {name}"
        case p.AllOf(of=of):
            return " and ".join(map(_short, of))
        case p.AnyOf(of=of):
            return "(" + " or ".join(map(_short, of)) + ")"
        case TableProfile(name=name):
            return name
        case Enum():
            return str(value.value)
        case tuple():
            return "[" + ", ".join(map(_short, value)) + "]"
    if dataclasses.is_dataclass(value):
        return f"{type(value).__name__}({', '.join(_fields(value))})"
    return value if isinstance(value, str) else repr(value)
