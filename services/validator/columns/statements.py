"""Statements: assignments, branches, loops, and what is reported on the way."""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from services.validator.analysis.facts import Facts
from services.validator.columns import access, containers
from services.validator.columns.calls import plain_ref
from services.validator.columns.evaluate import MAX_TURNS, Evaluator, Exhausted
from services.validator.columns.functions import extended, goes_on, leaves
from services.validator.columns.join import any_of
from services.validator.columns.miss import Miss, Problem
from services.validator.columns.operators import binary, condition, elements_of
from services.validator.columns.tables import Tables
from services.validator.columns.values import (
    DATA,
    UNKNOWN,
    Box,
    Seq,
    Text,
    Value,
    content,
)

MAX_MISSES = 50


class Statements(Evaluator):
    """Runs statements, and collects the names that are missed."""

    def __init__(self, facts: Facts, tables: Tables) -> None:
        super().__init__(facts, tables)
        self._body_of_module = facts.program.tree.body
        self._found: dict[tuple[object, ...], Miss] = {}
        self._quiet = 0
        self._unsure = 0
        self._statements: dict[type[ast.stmt], Callable[..., bool]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.Expr: self._expression,
            ast.If: self._if,
            ast.For: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.Try: self._try,
            ast.Raise: self._raise,
            ast.Break: self._stop,
            ast.Continue: self._stop,
            ast.Delete: self._delete,
            ast.Global: self._shared,
            ast.Nonlocal: self._shared,
            ast.Match: self._match,
            ast.Assert: self._assert,
        }

    def misses(self) -> tuple[Miss, ...]:
        """Run the whole program. What was found before it became too long still holds."""
        with suppress(Exhausted, RecursionError):
            self._block(self._body_of_module)
        return tuple(self._found.values())

    def report(self, miss: Miss) -> None:
        if self._quiet or len(self._found) >= MAX_MISSES:
            return
        key = (miss.problem, miss.ref.literal or miss.ref.at, miss.ref.parts, miss.ref.span)
        sure = miss.sure and not self._unsure
        before = self._found.get(key)
        if before is None or (sure and not before.sure):
            self._found[key] = replace(miss, sure=sure)

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    def _block(self, body: Sequence[ast.stmt]) -> bool:
        """Run statements; False when their end is never reached."""
        for statement in body:
            self.spend(1)
            handle = self._statements.get(type(statement))
            if handle is not None and not handle(statement):
                return False
            if handle is None:
                self._other(statement)
        return True

    def _other(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.ClassDef | ast.AsyncFunctionDef):
            self.store.bind(self.env, statement.name, UNKNOWN)

    # Assignments

    def _assign(self, node: ast.Assign) -> bool:
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value)
        return True

    def _annotated(self, node: ast.AnnAssign) -> bool:
        if node.value is not None:
            self.assign(node.target, self.value(node.value))
        return True

    def _augmented(self, node: ast.AugAssign) -> bool:
        added = self.value(node.value)
        if not isinstance(node.target, ast.Name):
            self.assign(node.target, UNKNOWN)
            return True
        before = self.named(node.target.id)
        if isinstance(before, Box):
            self.store.fill(before, extended(node.op, before.content, added))
        else:
            self.assign(node.target, binary(node.op, before, added))
        return True

    def assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self.store.bind(self.env, name, value)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                self._unpack(elts, value)
            case ast.Starred(value=inner):
                self.assign(inner, UNKNOWN)
            case ast.Subscript(value=on, slice=key):
                holder = self.value(on)
                index = UNKNOWN if isinstance(key, ast.Slice) else self.value(key)
                access.set_item(self.store, holder, index, value)
            case ast.Attribute(value=on, attr=name):
                access.set_attribute(self.store, self.value(on), name, value)

    def _unpack(self, elts: list[ast.expr], value: Value) -> None:
        found = elements_of(value)
        items = found.items if isinstance(found, Seq) else None
        plain = items is not None and len(items) == len(elts)
        plain = plain and not any(isinstance(e, ast.Starred) for e in elts)
        each = any_of(found) if isinstance(found, Seq) and items is None else UNKNOWN
        each = DATA if value is DATA else each
        for number, element in enumerate(elts):
            self.assign(element, items[number] if items is not None and plain else each)

    def _delete(self, node: ast.Delete) -> bool:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.store.bind(self.env, target.id, UNKNOWN)
            elif isinstance(target, ast.Subscript):
                containers.spoil(self.store, self.value(target.value))
        return True

    def _shared(self, node: ast.Global | ast.Nonlocal) -> bool:
        self.env.shared |= frozenset(node.names)
        return True

    # Ways

    def _expression(self, node: ast.Expr) -> bool:
        self.value(node.value)
        return True

    def _assert(self, node: ast.Assert) -> bool:
        self.value(node.test)
        return True

    def _if(self, node: ast.If) -> bool:
        test = self.value(node.test)
        truth = condition(test)
        if truth is not None:
            if truth and isinstance(node.body[-1], ast.Raise):
                self._refuses(node.test)
            return self._block(node.body if truth else node.orelse)
        # What rows decide comes to both ways; what the machine does not see may rule one out.
        doubt = 0 if test is DATA else 1
        self._unsure += doubt
        try:
            return self.store.split(
                lambda: self._block(node.body), lambda: self._block(node.orelse)
            )
        finally:
            self._unsure -= doubt

    def _refuses(self, test: ast.expr) -> None:
        """`if name not in frame.columns: raise …`, where that comes to pass."""
        match test:
            case ast.Compare(left=left, ops=[ast.NotIn()], comparators=[right]):
                name, names = self.value(left), content(self.value(right))
                if isinstance(name, Text) and isinstance(names, Seq) and names.schema is not None:
                    ref = plain_ref(name, test)
                    choices = names.schema.names
                    self.report(Miss(Problem.COLUMN, ref, names.schema, choices))

    def _match(self, node: ast.Match) -> bool:
        self.value(node.subject)
        self._unsure += 1
        try:
            ways = [self._case(c) for c in node.cases]
            return self.store.split(*ways, lambda: True)
        finally:
            self._unsure -= 1

    def _case(self, case: ast.match_case) -> Callable[[], bool]:
        def way() -> bool:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.store.bind(self.env, name, UNKNOWN)
            return self._block(case.body)

        return way

    def _with(self, node: ast.With) -> bool:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
        return self._block(node.body)

    def _try(self, node: ast.Try) -> bool:
        swallows = any(goes_on(h) for h in node.handlers)
        self._quiet += swallows
        try:
            ends = self.store.split(
                lambda: self._block(node.body) and self._block(node.orelse),
                *(self._handler(h) for h in node.handlers),
            )
        finally:
            self._quiet -= swallows
        return self._block(node.finalbody) and ends

    def _handler(self, handler: ast.ExceptHandler) -> Callable[[], bool]:
        def way() -> bool:
            if handler.name:
                self.store.bind(self.env, handler.name, UNKNOWN)
            with self._unheard():
                return self._block(handler.body)

        return way

    def _raise(self, node: ast.Raise) -> bool:
        return False

    def _stop(self, node: ast.stmt) -> bool:
        self.store.leave("loop")
        return False

    # Loops

    def _for(self, node: ast.For) -> bool:
        found = elements_of(self.value(node.iter))
        items = found.items if isinstance(found, Seq) else None
        if items is not None and len(items) <= MAX_TURNS and not leaves(node):
            return self._each(node, items) and self._block(node.orelse)
        each = any_of(found) if isinstance(found, Seq) else found
        self._repeat(lambda: self.assign(node.target, each), node.body)
        return self._block(node.orelse)

    def _while(self, node: ast.While) -> bool:
        self._repeat(lambda: self._test(node.test), node.body)
        return self._block(node.orelse)

    def _each(self, node: ast.For, items: Sequence[Value]) -> bool:
        for item in items:
            begin = partial(self.assign, node.target, item)
            turn = partial(self._turn, begin, node.body)
            if not self.store.scope("loop", turn):
                return False
        return True

    def _test(self, node: ast.expr) -> None:
        self.value(node)

    def _repeat(self, begin: Callable[[], None], body: Sequence[ast.stmt]) -> None:
        """Any number of turns, heard once: on what holds at the beginning of every turn."""

        def turn() -> bool:
            return self.store.scope("loop", lambda: self._turn(begin, body))

        def skip() -> bool:
            return True

        with self._unheard(), self.store.undone() as once:
            self.store.split(turn, skip)
        if any(before not in (None, now) for _, _, before, now in once.values()):
            with self._unheard(), self.store.undone() as twice:
                self.store.split(turn, skip)
                self.store.split(turn, skip)
            self.store.settle(once, twice)
        self.store.split(turn, skip)

    def _turn(self, begin: Callable[[], None], body: Sequence[ast.stmt]) -> bool:
        begin()
        return self._block(body)
