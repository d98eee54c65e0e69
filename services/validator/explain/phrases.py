"""Expressions over columns, in words: `price > 100 and state is 'Texas'`."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.validator.analysis.scope import How
from services.validator.explain.chains import case, window
from services.validator.explain.functions import (
    AGGREGATES,
    CASTS,
    DIRECTIONS,
    ELEMENTS,
    FORMAT_FIRST,
    GENERIC_NAMESPACES,
    RENAMES,
    TESTS,
)
from services.validator.explain.source import code, listed, literal, quoted, size
from services.validator.explain.tables import Tables

_MAX_DEPTH = 12
_MAX_NODES = 150
"""Above both, an expression is quoted or said to be long: nobody reads such a sentence."""

_SIGNS: dict[type[ast.AST], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.In: "is one of",
    ast.NotIn: "is none of",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.And: "and",
    ast.Or: "or",
}
_COLUMN_OF = ("col", "column", "field")


@dataclass
class Phrases:
    """Words for the expressions of one program."""

    tables: Tables

    def of(self, node: ast.expr, depth: int = 0) -> str:
        """The expression in words; what has none stands as program text in back-quotes."""
        if depth > _MAX_DEPTH or (depth == 0 and size(node, _MAX_NODES) > _MAX_NODES):
            return quoted(node)
        return self._of(node, depth + 1) or quoted(node)

    def column(self, node: ast.expr, depth: int = 0) -> str:
        """Like `of`, where a text is the name of a column."""
        match node:
            case ast.Constant(value=str(name)):
                return name
            case ast.Name() if (text := self.tables.facts.fold.one(node)) is not None:
                return text
        return self.of(node, depth)

    def columns(self, nodes: Iterable[ast.expr]) -> list[str]:
        """Columns, each given by itself or in a list; a list that is not seen is quoted."""
        out: list[str] = []
        for node in nodes:
            literal_list = self.literal_list(node)
            if literal_list is not None:
                out.extend(self.columns(literal_list))
            else:
                out.append(self.column(node))
        return out

    def literal_list(self, node: ast.expr) -> list[ast.expr] | None:
        """The elements of a list that stands in the program, there or under a name."""
        match node:
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                return elts
            case ast.Starred(value=value):
                return self.literal_list(value)
            case ast.Name():
                last = self.tables.bindings.last(node)
                if last is not None and last.how is How.IS and last.value is not node:
                    inner = last.value
                    return inner.elts if isinstance(inner, ast.List | ast.Tuple) else None
        return None

    def named(self, node: ast.expr) -> tuple[str, ast.expr] | None:
        """Name and expression of `expression.alias("name")`."""
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[name, *_]):
                text = self.tables.facts.fold.one(name)
                if attr in RENAMES and text is not None:
                    return text, inner
        return None

    def callee(self, call: ast.Call) -> str:
        """The last name of a function of the engines or of Python; empty for anything else."""
        dotted = self.tables.facts.names.callee(call) or ""
        return dotted.rpartition(".")[2] if dotted.startswith(GENERIC_NAMESPACES) else ""

    def _of(self, node: ast.expr, depth: int) -> str:
        match node:
            case ast.Constant(value=value):
                return literal(value)
            case ast.Name():
                return self._name(node, depth)
            case ast.Attribute():
                return self._attribute(node, depth)
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                return key
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compare(left, ops, others, depth)
            case ast.BoolOp(op=op, values=values):
                return f" {_SIGNS[type(op)]} ".join(self._inside(v, depth, op) for v in values)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                sign = _SIGNS[type(op)]
                return f"{self._inside(left, depth, op)} {sign} {self._inside(right, depth, op)}"
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, operand, depth)
            case ast.IfExp(test=test, body=body, orelse=other):
                yes, no = self.of(body, depth), self.of(other, depth)
                return f"({yes} where {self.of(test, depth)}; else {no})"
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return listed(self.of(e, depth) for e in elts)
            case ast.Lambda(body=body):
                return self.of(body, depth)
            case ast.Call():
                return self._call(node, depth)
        return ""

    def _name(self, node: ast.Name, depth: int) -> str:
        facts = self.tables.facts
        last = self.tables.bindings.last(node)
        known = last is not None and last.how is How.IS and self.tables.engine(node) is None
        if last is not None and known and self._is_column(last.value):
            return self.of(last.value, depth)
        text = facts.fold.one(node)
        return literal(text) if text is not None else node.id

    def _is_column(self, value: ast.expr) -> bool:
        """True for what is worth following behind a name: constants, and calls of the engines."""
        if isinstance(value, ast.Constant | ast.BinOp | ast.Compare | ast.BoolOp | ast.UnaryOp):
            return True
        names = self.tables.facts.names
        if not isinstance(value, ast.Call):
            return False
        parts = list(names.chain(value))
        last = names.dotted(parts[-1]) or "" if parts else ""
        return last.startswith(("pyspark.", "pyarrow.compute", "ray.data"))

    def _attribute(self, node: ast.Attribute, depth: int) -> str:
        facts = self.tables.facts
        if self.tables.engine(node.value) is not None:
            return node.attr
        if facts.fold.is_option(node, node.attr):
            return f"the option --{node.attr.replace('_', '-')}"
        text = facts.fold.one(node)
        return literal(text) if text is not None else ""

    def _compare(
        self, left: ast.expr, ops: Sequence[ast.cmpop], others: Sequence[ast.expr], depth: int
    ) -> str:
        out = self._inside(left, depth, None)
        for op, right in zip(ops, others, strict=True):
            missing = isinstance(right, ast.Constant) and right.value is None
            told = "missing" if missing else self._inside(right, depth, None)
            sign = _SIGNS[type(op)]
            if isinstance(op, ast.Eq | ast.NotEq) and not _is_value(told):
                sign = "=" if isinstance(op, ast.Eq) else "is not equal to"
            out += f" {sign} {told}"
        return out

    def _inside(self, node: ast.expr, depth: int, op: ast.AST | None) -> str:
        """In parentheses where the reader would otherwise join it to its neighbour."""
        text = self.of(node, depth)
        same = isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) is type(op)
        mixed = isinstance(node, ast.BoolOp | ast.BinOp) and not same
        return f"({text})" if mixed and not text.startswith("`") else text

    def _unary(self, op: ast.unaryop, operand: ast.expr, depth: int) -> str:
        if isinstance(op, ast.Invert | ast.Not):
            return f"not ({self.of(operand, depth)})"
        sign = "-" if isinstance(op, ast.USub) else ""
        return f"{sign}{self._inside(operand, depth, None)}"

    def _call(self, call: ast.Call, depth: int) -> str:
        name = self.callee(call)
        if name:
            return self._function(call, name, depth)
        if isinstance(call.func, ast.Attribute):
            return self._method(call, call.func.attr, call.func.value, depth)
        if isinstance(call.func, ast.Name):
            arguments = listed(self.column(a, depth) for a in call.args)
            return f"{call.func.id}({arguments})"
        return ""

    def _function(self, call: ast.Call, name: str, depth: int) -> str:
        arguments = call.args
        if name in _COLUMN_OF and arguments:
            return self.column(arguments[0], depth)
        if name in ("lit", "scalar") and arguments:
            return self.of(arguments[0], depth)
        if name == "expr" and arguments:
            text = self.tables.facts.fold.one(arguments[0])
            return code(text) if text is not None else quoted(arguments[0])
        if name in DIRECTIONS and arguments:
            return f"{self.column(arguments[0], depth)}{DIRECTIONS[name]}"
        if name in AGGREGATES:
            return self.aggregate(name, arguments, depth)
        if name in ELEMENTS and arguments:
            return f"each element of {self.column(arguments[0], depth)}, in a row of its own"
        if name == "when" and len(arguments) == 2:
            return case(self, call, depth)
        if name in TESTS and arguments:
            return self._test(name, arguments, depth)
        first, rest = arguments[:1], arguments[1:]
        named = [
            self.of(a, depth) if name in FORMAT_FIRST else self.column(a, depth) for a in first
        ]
        after = self.column if name in FORMAT_FIRST else self.of
        return f"{name}({', '.join([*named, *(after(a, depth) for a in rest)])})"

    def aggregate(self, name: str, arguments: Sequence[ast.expr], depth: int = 0) -> str:
        """A measure such as `sum of price`."""
        if name in ("count", "Count") and self._counts_rows(arguments):
            return "number of rows"
        if name == "count_if" and arguments:
            return f"{AGGREGATES[name]} {self.of(arguments[0], depth)}"
        if name in ("percentile", "percentile_approx", "approx_percentile") and len(arguments) > 1:
            of, part = self.column(arguments[0], depth), self.of(arguments[1], depth)
            return f"{AGGREGATES[name]} {of} at {part}"
        return f"{AGGREGATES[name]} {listed((self.column(a, depth) for a in arguments), ' and ')}"

    def _method(self, call: ast.Call, attr: str, on: ast.expr, depth: int) -> str:
        arguments = call.args
        if attr in RENAMES and arguments:
            return self.of(on, depth)
        if attr in CASTS and arguments:
            kind = self.tables.facts.fold.one(arguments[0])
            return f"{self.of(on, depth)} as {kind or quoted(arguments[0])}"
        if attr in DIRECTIONS and not arguments:
            return f"{self.of(on, depth)}{DIRECTIONS[attr]}"
        if attr in ("isin", "is_in") and arguments:
            return f"{self.of(on, depth)} is one of {listed(self._values(arguments, depth))}"
        if attr in ("when", "otherwise"):
            return case(self, call, depth)
        if attr == "over" and arguments:
            return f"{self.of(on, depth)} {window(self, arguments[0])}".rstrip()
        if attr in TESTS:
            return self._test(attr, [on, *arguments], depth)
        if self.tables.engine(on) is not None and attr in AGGREGATES:
            return f"{AGGREGATES[attr]} {listed(map(self.column, arguments))}".strip()
        if isinstance(on, ast.Subscript | ast.Call | ast.Attribute) and size(call) < 40:
            told = ", ".join(self.of(a, depth) for a in arguments)
            return f"{attr}({', '.join(filter(None, [self.of(on, depth), told]))})"
        return ""

    def _values(self, arguments: Sequence[ast.expr], depth: int) -> list[str]:
        out: list[str] = []
        for argument in arguments:
            inner = self.literal_list(argument)
            out.extend(self.of(a, depth) for a in (inner if inner is not None else [argument]))
        return out

    def _test(self, name: str, arguments: Sequence[ast.expr], depth: int) -> str:
        text = TESTS[name]
        if f"{{{len(arguments)}}}" in text:
            return ""
        first = self.column(arguments[0], depth)
        return text.format(first, *(self.of(a, depth) for a in arguments[1:]))

    def _counts_rows(self, arguments: Sequence[ast.expr]) -> bool:
        """True for `count("*")`, `count(lit(1))` and `Count()`."""
        match arguments:
            case [] | [ast.Constant(value="*" | 1)]:
                return True
            case [ast.Call(args=[ast.Constant()]) as inner]:
                return self.callee(inner) in ("lit", "scalar")
        return False


def _is_value(told: str) -> bool:
    """True for the words of a constant: `'Texas'`, `3`, `true`, `missing`."""
    return told[:1] in "'\"-0123456789" or told in ("missing", "true", "false")
