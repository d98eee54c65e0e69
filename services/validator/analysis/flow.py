"""Where a value comes from: which reads, written rows, random numbers and options reach it.

Without regard to order: a name is the sum of all that is ever bound to it. One walk sums up each
expression as flags and names; a query follows the names.
"""

import ast
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from services.validator.analysis.fold import HOLE, Fold, known
from services.validator.analysis.names import BUILTINS, MAX_SAME, Names
from services.validator.analysis.reads import Reads
from services.validator.analysis.scope import Function
from services.validator.analysis.sql import read_sql
from services.validator.analysis.words import words
from services.validator.analysis.writes import Writes

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
    r"random\.(random|randint|randrange|randbytes|uniform|gauss|normalvariate|betavariate|"
    r"expovariate|triangular|lognormvariate|vonmisesvariate|getrandbits|Random|SystemRandom)"
    r"|numpy\.random\.(?!seed|choice|shuffle|permutation)\w+|os\.urandom"
    r"|pyspark\.sql\.functions\.(rand|randn|uniform|randstr)|secrets\.(?!choice)\w+"
)
CHOICES = re.compile(
    r"(random\.(choices?|sample|shuffle)|numpy\.random\.(choice|permutation|shuffle)|secrets\.choice"
    r"|uuid\.uuid4)"
)
"""They pick from what they are given, or number it: invented only where that is literal."""
_VIEWS = ("views",)
_FILES = ("files",)
_MAX_CONTROLLED = 50
"""Bindings of one name whose conditions are followed."""


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
    writes: Writes
    _sums: dict[Hashable, _Summary] = field(default_factory=dict)

    def of(self, *nodes: ast.AST | None, controls: bool = False) -> int:
        """The flags of everything that reaches the nodes.

        `controls`: also through conditions and loops, as in `for row in rows: n += 1`.
        """
        flags, seen = 0, set[Hashable]()
        waiting: list[Hashable] = [n for n in nodes if n is not None]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                summary = self._summary(key)
                flags |= summary.flags
                waiting.extend(summary.needs - seen)
                if controls:
                    waiting.extend(self._controls(key))
        return flags

    def made(self, *nodes: ast.AST | None) -> bool:
        """True for rows of the program's own that nothing which was read has a part in."""
        flags = self.of(*nodes)
        return bool(flags & ROWS) and not flags & (READ | UNKNOWN)

    @cached_property
    def _own_files(self) -> frozenset[str]:
        paths = [self.fold.strings(w.path) for w in self.writes.found if w.path is not None]
        return frozenset(p for many in paths for p in known(many))

    def _controls(self, key: Hashable) -> Iterable[ast.AST]:
        """What decides whether, and how often, a name is bound or a function returns."""
        bound: list[ast.expr] = []
        if isinstance(key, tuple) and key != _VIEWS and key != _FILES:
            scope, name = key
            bound = [b.value for b in scope.names.get(name, [])]
        elif isinstance(key, Function):
            bound = self.names.program.returns.get(key, [])
        for value in bound[:_MAX_CONTROLLED]:
            for outer in self.names.program.above(value):
                if isinstance(outer, ast.If | ast.While):
                    yield outer.test
                elif isinstance(outer, ast.For | ast.AsyncFor):
                    yield outer.iter

    def makes_rows(self, call: ast.Call) -> bool:
        """True for a call that turns Python values into a table."""
        callee = self.names.callee(call)
        if callee is not None and _ROWS.fullmatch(callee):
            return not self._empty(call)
        if not isinstance(call.func, ast.Attribute):
            return False
        attr = call.func.attr
        if attr in _ROW_METHODS:
            return not self._empty(call)
        if attr == "load" and "rate" in self.reads.options(call.func.value).get("format", ()):
            return True
        return attr == "range" and self._is_session(call.func.value)

    def is_random(self, call: ast.Call) -> bool:
        callee = self.names.callee(call)
        if callee is None:
            return False
        if CHOICES.fullmatch(callee):
            return bool(call.args) and _is_literal(self.fold.literal(call.args[0]))
        return _RANDOM.fullmatch(callee) is not None

    def _empty(self, call: ast.Call) -> bool:
        """True for a table without rows, which others are added to."""
        data = call.args[0] if call.args else None
        named = {k.arg: k.value for k in call.keywords}
        if data is None:
            data = next((named[n] for n in ("data", "items") if n in named), None)
            return data is None and not call.args and set(named) <= {"columns", "dtype", "schema"}
        return isinstance(data, ast.List | ast.Tuple) and not data.elts

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
        if isinstance(key, ast.ClassDef):
            return self._walk(key.body)
        if isinstance(key, ast.AST):
            return self._walk([key])
        if key == _FILES:
            return self._walk([w.call for w in self.writes.found])
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
                if self.makes_rows(node):
                    stack += _data(node)
                    continue
            elif isinstance(node, ast.Name):
                self._name(node, out)
            elif isinstance(node, ast.Attribute):
                self._attribute(node, out)
            stack.extend(ast.iter_child_nodes(node))
        return out

    def _call(self, call: ast.Call, out: _Summary) -> None:
        read = self.reads.by_call.get(call)
        if read is not None:
            own = not read.tables and read.targets <= self._own_files
            if own:
                out.needs.add(_FILES)
            else:
                out.flags |= READ
        if self.makes_rows(call):
            out.flags |= ROWS
        elif self.is_random(call):
            out.flags |= RANDOM
        out.needs.update(self.names.functions_of(call))
        if isinstance(call.func, ast.Attribute):
            if call.func.attr == "sql":
                self._sql(call, out)
            elif call.func.attr == "table" and read is None:
                out.needs.add(_VIEWS)

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
        here = program.scopes.get(node)
        scope = here.find(node.id) if here is not None else None
        if scope is not None:
            out.needs.add((scope, node.id))
        out.needs.update(program.functions.get(node.id, [])[:MAX_SAME])
        if node.id in program.classes:
            out.needs.add(program.classes[node.id])  # Whatever its objects and actors hold.
        elif here is not None and scope is None and self._is_missing(node):
            out.flags |= UNKNOWN  # The run says so, and better than a guess at what it stood for.

    def _is_missing(self, node: ast.Name) -> bool:
        """True for a name that nothing in the program makes: a slip, or from a star import."""
        made = node.id in BUILTINS or node.id in self.names.program.functions
        return not made and self.names.dotted(node) is None

    def _attribute(self, node: ast.Attribute, out: _Summary) -> None:
        if node.attr == "output" and self.fold.is_option(node, "output"):
            out.flags |= OUTPUT
        if node.attr == "argv" and self.names.dotted(node) == "sys.argv":
            out.flags |= ARGV
        if f".{node.attr}" in self.names.program.module.names:
            out.needs.add((self.names.program.module, f".{node.attr}"))


def _is_literal(node: ast.expr) -> bool:
    match node:
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            return any(isinstance(e, ast.Constant | ast.Tuple | ast.Dict) for e in elts)
    return isinstance(node, ast.Constant | ast.Dict)


_FORM = words("schema columns samplingRatio verifySchema index dtype names metadata numSlices")


def _data(call: ast.Call) -> list[ast.expr]:
    """What the rows are made of, without their schema: the columns of a source are no rows."""
    named = [k.value for k in call.keywords if k.arg not in _FORM]
    return [call.func, *call.args[:1], *named]
