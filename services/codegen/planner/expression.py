"""Small formulas over x and y, such as `x**2 + 1`: checked text, and the same in three languages.

A formula is kept as canonical Python text. Only numbers, x, y, pi, + - * / % ** and the functions
of `FUNCTIONS` are in it, so its text may stand in a program.
"""

import ast
import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

FUNCTIONS = frozenset({"sqrt", "sin", "cos", "tan", "exp", "log", "log2", "log10", "abs"})
"""`log` is the natural logarithm."""
MAX_LENGTH = 60
"""Characters of Python: a longer formula does not fit the lines of a program."""
MAX_BITS = 2**20
"""The largest number that a formula may give: some 300,000 digits."""

Range = tuple[float, float]
Ranges = Mapping[str, Range]
"""Lowest and highest value of each variable."""


class Language(StrEnum):
    PYTHON = "python"
    NUMPY = "numpy"
    SQL = "sql"
    """Powers are fractions."""
    WHOLE_SQL = "whole sql"
    """For whole formulas: powers are whole numbers, exact up to 2**53."""

    @property
    def sql(self) -> bool:
        """True for both kinds of SQL."""
        return self in (Language.SQL, Language.WHOLE_SQL)


_RANK: Mapping[type[ast.AST], int] = {
    ast.Add: 1,
    ast.Sub: 1,
    ast.Mult: 2,
    ast.Div: 2,
    ast.Mod: 2,
    ast.USub: 3,
    ast.Pow: 4,
}
_SIGN: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
}
_PI = {
    Language.PYTHON: "math.pi",
    Language.NUMPY: "np.pi",
    Language.SQL: "pi()",
    Language.WHOLE_SQL: "pi()",
}
_PRODUCTS = range(2, 5)
"""Powers that SQL writes as products, which stay whole numbers."""


def canonical(text: str) -> str:
    """The formula in its canonical form. Raises ValueError for anything else than a formula."""
    try:
        root = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text!r} is not a formula") from error
    _check(root)
    return _write(root, Language.PYTHON, prefix=False)


def named(text: str) -> str:
    """What a docstring calls the formula: a long one would not fit its line."""
    return text if len(text) <= 36 else "the formula"


def variables(text: str) -> tuple[str, ...]:
    """The variables of a formula, in alphabetical order."""
    named = {n.id for n in ast.walk(_tree(text)) if isinstance(n, ast.Name)}
    return tuple(sorted(named & {"x", "y"}))


def code(text: str, language: Language) -> str:
    """The formula as code."""
    return _write(_tree(text), language, prefix=True)


def whole(text: str, ranges: Ranges) -> bool:
    """True when every value over whole numbers is a whole number."""
    for node in ast.walk(_tree(text)):
        match node:
            case ast.Div() | ast.Call() | ast.Constant(value=float()) | ast.Name(id="pi"):
                return False
            case ast.BinOp(op=ast.Pow(), right=exponent) if _lowest(exponent, ranges) < 0:
                return False
    return True


def bits(text: str, ranges: Ranges) -> float:
    """At most this many binary digits has any value, and any part on the way to it."""
    return _bits(_tree(text), ranges)


def value(text: str, **at: float) -> int | float:
    """The value at one point. Raises ArithmeticError or ValueError where there is none."""
    names = {f: getattr(math, f) for f in FUNCTIONS - {"abs"}} | {"abs": abs, "pi": math.pi}
    found = eval(
        compile(ast.Expression(_tree(text)), "formula", "eval"), {"__builtins__": {}}, names | at
    )
    if isinstance(found, complex) or (isinstance(found, float) and not math.isfinite(found)):
        raise ValueError(f"{text} has no value at {at}")
    return found  # type: ignore[no-any-return]


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _check(node: ast.expr) -> None:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number) if abs(number) < 2**63:
            return None
        case ast.Name(id="x" | "y" | "pi"):
            return None
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _check(operand)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return _check(argument)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _RANK:
            _check(left)
            return _check(right)
    raise ValueError(f"{type(node).__name__} has no place in a formula")


def _write(node: ast.expr, language: Language, prefix: bool) -> str:
    match node:
        case ast.Constant(value=number):
            # Without the D a fraction is a decimal in SQL.
            return f"{number!r}D" if _in_sql(number, language) else repr(number)
        case ast.Name(id="pi"):
            return _PI[language] if prefix else "pi"
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(op=op, operand=operand):
            return f"-{_inside(operand, _RANK[type(op)], language, prefix)}"
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return f"{_function(name, language, prefix)}({_write(argument, language, prefix)})"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(left, right, language, prefix)
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(left, op, right, language, prefix)
    raise AssertionError(node)


def _in_sql(number: object, language: Language) -> bool:
    return isinstance(number, float) and language.sql


def _binary(
    left: ast.expr, op: ast.operator, right: ast.expr, language: Language, prefix: bool
) -> str:
    if isinstance(op, ast.Mod) and language.sql:
        return f"pmod({_write(left, language, prefix)}, {_write(right, language, prefix)})"
    rank = _RANK[type(op)]
    first = _inside(left, rank, language, prefix)
    return f"{first} {_SIGN[type(op)]} {_inside(right, rank + 1, language, prefix)}"


def _inside(node: ast.expr, rank: int, language: Language, prefix: bool) -> str:
    """The part of a formula, in brackets where it binds less than `rank`."""
    written = _write(node, language, prefix)
    if not isinstance(node, ast.BinOp | ast.UnaryOp):
        return written
    # SQL writes powers as products and calls.
    product = isinstance(node.op, ast.Pow) and language.sql
    own = 2 if product else _RANK[type(node.op)]
    return f"({written})" if own < rank else written


def _power(left: ast.expr, right: ast.expr, language: Language, prefix: bool) -> str:
    if not language.sql:
        base = _inside(left, 5, language, prefix)
        exponent = _inside(right, 3, language, prefix)
        plain = isinstance(left, ast.Constant | ast.Name) and isinstance(
            right, ast.Constant | ast.Name
        )
        return f"{base}**{exponent}" if plain else f"{base} ** {exponent}"
    times = right.value if isinstance(right, ast.Constant) else None
    if isinstance(times, int) and times in _PRODUCTS:
        return " * ".join([_inside(left, 3, language, prefix)] * times)
    both = f"power({_write(left, language, prefix)}, {_write(right, language, prefix)})"
    return f"CAST({both} AS BIGINT)" if language is Language.WHOLE_SQL else both


def _function(name: str, language: Language, prefix: bool) -> str:
    if not prefix or (name == "abs" and language is not Language.NUMPY):
        return name
    if language.sql:
        return "ln" if name == "log" else name
    return f"{'math' if language is Language.PYTHON else 'np'}.{name}"


def _lowest(node: ast.expr, ranges: Ranges) -> float:
    """A lower bound of an exponent; -inf where none is known."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in ranges:
            return ranges[name][0]
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=int() as less)):
            return _lowest(left, ranges) - less
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            parts = (_lowest(left, ranges), _lowest(right, ranges))
            if isinstance(node.op, ast.Add):
                return sum(parts)
            return parts[0] * parts[1] if min(parts) >= 0 else -math.inf
    return -math.inf


def _bits(node: ast.expr, ranges: Ranges) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return math.log2(abs(number) + 1)
        case ast.Name(id=name) if name in ranges:
            return math.log2(max(map(abs, ranges[name])) + 1)
        case ast.UnaryOp(operand=operand):
            return _bits(operand, ranges)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _bits(left, ranges) + _bits(right, ranges)
        case ast.BinOp(op=ast.Mod(), right=right):
            return _bits(right, ranges)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _bits(right, ranges)
            return _bits(left, ranges) * 2.0**exponent if exponent < 40 else math.inf
        case ast.BinOp(left=left, right=right):
            return max(_bits(left, ranges), _bits(right, ranges)) + 1
    return 64.0


def points(ranges: Ranges) -> Iterator[Mapping[str, float]]:
    """The corners of the ranges."""
    names = sorted(ranges)
    for which in range(2 ** len(names)):
        yield {n: ranges[n][which >> i & 1] for i, n in enumerate(names)}
