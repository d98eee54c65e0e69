"""Conditions on columns: `and`, `or`, `not` and chains ask for a truth that a column has not."""

from collections.abc import Iterator

import libcst as cst

from arclight.contracts.finding import Finding
from services.codegen.mend import look
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_SIGNS = {cst.And: "&", cst.Or: "|"}
_CONDITIONS = look.words("filter where when join withColumn select agg")
_BINDS_TIGHTER = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.Integer, cst.Float,
)  # fmt: skip
"""Operands that need no parentheses beside `&`."""


def truth_of_column(case: Case, finding: Finding) -> Iterator[Change]:
    """SPK008, at the place of the finding."""
    tree, at = case.tree, case.tree.offset(finding.line, finding.column) or 0
    found = [n for n in _logical(tree) if tree.span(n)[0] <= at < tree.span(n)[1]]
    yield from _change(tree, [*_outermost(tree, found)][-1:])


def column_as_bool(case: Case) -> Iterator[Change]:
    """CANNOT_CONVERT_COLUMN_INTO_BOOL, on the line that raised it."""
    tree, line = case.tree, case.failure.line
    found = [n for n in _logical(tree) if look.around(tree, n, line) and _of_columns(tree, n)]
    yield from _change(tree, [*_outermost(tree, found)])


def _change(tree: Tree, roots: list[cst.BaseExpression]) -> Iterator[Change]:
    edits = tuple(e for node in roots for e in _signs(tree, node))
    if edits:
        yield Change(
            edits, "Conditions on columns are combined with & | ~, which Python's words cannot do."
        )


def _logical(tree: Tree) -> list[cst.BaseExpression]:
    found = tree.nodes(cst.BooleanOperation, cst.UnaryOperation, cst.Comparison)
    return [n for n in found if _is_logical(n)]


def _is_logical(node: cst.CSTNode) -> bool:
    match node:
        case cst.BooleanOperation():
            return True
        case cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.Comparison(comparisons=[_, _, *_]):
            return True
        case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn())]):
            return True
    return False


def _of_columns(tree: Tree, node: cst.CSTNode) -> bool:
    """True within a method that takes conditions on columns."""
    outer = (n for n in tree.above(node) if isinstance(n, cst.Call))
    return any(look.method(call) in _CONDITIONS for call in outer) or isinstance(
        tree.parent(node), cst.Assign
    )


def _outermost(tree: Tree, nodes: list[cst.BaseExpression]) -> Iterator[cst.BaseExpression]:
    for node in nodes:
        if not any(outer in nodes for outer in tree.above(node)):
            yield node


def _signs(tree: Tree, node: cst.BaseExpression) -> Iterator[Edit]:
    """The edits of a logical expression and of those that are its operands."""
    match node:
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            yield Edit(*tree.span(operator), _SIGNS[type(operator)])
            for operand in (left, right):
                yield from _operand(tree, operand)
        case cst.UnaryOperation(operator=cst.Not() as operator, expression=inner):
            yield Edit(*tree.span(operator), "~")
            yield from _operand(tree, inner)
        case cst.Comparison(comparisons=[_, _, *_]):
            yield from _chain(tree, node)
        case cst.Comparison(
            left=left, comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn() as word)]
        ):
            yield from _membership(tree, node, left, word)


def _operand(tree: Tree, node: cst.BaseExpression) -> Iterator[Edit]:
    """In parentheses, unless it has them, binds as tightly, or is a logical one by itself."""
    inner = list(_signs(tree, node)) if _is_logical(node) else []
    bare = not node.lpar and not isinstance(node, _BINDS_TIGHTER)
    same = isinstance(node, cst.UnaryOperation) or _is_chain(node)
    if bare and not same:
        start, end = tree.span(node)
        yield Edit(start, start, "(")
        yield from inner
        yield Edit(end, end, ")")
    else:
        yield from inner


def _is_chain(node: cst.CSTNode) -> bool:
    """Chains bring parentheses of their own."""
    return isinstance(node, cst.Comparison) and _is_logical(node)


def _chain(tree: Tree, node: cst.Comparison) -> Iterator[Edit]:
    """`1 < c < 5` → `((1 < c) & (c < 5))`."""
    left, parts = tree.code(node.left), []
    for target in node.comparisons:
        sign = tree.code(target.operator).strip()
        right = tree.code(target.comparator)
        parts.append(f"({left} {sign} {right})")
        left = right
    yield Edit(*tree.outer(node), f"({' & '.join(parts)})")


def _membership(
    tree: Tree, node: cst.Comparison, left: cst.BaseExpression, word: cst.BaseCompOp
) -> Iterator[Edit]:
    """`c in [1, 2]` → `c.isin([1, 2])`."""
    column = tree.code(left)
    values = tree.code(node.comparisons[0].comparator)
    negated = "~" if isinstance(word, cst.NotIn) else ""
    yield Edit(*tree.outer(node), f"{negated}{column}.isin({values})")
