"""Pure expressions over literals are worked out, so that text cannot hide behind arithmetic.

`"".join(map(chr, [111, 115]))` and `base64.b64decode("b3M=").decode()` are both `os`. Nothing of
the program runs: each operation is one of a short list, and every value is kept small.
"""

import ast
import base64
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.validator.analysis.names import Names
from services.validator.analysis.scope import How
from services.validator.analysis.words import words

_MOST = 4096
"""Letters or items of one value; text that matters here has some dozen."""
_STEPS = 4_000
"""Operations for one expression; two loops over a sentence take some hundred."""
_ALL_STEPS = 40_000
"""Operations for one program: 0.1 s, after which its remaining text counts as not known."""
_DEPTH = 40

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.BitXor: operator.xor,
    ast.Mod: operator.mod,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "builtins.chr": chr,
    "builtins.ord": ord,
    "builtins.str": str,
    "builtins.int": int,
    "builtins.bytes": lambda x, *e: x.encode(*e) if isinstance(x, str) else bytes(_many(x)),
    "builtins.bytearray": lambda x: bytes(_many(x)),
    "builtins.bytes.fromhex": bytes.fromhex,
    "builtins.bytearray.fromhex": bytes.fromhex,
    "builtins.list": lambda x: list(_many(x)),
    "builtins.tuple": lambda x: list(_many(x)),
    "builtins.sorted": lambda x: sorted(_many(x)),
    "builtins.reversed": lambda x: list(reversed(_many(x))),
    "builtins.range": lambda *x: list(range(*x)[:_MOST]),
    "builtins.map": lambda f, x: [f(one) for one in _many(x)],
    "builtins.zip": lambda *x: [list(t) for t in zip(*map(_many, x), strict=False)],
    "base64.b64decode": base64.b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.standard_b64decode": base64.standard_b64decode,
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode,
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode,
    "builtins.str.join": lambda t, x: t.join(_many(x)),
}
_ENCODINGS = words("utf-8 utf8 ascii latin-1 latin1 utf-16 utf-16-le utf-16-be")
_METHODS = words(
    "join replace strip lstrip rstrip lower upper swapcase capitalize title format decode encode "
    "split rsplit partition removeprefix removesuffix hex fromhex casefold"
)


class NotConstant(Exception):
    """The value is only known to the run, or is not worth working out."""


def _many(value: Any) -> Any:
    """`value` as it is when it is a short sequence; raises NotConstant."""
    if isinstance(value, list | str | bytes) and len(value) <= _MOST:
        return value
    raise NotConstant


@dataclass
class Constants:
    """Works out expressions of one program."""

    names: Names
    _steps: int = 0
    _all_steps: int = 0
    _memo: dict[ast.expr, Any] = field(default_factory=dict)

    def text(self, node: ast.expr) -> str | None:
        """The text that `node` certainly is; None when it is none or not known."""
        if node not in self._memo:
            self._all_steps += self._steps
            self._steps = 0
            try:
                self._memo[node] = self._value(node, {}, 0)
            except Exception:  # noqa: BLE001 (whatever an operation on odd values raises)
                self._memo[node] = None
        value = self._memo[node]
        return value if isinstance(value, str) else None

    def _value(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> Any:
        self._steps += 1
        spent = self._steps > _STEPS or self._all_steps + self._steps > _ALL_STEPS
        if spent or depth > _DEPTH:
            raise NotConstant
        value = self._of(node, local, depth + 1)
        if isinstance(value, str | bytes | list) and len(value) > _MOST:
            raise NotConstant
        if isinstance(value, int) and abs(value) > 1 << 63:
            raise NotConstant
        return value

    def _of(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> Any:
        match node:
            case ast.Constant(value=str() | bytes() | int() as value):
                return value
            case ast.Name(id=name):
                return local[name] if name in local else self._name(node, depth)
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                return [self._value(e, local, depth) for e in elts]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._value(operand, local, depth)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, left, right, local, depth)
            case ast.JoinedStr(values=values):
                return "".join(self._part(v, local, depth) for v in values)
            case ast.Subscript(value=value, slice=key):
                return self._value(value, local, depth)[self._key(key, local, depth)]
            case (
                ast.ListComp(elt=elt, generators=[over])
                | ast.GeneratorExp(elt=elt, generators=[over])
            ):
                return self._each(elt, over, local, depth)
            case ast.NamedExpr(value=value):
                return self._value(value, local, depth)
            case ast.Call(keywords=[]):
                return self._call(node, local, depth)
        raise NotConstant

    def _name(self, node: ast.Name, depth: int) -> Any:
        match self.names.bound(node):
            case [only] if only.how is How.IS:
                return self._value(only.value, {}, depth)
        raise NotConstant

    def _binary(
        self, op: ast.operator, a: ast.expr, b: ast.expr, local: Mapping[str, Any], depth: int
    ) -> Any:
        left, right = self._value(a, local, depth), self._value(b, local, depth)
        if type(op) in _OPERATORS:
            if isinstance(op, ast.Mod):
                right = _plain_format(left, right)
            return _OPERATORS[type(op)](left, right)
        if isinstance(op, ast.Mult) and isinstance(right, int) and right <= _MOST:
            size = len(left) if isinstance(left, str | bytes | list) else 1
            if size * abs(right) <= _MOST or isinstance(left, int):
                return left * right
        raise NotConstant

    def _part(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> str:
        if isinstance(node, ast.FormattedValue):
            if node.format_spec is not None or node.conversion != -1:
                raise NotConstant
            return str(self._value(node.value, local, depth))
        return str(self._value(node, local, depth))

    def _key(self, key: ast.expr, local: Mapping[str, Any], depth: int) -> Any:
        if not isinstance(key, ast.Slice):
            return self._value(key, local, depth)
        ends = (key.lower, key.upper, key.step)
        return slice(*(None if e is None else self._value(e, local, depth) for e in ends))

    def _each(
        self, elt: ast.expr, over: ast.comprehension, local: Mapping[str, Any], depth: int
    ) -> list[Any]:
        out = []
        for item in _many(self._value(over.iter, local, depth)):
            inner = {**local, **_unpacked(over.target, item)}
            if all(self._value(test, inner, depth) for test in over.ifs):
                out.append(self._value(elt, inner, depth))
        return out

    def _call(self, node: ast.Call, local: Mapping[str, Any], depth: int) -> Any:
        callee = self.names.callee(node)
        if callee in _FUNCTIONS:
            first = node.args[0] if node.args else None
            if callee == "builtins.map" and first is not None:
                mapped = _FUNCTIONS[self.names.dotted(first) or ""]
                return _FUNCTIONS[callee](mapped, self._value(node.args[1], local, depth))
            return _FUNCTIONS[callee](*(self._value(a, local, depth) for a in node.args))
        match node.func:
            case ast.Attribute(value=on, attr=attr) if attr in _METHODS:
                subject = self._value(on, local, depth)
                args = [self._value(a, local, depth) for a in node.args]
                return _method(subject, attr, args)
        raise NotConstant


def _method(subject: Any, name: str, args: list[Any]) -> Any:
    if not isinstance(subject, str | bytes):
        raise NotConstant
    if name == "format":
        _plain_format(subject, args)
    if name in ("encode", "decode") and args and str(args[0]).lower() not in _ENCODINGS:
        raise NotConstant
    return getattr(subject, name)(*args)


_WIDTH = re.compile(r"\d{4,}|\*|:[^}]*\{")


def _plain_format(text: Any, values: Any) -> Any:
    """The values for a format without huge widths, which would fill the memory."""
    if isinstance(text, str | bytes) and (not isinstance(text, str) or _WIDTH.search(text)):
        raise NotConstant
    return tuple(values) if isinstance(values, list) else values


def _unpacked(target: ast.expr, item: Any) -> dict[str, Any]:
    match target:
        case ast.Name(id=name):
            return {name: item}
        case ast.Tuple(elts=elts):
            return {e.id: i for e, i in zip(elts, item, strict=True) if isinstance(e, ast.Name)}
    raise NotConstant
