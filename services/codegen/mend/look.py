"""Questions about a program that several strategies ask."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from services.codegen.mend.tree import N, Tree

FUNCTIONS = "pyspark.sql.functions"


def words(text: str) -> frozenset[str]:
    """The words of a text, to look others up in."""
    return frozenset(text.split())


def imports(tree: Tree) -> dict[str, str]:
    """Name in the program → what it was imported from: `F` → `pyspark.sql.functions`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree.ast):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                found[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def everywhere(tree: Tree) -> set[str]:
    """The imported names that all of the program can use: the imports of its top level."""
    local = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    inner = {n for f in ast.walk(tree.ast) if isinstance(f, local) for n in ast.walk(f)}
    found = [n for n in ast.walk(tree.ast) if isinstance(n, ast.Import | ast.ImportFrom)]
    return {a.asname or a.name.partition(".")[0] for n in found if n not in inner for a in n.names}


def bound(tree: Tree) -> set[str]:
    """Every name that the program gives a meaning to, wherever it does."""
    names = set(imports(tree))
    for node in ast.walk(tree.ast):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                names.add(name)
    return names


def dotted(tree: Tree, node: cst.CSTNode) -> str:
    """`F.col` → `pyspark.sql.functions.col`; the plain text of what was not imported."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.insert(0, node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([imports(tree).get(node.value, node.value), *parts])


def method(call: cst.Call) -> str:
    """The last name of what is called: `cast` of `F.col("a").cast("int")`."""
    match call.func:
        case cst.Attribute(attr=cst.Name(value=name)) | cst.Name(value=name):
            return name
    return ""


def receiver(call: cst.CSTNode) -> cst.BaseExpression | None:
    """What a method is called on."""
    match call:
        case cst.Call(func=cst.Attribute(value=value)):
            return value
    return None


def root(node: cst.CSTNode) -> cst.CSTNode:
    """The beginning of a chain of methods, attributes and indices."""
    while True:
        match node:
            case cst.Call(func=inner) | cst.Attribute(value=inner) | cst.Subscript(value=inner):
                node = inner
            case _:
                return node


def links(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The parts of a chain, last method first."""
    while True:
        yield node
        match node:
            case cst.Call(func=inner) | cst.Attribute(value=inner) | cst.Subscript(value=inner):
                node = inner
            case _:
                return


def calls(tree: Tree, *names: str) -> list[cst.Call]:
    """The calls of methods or functions of these names; all calls without names."""
    return [c for c in tree.nodes(cst.Call) if not names or method(c) in names]


def on_line(tree: Tree, call: cst.Call, line: int | None) -> bool:
    """True when the called name stands on the line, as Python reports places of calls."""
    if line is None:
        return True
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return tree.line(name) == line


def around(tree: Tree, node: cst.CSTNode, line: int | None) -> bool:
    """True when the node, or its statement if that is short, stands on the line."""
    if line is None or line in tree.lines(node):
        return True
    statement = next((n for n in tree.above(node) if isinstance(n, cst.SimpleStatementLine)), None)
    return statement is not None and line in tree.lines(statement)


def here(tree: Tree, nodes: Sequence[N], line: int | None) -> list[N]:
    """Those around the line; all of them when there are none, as Spark Connect says an error of
    a frame where its rows are asked for, not where it was made."""
    return [n for n in nodes if around(tree, n, line)] or list(nodes)


def text_of(node: cst.CSTNode) -> str | None:
    """The text of a plain string literal."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def quoted(text: str, like: str = '"') -> str:
    """A literal of the text in the quotes of `like`, a literal of the program."""
    mark = "'" if like.lstrip("rRbBuUfF").startswith("'") else '"'
    if text.isprintable() and "\\" not in text and mark not in text:
        return f"{mark}{text}{mark}"
    return repr(text)


def raw(text: str) -> str:
    """A raw literal of a text without quotes, as patterns are written."""
    return f'r"{text}"'
