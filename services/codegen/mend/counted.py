"""Cells that will be missing from now on: the program counts them, and says so on its log."""

import re

import libcst as cst
from libcst import matchers

from services.codegen.mend import insert, look
from services.codegen.mend.tree import Edit, Tree

_OF_FRAME = look.words("withColumn withColumns select filter where agg orderBy sort groupBy")
_GROUPED = look.words("groupBy groupby rollup cube pivot")
SCOPED = (cst.Lambda, cst.GeneratorExp, cst.ListComp, cst.SetComp, cst.DictComp)
"""What gives names a meaning of its own, which a statement before does not know."""


def counting(tree: Tree, node: cst.CSTNode, condition: str, what: str) -> tuple[Edit, ...]:
    """A statement before the one around `node` that counts the rows of its frame where
    `condition` holds, on standard error: what the program prints may be its answer. Nothing
    when the frame cannot be said before the statement."""
    frame = _frame(tree, node)
    if frame is None or in_scope(tree, node, f"{frame} {condition}"):
        return ()
    name, imports = insert.module(tree, "sys", "import sys as {}", "sys")
    line = f"print({look.quoted(what)}, {frame}.filter({condition}).count(), file={name}.stderr)"
    before = insert.before(tree, node, line)
    return (*imports, before) if before is not None else ()


def in_scope(tree: Tree, node: cst.CSTNode, code: str) -> bool:
    """True when the code uses a name that only a lambda or a comprehension around gives it."""
    scoped = [n for n in tree.above(node) if isinstance(n, SCOPED)]
    inner = {w for s in scoped for w in _bound(s)}
    return bool(inner & set(re.findall(r"\w+", code)))


def _bound(scope: cst.CSTNode) -> set[str]:
    """The names that it binds, and more: those that stand where it binds them."""
    if isinstance(scope, cst.Lambda):
        return _names(scope.params)
    clause = getattr(scope, "for_in", None)
    found: set[str] = set()
    while isinstance(clause, cst.CompFor):
        found |= _names(clause.target)
        clause = clause.inner_for_in
    return found


def _names(node: cst.CSTNode) -> set[str]:
    found = matchers.findall(node, matchers.Name())
    return {n.value for n in found if isinstance(n, cst.Name)}


def _frame(tree: Tree, node: cst.CSTNode) -> str | None:
    """The frame whose rows the expression is computed from."""
    inner: cst.CSTNode = node
    for outer in tree.above(node):
        if isinstance(outer, cst.Call) and look.method(outer) in _OF_FRAME:
            on = look.receiver(outer)
            if on is not None and on is not inner and not _within(tree, node, on):
                return _said_before(tree, _rows(on))
        if isinstance(outer, cst.BaseStatement):
            return None
        inner = outer
    return None


def _rows(on: cst.CSTNode) -> cst.CSTNode:
    """The frame below its grouping."""
    while isinstance(on, cst.Call) and look.method(on) in _GROUPED:
        below = look.receiver(on)
        if below is None:
            break
        on = below
    return on


def _within(tree: Tree, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
    return any(n is outer for n in tree.above(node))


def _said_before(tree: Tree, frame: cst.CSTNode) -> str | None:
    """The frame's text, if the statement does not itself make what it is made of."""
    beginning = look.root(frame)
    code = tree.code(frame)
    if not isinstance(beginning, cst.Name) or "\n" in code or ":=" in code:
        return None
    return code
