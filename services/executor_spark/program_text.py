"""Which column does a call in the program work on? Read off its syntax tree."""

import ast
from collections.abc import Iterator

_OPERATORS: dict[str, type[ast.operator]] = {
    "__truediv__": ast.Div,
    "__mod__": ast.Mod,
    "__add__": ast.Add,
    "__sub__": ast.Sub,
    "__mul__": ast.Mult,
}
"""Spark names an operator by its method."""


def column_at(program: str, line: int, fragment: str) -> str | None:
    """The one column that the call or operator `fragment` on `line` reads; None when unclear.

    For a division that is the divisor: it is the one that can be zero.
    """
    try:
        tree = ast.parse(program)
    except SyntaxError:
        return None
    named = {c for node in _at(tree, line, fragment) for c in _columns(node)}
    return named.pop() if len(named) == 1 else None


def _at(tree: ast.AST, line: int, fragment: str) -> Iterator[ast.AST]:
    operator = _OPERATORS.get(fragment)
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or not node.lineno <= line <= (node.end_lineno or 0):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == fragment:
                # `F.col("x").cast(…)` reads its object, `F.to_date("x")` its arguments.
                yield node.func.value
                yield from node.args
        elif operator is not None and isinstance(node, ast.BinOp) and isinstance(node.op, operator):
            yield node.right
            if operator is not ast.Div and operator is not ast.Mod:
                yield node.left


def _columns(node: ast.AST) -> Iterator[str]:
    """`col("x")`, `F.col("x")`, `df["x"]` below this node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and part.args:
            name = part.func.attr if isinstance(part.func, ast.Attribute) else None
            name = part.func.id if isinstance(part.func, ast.Name) else name
            argument = part.args[0]
            if name in ("col", "column") and isinstance(argument, ast.Constant):
                yield str(argument.value)
        elif isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            yield str(part.slice.value)
