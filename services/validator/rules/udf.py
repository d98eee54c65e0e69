"""Which Python UDFs only do what Spark's own functions do."""

import ast
from collections.abc import Iterator

from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import Function

_METHODS = {
    "upper": "F.upper",
    "lower": "F.lower",
    "strip": "F.trim",
    "lstrip": "F.ltrim",
    "rstrip": "F.rtrim",
    "title": "F.initcap",
    "replace": "F.replace",
    "split": "F.split",
    "startswith": "Column.startswith",
    "endswith": "Column.endswith",
}
_FUNCTIONS = {
    "builtins.len": "F.length",
    "builtins.abs": "F.abs",
    "builtins.round": "F.round",
    "builtins.int": "Column.cast('int')",
    "builtins.float": "Column.cast('double')",
    "builtins.str": "Column.cast('string')",
    "math.sqrt": "F.sqrt",
    "math.log": "F.log",
    "math.floor": "F.floor",
    "math.ceil": "F.ceil",
    "math.exp": "F.exp",
}
_UDF = frozenset({"pyspark.sql.functions.udf", "pyspark.sql.udf.udf"})
_PLAIN = (
    ast.Name,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.IfExp,
    ast.BoolOp,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.expr_context,
)


def built_in_for(facts: Facts) -> Iterator[tuple[ast.AST, str]]:
    """Each such UDF and the built-in function that replaces it."""
    for call in facts.program.calls:
        if facts.names.callee(call) in _UDF and call.args:
            body = _body(facts, call.args[0])
            built_in = _replacement(facts, body) if body is not None else None
            if built_in:
                yield call, built_in
    for call in facts.called("register"):
        if len(call.args) > 1:
            body = _body(facts, call.args[1])
            built_in = _replacement(facts, body) if body is not None else None
            if built_in:
                yield call, built_in
    for functions in facts.program.functions.values():
        for function in functions:
            if any(_decorates(facts, d) for d in function.decorator_list):
                body = _single_return(function)
                built_in = _replacement(facts, body) if body is not None else None
                if built_in:
                    yield function, built_in


def _decorates(facts: Facts, node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return facts.names.dotted(called) in _UDF


def _body(facts: Facts, node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Lambda):
        return node.body
    if isinstance(node, ast.Name):
        functions = facts.program.functions.get(node.id, [])
        return _single_return(functions[0]) if len(functions) == 1 else None
    return None


def _single_return(function: Function) -> ast.expr | None:
    """The returned expression of a function that does nothing else."""
    body = [s for s in function.body if not _is_docstring(s)]
    match body:
        case [ast.Return(value=value)]:
            return value
    return None


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _replacement(facts: Facts, body: ast.expr) -> str | None:
    """The first built-in when the whole expression is made of such; None otherwise."""
    found: list[str] = []
    waiting: list[ast.AST] = [body]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Call(func=ast.Attribute(value=on, attr=attr), args=args) if attr in _METHODS:
                found.append(_METHODS[attr])
                waiting.extend([on, *args])
            case ast.Call(args=args) if (facts.names.callee(node) or "") in _FUNCTIONS:
                found.append(_FUNCTIONS[facts.names.callee(node) or ""])
                waiting.extend(args)
            case _ if isinstance(node, _PLAIN):
                waiting.extend(ast.iter_child_nodes(node))
            case _:
                return None
    arithmetic = isinstance(body, ast.BinOp | ast.Compare | ast.IfExp)
    return (
        found[0]
        if found
        else ("column arithmetic, or F.when(…).otherwise(…)," if arithmetic else None)
    )
