"""Expressions: from a syntax node to the value that it stands for."""

import ast
from abc import abstractmethod
from collections.abc import Callable

from services.validator.analysis.facts import Facts
from services.validator.analysis.names import BUILTINS
from services.validator.columns import access, containers, library
from services.validator.columns.calls import Call, Host
from services.validator.columns.join import any_of, joined
from services.validator.columns.miss import Miss
from services.validator.columns.operators import binary, compared, condition, elements_of, unary
from services.validator.columns.spark_columns import is_function
from services.validator.columns.store import Store
from services.validator.columns.tables import Tables
from services.validator.columns.values import (
    UNKNOWN,
    Const,
    Entries,
    Env,
    Lib,
    Own,
    Rest,
    Seq,
    Session,
    Text,
    Value,
    box,
    content,
)

MAX_STEPS = 40_000
"""Nodes that are looked at: a program for people needs a few thousand, at 2 µs each."""
_MAX_PARTS = 200
"""Parts of an f-string that are put together."""
MAX_TURNS = 64
"""Turns of a loop that are made one by one."""


class Exhausted(Exception):
    """The program asks for more steps than are spent on one."""


class Evaluator(Host):
    """Evaluates expressions; statements and functions are the machine's."""

    def __init__(self, facts: Facts, tables: Tables) -> None:
        self.tables = tables
        self.fold = facts.fold
        self.store = Store()
        self.views: dict[str, Value] = {}
        self.module = Env({"__name__": Text("__main__")})
        self.env = self.module
        self._aliases = facts.program.aliases()
        self._starred_functions = self._aliases.get("*") == "pyspark.sql.functions.*"
        self._steps = 0
        self._kinds: dict[type[ast.expr], Callable[..., Value]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Subscript: self._subscript,
            ast.BinOp: self._binary,
            ast.BoolOp: self._boolean,
            ast.Compare: self._compare,
            ast.UnaryOp: self._unary,
            ast.JoinedStr: self._joined_text,
            ast.List: self._list,
            ast.Tuple: self._tuple,
            ast.Set: self._list,
            ast.Dict: self._dict,
            ast.IfExp: self._choice,
            ast.Lambda: self._lambda,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._dict_comprehension,
            ast.NamedExpr: self._walrus,
            ast.Starred: self._starred,
            ast.Yield: self._yield,
        }

    @abstractmethod
    def assign(self, target: ast.expr, value: Value) -> None: ...

    @abstractmethod
    def yielded(self, value: Value) -> None: ...

    @abstractmethod
    def define(self, node: ast.Lambda) -> Own: ...

    def report(self, miss: Miss) -> None:
        raise NotImplementedError

    def spend(self, steps: int) -> None:
        """Count steps. Raises Exhausted when there were too many."""
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise Exhausted

    def value(self, node: ast.expr) -> Value:
        """What `node` stands for. Raises Exhausted."""
        self.spend(1)
        kind = self._kinds.get(type(node))
        if kind is not None:
            return kind(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return UNKNOWN

    def _constant(self, node: ast.Constant) -> Value:
        return Text(node.value, node) if isinstance(node.value, str) else Const(node.value)

    def _name(self, node: ast.Name) -> Value:
        return self.named(node.id)

    def named(self, name: str) -> Value:
        """What a name stands for here."""
        env: Env | None = self.env
        while env is not None:
            found = env.names.get(name)
            if found is not None:
                return found
            env = env.outer
        if name in self._aliases:
            return library.constant(Lib(self._aliases[name]))
        if self._starred_functions and is_function(name):
            return Lib(f"pyspark.sql.functions.{name}")
        if name in BUILTINS:
            return Lib(f"builtins.{name}")
        return Session() if name == "spark" else UNKNOWN

    def _attribute(self, node: ast.Attribute, *, called: bool = False) -> Value:
        on = self.value(node.value)
        if isinstance(on, Lib):
            return library.constant(Lib(f"{on.name}.{node.attr}"))
        return access.attribute(self, on, node, called=called)

    def _callee(self, node: ast.expr) -> Value:
        return (
            self._attribute(node, called=True)
            if isinstance(node, ast.Attribute)
            else self.value(node)
        )

    def _call(self, node: ast.Call) -> Value:
        func = self._callee(node.func)
        call = Call(self, node, [], {})
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                self._spread(argument, call)
            else:
                call.args.append(self.value(argument))
        for keyword in node.keywords:
            self._keyword(keyword, call)
        return library.called(call, func)

    def _spread(self, argument: ast.Starred, call: Call) -> None:
        found = elements_of(self.value(argument.value))
        if isinstance(found, Seq) and found.items is not None:
            call.args.extend(found.items)
        else:
            call.open = True
            call.args.append(Rest(any_of(found) if isinstance(found, Seq) else UNKNOWN))

    def _keyword(self, keyword: ast.keyword, call: Call) -> None:
        given = self.value(keyword.value)
        if keyword.arg is not None:
            call.kwargs[keyword.arg] = given
            return
        inner = content(given)
        if isinstance(inner, Entries):
            call.kwargs.update({k: v for k, (_, v) in inner.items.items()})
        else:
            call.open = True

    def _subscript(self, node: ast.Subscript) -> Value:
        on = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is not None:
                    self.value(part)
            return containers.part(on, node.slice)
        return access.subscript(self, on, self.value(node.slice), node)

    def _binary(self, node: ast.BinOp) -> Value:
        return binary(node.op, self.value(node.left), self.value(node.right))

    def _unary(self, node: ast.UnaryOp) -> Value:
        return unary(node.op, self.value(node.operand))

    def _compare(self, node: ast.Compare) -> Value:
        left = self.value(node.left)
        rights = [self.value(n) for n in node.comparators]
        return compared(node.ops, left, rights)

    def _boolean(self, node: ast.BoolOp) -> Value:
        stops = isinstance(node.op, ast.Or)
        found: Value | None = None
        for operand in node.values:
            value = self.value(operand)
            truth = condition(value)
            if truth is stops:
                return value if found is None else joined(found, value)
            if truth is None or operand is node.values[-1]:
                found = value if found is None else joined(found, value)
        return found if found is not None else UNKNOWN

    def _choice(self, node: ast.IfExp) -> Value:
        truth = condition(self.value(node.test))
        if truth is not None:
            return self.value(node.body if truth else node.orelse)
        return joined(self.value(node.body), self.value(node.orelse))

    def _joined_text(self, node: ast.JoinedStr) -> Value:
        parts: list[str] = []
        for part in node.values[:_MAX_PARTS]:
            plain = isinstance(part, ast.Constant)
            if isinstance(part, ast.FormattedValue):
                found = self.value(part.value)
                plain = part.format_spec is None and part.conversion == -1
            else:
                found = self.value(part)
            if plain and isinstance(found, Text):
                parts.append(found.text)
            elif plain and isinstance(found, Const) and isinstance(found.value, int):
                parts.append(str(found.value))
            else:
                parts.append("\0")
        text = "".join(parts)
        whole = "\0" not in text and len(node.values) <= _MAX_PARTS
        return containers.short(text) if whole else UNKNOWN

    def _elements(self, nodes: list[ast.expr]) -> Seq:
        items: list[Value] = []
        for node in nodes:
            if not isinstance(node, ast.Starred):
                items.append(self.value(node))
                continue
            found = elements_of(self.value(node.value))
            if not isinstance(found, Seq) or found.items is None:
                each = [*items, any_of(found) if isinstance(found, Seq) else UNKNOWN]
                return Seq(None, any_of(Seq(tuple(each))))
            items.extend(found.items)
        return Seq(tuple(items))

    def _list(self, node: ast.List | ast.Set) -> Value:
        return box(self._elements(node.elts))

    def _tuple(self, node: ast.Tuple) -> Value:
        return self._elements(node.elts)

    def _dict(self, node: ast.Dict) -> Value:
        items: dict[str, tuple[Text, Value]] = {}
        known = True
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.value(value_node)
            if key_node is None:
                inner = content(value)
                known = known and isinstance(inner, Entries)
                items.update(inner.items if isinstance(inner, Entries) else {})
                continue
            key = self.value(key_node)
            known = known and isinstance(key, Text)
            if isinstance(key, Text):
                items[key.text] = (key, value)
        return box(Entries(items) if known else UNKNOWN)

    def _lambda(self, node: ast.Lambda) -> Value:
        return self.define(node)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        found = self.value(node.value)
        self.assign(node.target, found)
        return found

    def _starred(self, node: ast.Starred) -> Value:
        self.value(node.value)
        return UNKNOWN

    def _yield(self, node: ast.Yield) -> Value:
        self.yielded(self.value(node.value) if node.value is not None else Const(None))
        return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        found: list[Value] = []
        whole = self._turns(node.generators, 0, lambda: found.append(self.value(node.elt)))
        seq = Seq(tuple(found))
        return box(seq if whole else Seq(None, any_of(seq)))

    def _dict_comprehension(self, node: ast.DictComp) -> Value:
        items: dict[str, tuple[Text, Value]] = {}
        known = True

        def turn() -> None:
            nonlocal known
            key, value = self.value(node.key), self.value(node.value)
            known = known and isinstance(key, Text)
            if isinstance(key, Text):
                items[key.text] = (key, value)

        whole = self._turns(node.generators, 0, turn)
        return box(Entries(items) if whole and known else UNKNOWN)

    def _turns(
        self, generators: list[ast.comprehension], depth: int, turn: Callable[[], None]
    ) -> bool:
        """Make every turn; False when one stands for a number of turns that is not known."""
        if depth == len(generators):
            turn()
            return True
        generator = generators[depth]
        found = elements_of(self.value(generator.iter))
        items = found.items if isinstance(found, Seq) else None
        each = found.each if isinstance(found, Seq) else found
        whole = items is not None and len(items) <= MAX_TURNS
        for item in items if items is not None and whole else (each,):
            self.assign(generator.target, item)
            tests = [condition(self.value(test)) for test in generator.ifs]
            if False in tests:
                continue
            whole = self._turns(generators, depth + 1, turn) and None not in tests and whole
        return whole
