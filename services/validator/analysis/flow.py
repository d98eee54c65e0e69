"""Where a value comes from: which reads, written rows, random numbers and options reach it.

Without regard to order: a name is the sum of all that is ever bound to it. One walk sums up each
expression as flags and names; a query follows the names.
"""

import ast
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from services.validator.analysis.fold import HOLE, Fold
from services.validator.analysis.names import Names
from services.validator.analysis.reads import Reads
from services.validator.analysis.sql import read_sql

READ, ROWS, RANDOM, OUTPUT, UNKNOWN, ARGV = 1, 2, 4, 8, 16, 32
"""Flags: read from outside; rows made by the program; random numbers; the `--output` folder;
passed through something that is not followed; an argument of the command line."""

_ROWS = re.compile(
    r"ray\.data\.(range|range_tensor|from_(items|numpy|pandas|arrow|blocks))"
    r"|pandas\.DataFrame(\.from_(dict|records))?|pyarrow\.(table|Table\.from_(pydict|pylist|arrays"
    r"|pandas)|RecordBatch\.from_\w+|record_batch)|io\.(StringIO|BytesIO)"
)
_ROW_METHODS = frozenset({"createDataFrame", "parallelize"})
_RANDOM = re.compile(
    r"random\.(random|randint|randrange|uniform|gauss|normalvariate|choices?|sample|shuffle|"
    r"betavariate|expovariate|triangular|Random)|numpy\.random\.\w+"
    r"|pyspark\.sql\.functions\.(rand|randn|uniform|randstr)|secrets\.\w+|uuid\.uuid4"
)
_VIEWS = ("views",)


@dataclass
class _Summary:
    flags: int = 0
    needs: set[Hashable] = field(default_factory=set)


@dataclass
class Flow:
    """Answers where values of one program come from."""

    names: Names
    fold: Fold
    reads: Reads
    _sums: dict[Hashable, _Summary] = field(default_factory=dict)

    def of(self, *nodes: ast.AST | None) -> int:
        """The flags of everything that reaches the nodes."""
        flags, seen = 0, set[Hashable]()
        waiting: list[Hashable] = [n for n in nodes if n is not None]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                summary = self._summary(key)
                flags |= summary.flags
                waiting.extend(summary.needs)
        return flags

    def makes_rows(self, call: ast.Call) -> bool:
        """True for a call that turns Python values into a table."""
        callee = self.names.callee(call)
        if callee is not None and _ROWS.fullmatch(callee):
            return True
        if not isinstance(call.func, ast.Attribute):
            return False
        attr = call.func.attr
        if attr in _ROW_METHODS:
            return True
        return attr == "range" and self._is_session(call.func.value)

    def is_random(self, call: ast.Call) -> bool:
        callee = self.names.callee(call)
        return callee is not None and _RANDOM.fullmatch(callee) is not None

    def _is_session(self, node: ast.expr) -> bool:
        return "getOrCreate" in self.names.steps(node) or (
            isinstance(node, ast.Name) and node.id == "spark"
        )

    def _summary(self, key: Hashable) -> _Summary:
        found = self._sums.get(key)
        if found is None:
            found = self._sums[key] = self._sum_up(key)
        return found

    def _sum_up(self, key: Hashable) -> _Summary:
        if isinstance(key, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._walk(self.names.program.returns.get(key, []))
        if isinstance(key, ast.AST):
            return self._walk([key])
        if key == _VIEWS:
            return self._walk([f for frames in self.reads.views.values() for f in frames])
        assert isinstance(key, tuple)
        scope, name = key
        return self._walk([b.value for b in scope.names.get(name, [])])

    def _walk(self, nodes: Iterable[ast.AST]) -> _Summary:
        out = _Summary()
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Call):
                self._call(node, out)
            elif isinstance(node, ast.Name):
                self._name(node, out)
            elif isinstance(node, ast.Attribute):
                self._attribute(node, out)
            stack.extend(ast.iter_child_nodes(node))
        return out

    def _call(self, call: ast.Call, out: _Summary) -> None:
        if call in self.reads.by_call:
            out.flags |= READ
        if self.makes_rows(call):
            out.flags |= ROWS
        elif self.is_random(call):
            out.flags |= RANDOM
        out.needs.update(self.names.functions_of(call))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "sql":
            self._sql(call, out)

    def _sql(self, call: ast.Call, out: _Summary) -> None:
        text = self.fold.one(call.args[0]) if call.args else None
        if text is None:
            out.flags |= UNKNOWN
            out.needs.add(_VIEWS)
            return
        statement = read_sql(text)
        if statement.tables or HOLE in text:
            out.needs.add(_VIEWS)
        elif statement.values:
            out.flags |= ROWS

    def _name(self, node: ast.Name, out: _Summary) -> None:
        program = self.names.program
        scope = program.scopes[node].find(node.id)
        if scope is not None:
            out.needs.add((scope, node.id))
        out.needs.update(program.functions.get(node.id, []))
        if node.id in program.classes:
            out.flags |= UNKNOWN  # What an object or actor holds is not followed.

    def _attribute(self, node: ast.Attribute, out: _Summary) -> None:
        if node.attr == "output" and self.fold.is_option(node, "output"):
            out.flags |= OUTPUT
        if node.attr == "argv" and self.names.dotted(node) == "sys.argv":
            out.flags |= ARGV
        if f".{node.attr}" in self.names.program.module.names:
            out.needs.add((self.names.program.module, f".{node.attr}"))
