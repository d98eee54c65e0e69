"""Chains of calls that make one thing: windows, and `when(…).otherwise(…)`."""

import ast
from typing import TYPE_CHECKING

from services.validator.explain.source import listed, quoted

if TYPE_CHECKING:
    from services.validator.explain.phrases import Phrases

_MAX_STEPS = 12


def window(phrases: "Phrases", node: ast.expr) -> str:
    """`within each region, in the order of price from high to low`, also where the window has a
    name."""
    within, order, rows = "", "", ""
    for _ in range(_MAX_STEPS):
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=arguments):
                told = listed(phrases.columns(arguments))
                if attr == "partitionBy" and told:
                    within = f"within each {told}"
                elif attr == "orderBy":
                    order = f"in the order of {told}"
                elif attr in ("rowsBetween", "rangeBetween") and len(arguments) == 2:
                    first, last = map(_bound, arguments)
                    rows = f"over the {attr[:-7].rstrip('s')}s from {first} to {last}"
                node = inner
            case ast.Name():
                bound = phrases.tables.bindings.last(node)
                if bound is None:
                    break
                node = bound.value
            case ast.Attribute():
                break
            case _:
                return f"over {quoted(node)}"
    return ", ".join(filter(None, [within, order, rows]))


def case(phrases: "Phrases", call: ast.Call, depth: int) -> str:
    """`('big' where total > 5; else 'small')`; empty for another chain."""
    branches: list[str] = []
    other = "missing"
    node: ast.expr = call
    for _ in range(_MAX_STEPS):
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr="otherwise"), args=[value]):
                other, node = phrases.of(value, depth), inner
            case ast.Call(args=[test, value]) if phrases.callee(node) == "when":
                branches.insert(0, f"{phrases.of(value, depth)} where {phrases.of(test, depth)}")
                return f"({'; '.join(branches)}; else {other})"
            case ast.Call(func=ast.Attribute(value=inner, attr="when"), args=[test, value]):
                branches.insert(0, f"{phrases.of(value, depth)} where {phrases.of(test, depth)}")
                node = inner
            case _:
                return ""
    return ""


def _bound(node: ast.expr) -> str:
    """One end of a window's rows."""
    match node:
        case ast.Attribute(attr="unboundedPreceding"):
            return "the first"
        case ast.Attribute(attr="unboundedFollowing"):
            return "the last"
        case ast.Attribute(attr="currentRow") | ast.Constant(value=0):
            return "this one"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return f"{number} before"
        case ast.Constant(value=int(number)):
            return f"{number} after"
    return quoted(node)
