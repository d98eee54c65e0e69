"""Divisions by zero, and numbers that outgrow their type."""

import re
from collections.abc import Iterator

import libcst as cst

from services.codegen.mend import insert, look, sql
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_TRIED = {cst.Divide: "try_divide", cst.Modulo: "try_mod"}
_NULL = "where the divisor is 0 the result is missing"
_SQL_DIVISOR = r"(?P<sign>[/%])\s*(?P<divisor>[A-Za-z_`][\w`.]*(?:\s*\([^()]*\))?|\([^()]*\))"
_LARGER = {
    "byte": "bigint", "tinyint": "bigint", "short": "bigint", "smallint": "bigint",
    "int": "bigint", "integer": "bigint", "bigint": "decimal(38,0)", "long": "decimal(38,0)",
    "float": "double", "ByteType": "LongType", "ShortType": "LongType", "IntegerType": "LongType",
}  # fmt: skip


def by_zero(case: Case) -> Iterator[Change]:
    """A divisor is 0 in some row."""
    if case.detail("condition"):
        yield from _of_columns(case)
        yield from _in_sql(case)
    else:
        yield from _of_numbers(case)


def _divisions(case: Case) -> list[cst.BinaryOperation]:
    line = case.failure.line
    found = [
        n
        for n in case.tree.nodes(cst.BinaryOperation)
        if isinstance(n.operator, cst.Divide | cst.Modulo | cst.FloorDivide)
    ]
    here = [n for n in found if line is None or line in case.tree.lines(n)]
    return here or [n for n in found if look.around(case.tree, n, line)]


def _of_columns(case: Case) -> Iterator[Change]:
    """`a / b` → `F.try_divide(a, b)`."""
    f, imports = insert.functions(case.tree)
    for node in _divisions(case):
        name = _TRIED.get(type(node.operator))
        if name is None or isinstance(node.right, cst.Integer | cst.Float):
            continue
        left, right = (_argument(case.tree, part, f) for part in (node.left, node.right))
        edit = insert.replaced(case.tree, node, f"{f}.{name}({left}, {right})")
        yield Change((*imports, edit), f"The division is now {name}: {_NULL}.", f"{_NULL}.")


def _argument(tree: Tree, node: cst.BaseExpression, f: str) -> str:
    code = tree.code(node)
    number = isinstance(node, cst.Integer | cst.Float | cst.UnaryOperation)
    return f"{f}.lit({code})" if number else _unwrapped(node, tree)


def _unwrapped(node: cst.BaseExpression, tree: Tree) -> str:
    """Without the parentheses that an argument does not need."""
    start, end = tree.span(node)
    text = tree.data[start:end].decode()
    return text if "\n" not in text else tree.code(node)


def _in_sql(case: Case) -> Iterator[Change]:
    texts = sql.everywhere(case.tree, case.failure.line)
    edits = sql.replace(texts, _SQL_DIVISOR, _guarded)
    if edits:
        yield Change(edits, f"The divisor is within nullif(…, 0): {_NULL}.", f"{_NULL}.")


def _guarded(found: re.Match[str]) -> str:
    divisor = found["divisor"]
    inner = divisor[1:-1] if divisor.startswith("(") else divisor
    return f"{found['sign']} nullif({inner}, 0)"


def _of_numbers(case: Case) -> Iterator[Change]:
    """`a / b` → `(a / b if b else None)`."""
    for node in _divisions(case):
        if not isinstance(node.right, cst.Name | cst.Attribute | cst.Subscript | cst.Call):
            continue
        code = case.tree.code(node.right)
        edits = insert.wrapped(case.tree, node, "(", f" if {code} else None)")
        yield Change(edits, f"The division is only done where it can be: {_NULL}.", f"{_NULL}.")


def overflow(case: Case) -> Iterator[Change]:
    """A number left its type: the casts around it go to a larger one."""
    for line in dict.fromkeys((case.failure.line, None)):
        edits = tuple(_wider(case.tree, line))
        if edits:
            said = "Numbers are computed in a larger type: one became too large for its own."
            yield Change(edits, said)


def _wider(tree: Tree, line: int | None) -> Iterator[Edit]:
    for call in look.calls(tree, "cast", "astype", "StructField"):
        for arg in call.args:
            if not look.around(tree, call, line):
                continue
            name = look.text_of(arg.value)
            if name in _LARGER:
                yield Edit(*tree.span(arg.value), look.quoted(_LARGER[name], tree.code(arg.value)))
            elif isinstance(arg.value, cst.Call) and isinstance(arg.value.func, cst.Attribute):
                larger = _LARGER.get(look.method(arg.value))
                if larger:
                    yield Edit(*tree.span(arg.value.func.attr), larger)
