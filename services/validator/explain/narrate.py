"""Walks a program as it would run, and tells each call that means something for the answer."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import Function
from services.validator.context import Context
from services.validator.explain import ends, rows
from services.validator.explain.asked import Asked, Teller
from services.validator.explain.bindings import Bindings
from services.validator.explain.columns import own_function
from services.validator.explain.methods import (
    APPLIES,
    BRINGS,
    GOES_THROUGH,
    SILENT,
    TELLS,
    VIEWS,
    applied_to,
)
from services.validator.explain.phrases import Phrases
from services.validator.explain.source import code, quoted, size
from services.validator.explain.statements import statement
from services.validator.explain.tables import Tables

When = tuple[str, ...]
"""The conditions and loops around a step, the outermost first."""
_MAX_STEPS = 20_000
"""Nodes that are looked at; a program for people has a tenth."""
_LIKE_METHODS = {
    "pandas.merge": "merge",
    "pandas.concat": "union",
    "pyarrow.concat_tables": "union",
}
"""Functions that do what a method of their first argument would do."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class _Visit:
    """A node to look at; `told`: what it consists of was looked at before it."""

    node: ast.AST
    when: When
    told: bool = False


@dataclass
class Narration:
    """The sentences of one program, in the order of its run."""

    facts: Facts
    context: Context
    _entered: set[Function] = field(default_factory=set)
    _stack: list[_Visit] = field(default_factory=list)

    def __post_init__(self) -> None:
        tables = Tables(self.facts, Bindings(self.facts.names))
        self._teller = Teller(self.facts, self.context, tables, Phrases(tables))
        self._tables = tables
        self._writes = {w.call: w for w in self.facts.writes.found}
        self._prints = set(self.facts.writes.prints)
        self._sql = dict(self.facts.reads.sql)

    def sentences(self) -> Iterator[str]:
        """Each sentence, without capital letter and full stop. A stack instead of recursion, so
        that no program can exhaust it."""
        self._later(self.facts.program.tree.body, ())
        for _ in range(_MAX_STEPS):
            if not self._stack:
                return
            visit = self._stack.pop()
            if visit.told:
                for text in self._tell(visit):
                    yield f"{_conditions(visit.when)}{text}"
            else:
                self._open(visit)
        yield "the rest of the program is too long to explain"

    def _later(self, nodes: Sequence[ast.AST], when: When) -> None:
        """Look at the nodes next, the first of them first."""
        self._stack.extend(_Visit(n, when) for n in reversed(nodes))

    def _open(self, visit: _Visit) -> None:
        node, when = visit.node, visit.when
        match node:
            case ast.If(test=test, body=body, orelse=other):
                self._branch(test, body, other, when)
            case ast.For(iter=over, target=target, body=body, orelse=other):
                self._later(other, when)
                self._later(body, _nested(when, f"for each {_short(target)} of {_short(over)}"))
                self._later([over], when)
            case ast.While(test=test, body=body):
                self._later(body, _nested(when, f"as long as {_short(test)}"))
                self._later([test], when)
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=final):
                self._later(final, when)
                self._later(other, when)
                self._later(handlers, _nested(when, "when something fails"))
                self._later(body, when)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self._comprehension(node, when)
            case ast.Call():
                self._stack.append(_Visit(node, when, told=True))
                parts = [node.func, *node.args, *(k.value for k in node.keywords)]
                self._later(parts, when)
            case ast.Lambda():
                pass
            case _ if isinstance(node, _FUNCTIONS):
                pass
            case _:
                if isinstance(node, ast.Subscript | ast.Assign):
                    self._stack.append(_Visit(node, when, told=True))
                self._later(list(ast.iter_child_nodes(node)), when)

    def _branch(
        self, test: ast.expr, body: Sequence[ast.stmt], other: Sequence[ast.stmt], when: When
    ) -> None:
        match test:
            case ast.Compare(left=ast.Name(id="__name__")):
                self._later(body, when)
                return
        self._later(other, _nested(when, f"unless {_short(test)}"))
        self._later(body, _nested(when, f"if {_short(test)}"))
        self._later([test], when)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, when: When
    ) -> None:
        first = node.generators[0]
        inner = _nested(when, f"for each {_short(first.target)} of {_short(first.iter)}")
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        conditions = [c for g in node.generators for c in g.ifs]
        self._later([*(g.iter for g in node.generators[1:]), *conditions, *made], inner)
        self._later([first.iter], when)

    def _tell(self, visit: _Visit) -> Iterator[str]:
        match visit.node:
            case ast.Call() as call:
                yield from filter(None, self._call(call, visit.when))
            case ast.Subscript(value=value, slice=key) as node:
                if self._is_mask(node):
                    yield rows.masked(Asked(self._teller, node, value, "", []), key)
            case ast.Assign(targets=[ast.Subscript(value=on, slice=key)], value=value):
                name = self.facts.fold.one(key)
                if name is not None and self._tables.engine(on):
                    of = f" of {self._teller.label(on)}" if self._tables.many else ""
                    yield f"compute {name} = {self._teller.phrases.of(value)}{of}"

    def _is_mask(self, node: ast.Subscript) -> bool:
        """True for pandas' `frame[condition]`, and for `frame[["a", "b"]]`."""
        tables = self._tables
        named = isinstance(node.slice, ast.Constant) or tables.grouped(node.value)
        return not named and bool(tables.engine(node) and tables.engine(node.value))

    def _call(self, call: ast.Call, when: When) -> Iterator[str]:
        read = self.facts.reads.by_call.get(call)
        if call in self._sql:
            yield from self._statements(call)
        elif read is not None:
            yield ends.reads(self._teller, read)
        elif call in self._writes:
            yield ends.writes(self._teller, self._writes[call])
        elif call in self._prints:
            yield ends.prints(self._teller, call)
        elif call in self._tables.made:
            yield ends.makes(self._teller, call)
        else:
            yield from self._other(call, when)

    def _statements(self, call: ast.Call) -> Iterator[str]:
        for text in sorted(self._sql[call]):
            yield from statement(text)

    def _other(self, call: ast.Call, when: When) -> Iterator[str]:
        functions = self.facts.names.functions_of(call)
        match call.func:
            case ast.Attribute(attr="remote") if functions:
                yield self._remote(functions[0])
            case ast.Attribute(value=on, attr=attr) if self._tables.engine(on) is not None:
                yield from self._method(Asked(self._teller, call, on, attr, call.args), when)
                return
            case _ if (asked := self._by_function(call)) is not None:
                yield from self._method(asked, when)
            case ast.Name(id=name) if functions and self._tables.engine(call) is not None:
                yield own_function(self._teller, call, name)
        self._enter(functions, when)

    def _by_function(self, call: ast.Call) -> Asked | None:
        """`pandas.merge(one, other, …)` as if it were `one.merge(other, …)`, and concatenation."""
        attr = _LIKE_METHODS.get(self.facts.names.callee(call) or "")
        if attr is None or not call.args:
            return None
        first, rest = call.args[0], call.args[1:]
        parts = self._teller.phrases.literal_list(first) if attr == "union" else None
        if parts is not None:
            first, rest = (parts[0], parts[1:]) if parts else (first, [])
        return Asked(self._teller, call, first, attr, rest)

    def _written_in_pieces(self, call: ast.expr) -> bool:
        """True where a loop over the rows only writes them."""
        match self.facts.program.parents.get(call):
            case ast.For() as loop:
                return any(n in self._writes for n in ast.walk(loop) if isinstance(n, ast.Call))
        return False

    def _remote(self, function: Function) -> str:
        """A task of Ray, an actor of Ray, or a call of one of its methods."""
        owner = self.facts.program.parents.get(function)
        if not isinstance(owner, ast.ClassDef):
            return f"run {function.name} as a task of Ray"
        if function.name == "__init__":
            return f"start {owner.name} as an actor of Ray"
        return f"call {function.name} of an actor of Ray"

    def _method(self, asked: Asked, when: When) -> Iterator[str]:
        attr = asked.attr
        if attr in APPLIES:
            yield from self._applies(asked, when)
        elif attr in TELLS:
            told = TELLS[attr](asked)
            yield self._result(asked, told) if told else self._unexplained(asked)
        elif attr in VIEWS:
            name = asked.text(asked.argument(0, "name", "viewName"))
            yield f"give {asked.it} the name {name or 'that only the run knows'} for SQL"
        elif attr in BRINGS:
            yield self._result(asked, f"bring {asked.rows} to the program's own process")
        elif attr in GOES_THROUGH and not self._written_in_pieces(asked.call):
            yield f"go through {asked.rows} in Python"
        elif attr not in SILENT | GOES_THROUGH:
            yield self._unexplained(asked)

    def _result(self, asked: Asked, told: str) -> str:
        """With the new name of the table, where sentences use names and it gets one."""
        name = self._teller.calls_it(asked.call)
        if not self._tables.many or not name or f"`{name}`" == asked.label:
            return told
        return f"{told}; this is `{name}`"

    def _unexplained(self, asked: Asked) -> str:
        return f"call .{asked.attr}() on {asked.label}, which is not explained here"

    def _applies(self, asked: Asked, when: When) -> Iterator[str]:
        given = asked.argument(0, "fn", "func", "f")
        to = applied_to(asked.attr)
        of = f" of {asked.label}" if self._tables.many and to != "the table" else ""
        match given:
            case ast.Name(id=name) if functions := self.facts.program.functions.get(name, []):
                yield f"apply the program's function {name} to {to}{of}"
                self._enter(functions, when)
            case ast.Lambda(body=body):
                yield f"apply {quoted(body)} to {to}{of}"
            case None:
                yield self._unexplained(asked)
            case _:
                yield f"apply {quoted(given)}, which is not explained here, to {to}{of}"

    def _enter(self, functions: Sequence[Function], when: When) -> None:
        """Go on inside functions, once each: what they do a second time was told."""
        for function in reversed(functions):
            if function not in self._entered:
                self._entered.add(function)
                self._later(function.body, when)


def _nested(when: When, condition: str) -> When:
    """Of several levels, the two innermost."""
    return (*when, condition)[-2:]


def _conditions(when: When) -> str:
    """`if a, for each b of c: `."""
    return f"{', '.join(when)}: " if when else ""


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if size(node, 20) > 20:
        return "something longer"
    return code(ast.unparse(node))
