"""What a program is like when its names and literals are taken out."""

import ast
import re

_LITERAL = ast.Constant(0)
_WORD = re.compile(r"\w+")


def shape(text: str) -> str:
    """Equal for two programs that differ in nothing but names and literals.

    A list, tuple, set or dict of literals is one literal, whatever its length. A text that does
    not parse keeps its punctuation only.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return _WORD.sub("_", text)
    return ast.dump(_Bare().visit(tree))


class _Bare(ast.NodeTransformer):
    """Turns each name into `_`, each literal into 0."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        node = super().generic_visit(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, field, "_")
            elif field == "names" and isinstance(node, ast.Global | ast.Nonlocal):
                node.names = ["_"] * len(node.names)
        return _LITERAL if _is_literal(node) else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return _LITERAL

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Only the values that are put in: the text between them is a literal."""
        values = [self.visit(v) for v in node.values if isinstance(v, ast.FormattedValue)]
        return ast.JoinedStr(values)


def _is_literal(node: ast.AST) -> bool:
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return bool(parts) and all(p is _LITERAL for p in parts)
        case ast.Dict(keys=keys, values=values):
            return bool(keys) and all(p is _LITERAL for p in [*keys, *values])
        case ast.UnaryOp(operand=operand):
            return operand is _LITERAL
    return False
