"""The program's own functions, entered where they are called: the whole run."""

import ast

from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import Function
from services.validator.columns import containers, library
from services.validator.columns.functions import (
    Activation,
    arguments_of,
    result_of,
    returns_early,
)
from services.validator.columns.statements import Statements
from services.validator.columns.tables import Tables
from services.validator.columns.values import UNKNOWN, Const, Env, Own, Value

MAX_CALLS = 14
"""Functions within functions that are entered."""


class Machine(Statements):
    """Runs a program with schemas in place of rows, and collects the names that it misses."""

    def __init__(self, facts: Facts, tables: Tables) -> None:
        super().__init__(facts, tables)
        self._runs: list[Activation] = []
        self._inside: list[ast.AST] = []
        self._early: dict[Function, bool] = {}
        self._statements[ast.FunctionDef] = self._function
        self._statements[ast.Return] = self._return

    def _function(self, node: ast.FunctionDef) -> bool:
        decorators = [self.value(d) for d in node.decorator_list]
        remote = [d for d in decorators if library.is_remote(d)]
        if len(remote) < len(decorators):
            self.store.bind(self.env, node.name, UNKNOWN)
            return True
        own = Own(node, self.env, self._defaults(node.args), remote=bool(remote))
        self.store.bind(self.env, node.name, own)
        return True

    def define(self, node: ast.Lambda) -> Own:
        return Own(node, self.env, self._defaults(node.args))

    def _defaults(self, arguments: ast.arguments) -> tuple[tuple[str, Value], ...]:
        plain = [*arguments.posonlyargs, *arguments.args]
        last = plain[len(plain) - len(arguments.defaults) :]
        given = [(a.arg, d) for a, d in zip(last, arguments.defaults, strict=True)]
        pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        given += [(a.arg, d) for a, d in pairs if d is not None]
        return tuple((name, self.value(node)) for name, node in given)

    def apply(self, function: Value, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """The result of a function that a library calls."""
        return self.run(function, args, kwargs) if isinstance(function, Own) else UNKNOWN

    def run(self, function: Own, args: list[Value], kwargs: dict[str, Value]) -> Value:
        """Enter one of the program's functions; its result."""
        node = function.node
        if len(self._inside) >= MAX_CALLS or self._inside.count(node) > 1:
            for value in (*args, *kwargs.values()):
                containers.spoil(self.store, value)
            return UNKNOWN
        env = Env(arguments_of(function, args, kwargs), function.env)
        activation = Activation()
        outer, self.env = self.env, env
        self._runs.append(activation)
        self._inside.append(node)
        try:
            if isinstance(node, ast.Lambda):
                return self.value(node.body)
            ends = self._body(node)
        finally:
            self.env = outer
            self._runs.pop()
            self._inside.pop()
        return result_of(activation, ends)

    def _body(self, node: Function) -> bool:
        """The statements; a `return` inside a branch or loop ends a way of its own."""
        early = self._early.get(node)
        if early is None:
            early = self._early[node] = returns_early(node)
        if not early:
            return self._block(node.body)
        self._runs[-1].early = True
        ends = False

        def way() -> bool:
            nonlocal ends
            ends = self._block(node.body)
            return ends

        self.store.scope("function", way)
        return ends

    def _return(self, node: ast.Return) -> bool:
        value = self.value(node.value) if node.value is not None else Const(None)
        if self._runs:
            self._runs[-1].returned.append(value)
            if self._runs[-1].early:
                self.store.leave("function")
        return False

    def yielded(self, value: Value) -> None:
        if self._runs:
            self._runs[-1].makes = True
            self._runs[-1].yielded.append(value)
