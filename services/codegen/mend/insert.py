"""Lines that a program gains: imports, and statements beside others."""

import re

import libcst as cst

from services.codegen.mend import look
from services.codegen.mend.tree import Edit, Tree


def importing(tree: Tree, line: str) -> Edit:
    """The import at the end of the program's first imports, or at its beginning."""
    after: cst.CSTNode | None = None
    for statement in tree.module.body:
        if not _is_import(statement) and not (after is None and _is_text(statement)):
            break
        after = statement
    if after is not None:
        at = tree.line_end(after)
        complete = tree.data[:at].endswith((b"\n", b"\r"))
        text = f"{line}{tree.newline}" if complete else f"{tree.newline}{line}"
        return Edit(at, at, text, once=True)
    at = tree.line_start(tree.module.body[0]) if tree.module.body else len(tree.data)
    return Edit(at, at, f"{line}{tree.newline}", once=True)


def _is_import(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and all(
        isinstance(s, cst.Import | cst.ImportFrom) for s in statement.body
    )


def _is_text(statement: cst.CSTNode) -> bool:
    """A docstring."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString())]):
            return True
    return False


def module(tree: Tree, dotted: str, line: str, name: str) -> tuple[str, tuple[Edit, ...]]:
    """The program's name for a module, and the import if it has none that reaches everywhere."""
    names = [alias for alias, source in look.imports(tree).items() if source == dotted]
    reach = look.everywhere(tree)
    for alias in names:
        if alias in reach:
            return alias, ()
    taken = look.bound(tree) - set(names)
    free = name if name not in taken else f"{name}_"
    return free, (importing(tree, _short(line.format(free))),)


def _short(line: str) -> str:
    """`import ray as ray` as people write it."""
    return re.sub(r"\b(\w+) as \1\Z", r"\1", line)


def functions(tree: Tree) -> tuple[str, tuple[Edit, ...]]:
    """The program's name for Spark's functions."""
    return module(tree, look.FUNCTIONS, "from pyspark.sql import functions as {}", "F")


def before(tree: Tree, node: cst.CSTNode, *lines: str) -> Edit | None:
    """Lines before the statement around `node`, indented as it is."""
    statement = tree.statement(node)
    if statement is None:
        return None
    at = tree.line_start(statement)
    indent = tree.indent(statement)
    return Edit(at, at, "".join(f"{indent}{line}{tree.newline}" for line in lines))


def after(tree: Tree, node: cst.CSTNode, *lines: str) -> Edit | None:
    """Lines after the statement around `node`, indented as it is."""
    statement = tree.statement(node)
    if statement is None:
        return None
    at = tree.line_end(statement)
    indent = tree.indent(statement)
    text = "".join(f"{indent}{line}{tree.newline}" for line in lines)
    if not tree.data[:at].endswith((b"\n", b"\r")):
        text = tree.newline + text
    return Edit(at, at, text)


def wrapped(tree: Tree, node: cst.CSTNode, left: str, right: str) -> tuple[Edit, Edit]:
    """The node between two texts."""
    start, end = tree.outer(node)
    return Edit(start, start, left), Edit(end, end, right)


def replaced(tree: Tree, node: cst.CSTNode, text: str) -> Edit:
    """Another text in the node's place, with its parentheses."""
    start, end = tree.outer(node)
    return Edit(start, end, text)
