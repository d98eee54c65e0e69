"""The one walk over a tree, which fills a program's index."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from services.validator.analysis.scope import Bound, Function, How, Scope, bind_target
from services.validator.analysis.tree import MAX_DEPTH, Imported, TooDeep

if TYPE_CHECKING:
    from services.validator.analysis.program import Program

MUTATORS = frozenset({"append", "extend", "add", "update", "insert", "appendleft", "setdefault"})
_LEAVES = frozenset(["ctx", "id", "attr", "arg", "kind", "type_comment", "op", "ops", "value"])
"""Fields that never hold nodes; `value` only where `_child_fields` says so."""


def _child_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields that may hold nodes, last first: the walk's stack turns the order around."""
    constant = kind is ast.Constant
    return tuple(
        f for f in reversed(kind._fields) if f not in _LEAVES or (f == "value" and not constant)
    )


_FIELDS = {
    kind: _child_fields(kind)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""Computed once: looking at every field of every node costs a third of the walk."""


class Walk:
    """The walk: a stack instead of recursion, so that no program can exhaust it."""

    def __init__(self, program: "Program") -> None:
        self.p = program
        self._visit: dict[type[ast.AST], Callable[[ast.AST, Scope], Scope | None]] = {
            ast.Call: self._call,
            ast.Attribute: self._append(program.attributes),
            ast.Name: self._name,
            ast.Constant: self._constant,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.Lambda: self._lambda,
            ast.ClassDef: self._class,
            ast.Return: self._return,
            ast.Yield: self._return,
            ast.YieldFrom: self._return,
            ast.ExceptHandler: self._append(program.handlers),
            ast.BoolOp: self._append(program.boolean),
            ast.UnaryOp: self._append(program.boolean),
            ast.Global: self._global,
            ast.Nonlocal: self._global,
            ast.MatchClass: self._append(program.patterns),
            ast.IfExp: self._append(program.choices),
            ast.Dict: self._append(program.dicts),
            ast.Assign: self._assign,
            ast.AnnAssign: self._assign,
            ast.AugAssign: self._aug_assign,
            ast.NamedExpr: self._named,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.comprehension: self._for,
            ast.withitem: self._with,
            ast.JoinedStr: self._composed,
            ast.BinOp: self._sum,
            ast.Subscript: self._scoped,
        }

    def run(self) -> None:
        parents, visit = self.p.parents, self._visit
        stack: list[tuple[ast.AST, Scope, int]] = [(self.p.tree, self.p.module, 0)]
        while stack:
            node, scope, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise TooDeep
            kind = type(node)
            handle = visit.get(kind)
            if handle is not None:
                scope = handle(node, scope) or scope
            depth += 1
            for name in _FIELDS[kind]:
                value = getattr(node, name, None)
                if isinstance(value, list):
                    for child in reversed(value):
                        if isinstance(child, ast.AST):
                            parents[child] = node
                            stack.append((child, scope, depth))
                elif isinstance(value, ast.AST):
                    parents[value] = node
                    stack.append((value, scope, depth))

    def _append(self, where: list[Any]) -> Callable[[ast.AST, Scope], None]:
        def add(node: ast.AST, scope: Scope) -> None:
            where.append(node)
            self.p.scopes[node] = scope

        return add

    def _scoped(self, node: ast.AST, scope: Scope) -> None:
        self.p.scopes[node] = scope

    def _composed(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.JoinedStr)
        self.p.composed.append(node)
        self.p.scopes[node] = scope

    def _sum(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.BinOp)
        if isinstance(node.op, ast.Add | ast.Mod):
            self.p.composed.append(node)

    def _call(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Call)
        self.p.calls.append(node)
        self.p.scopes[node] = scope
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "decode", "format"):
            self.p.composed.append(node)
        match node.func:
            case ast.Attribute(
                value=ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)), attr=attr
            ) if attr in MUTATORS:
                for argument in [*node.args, *(k.value for k in node.keywords)]:
                    (scope.find(name) or scope).bind(name, Bound(argument, How.PART))
            case ast.Attribute(value=ast.Attribute(attr=held), attr=attr) if attr in MUTATORS:
                for argument in node.args:
                    self.p.module.bind(f".{held}", Bound(argument, How.PART))

    def _name(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Name)
        self.p.scopes[node] = scope
        if isinstance(node.ctx, ast.Load):
            self.p.names.append(node)

    def _constant(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Constant)
        alone = isinstance(self.p.parents.get(node), ast.Expr)  # a docstring
        if alone:
            return
        if isinstance(node.value, str):
            self.p.strings.append((node, node.value))
        elif isinstance(node.value, bytes):
            self.p.byte_strings.append((node, node.value.decode("latin-1")))
        elif isinstance(node.value, int) and node.value > 1 << 31:
            self.p.numbers.append(node)

    def _import(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Import)
        for a in node.names:
            dotted = a.name if a.asname else a.name.partition(".")[0]
            self.p.imports.append(Imported(node, dotted, a.asname or dotted))
            if "." in a.name and not a.asname:
                self.p.imports.append(Imported(node, a.name, a.name))

    def _import_from(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.ImportFrom)
        module = "." * node.level + (node.module or "")
        for a in node.names:
            self.p.imports.append(Imported(node, f"{module}.{a.name}", a.asname or a.name))

    def _function(self, node: ast.AST, scope: Scope) -> Scope:
        assert isinstance(node, Function)
        self.p.functions.setdefault(node.name, []).append(node)
        if isinstance(self.p.parents.get(node), ast.ClassDef):
            self.p.methods.setdefault(node.name, []).append(node)
        inner = self._params(node.args, scope)
        self.p.scopes[node] = inner
        self.p.returns.setdefault(node, [])
        return inner

    def _lambda(self, node: ast.AST, scope: Scope) -> Scope:
        assert isinstance(node, ast.Lambda)
        inner = self.p.scopes[node] = self._params(node.args, scope)
        return inner

    def _params(self, arguments: ast.arguments, scope: Scope) -> Scope:
        inner = Scope(scope)
        self.p.all_scopes.append(inner)
        plain = arguments.posonlyargs + arguments.args
        inner.params.update(a.arg for a in plain + arguments.kwonlyargs)
        inner.params.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
        defaults = zip(
            plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True
        )
        for a, value in defaults:
            inner.bind(a.arg, Bound(value))
        for a, kw in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if kw is not None:
                inner.bind(a.arg, Bound(kw))
        return inner

    def _class(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.ClassDef)
        self.p.classes[node.name] = node

    def _return(self, node: ast.AST, scope: Scope) -> None:
        value = getattr(node, "value", None)
        owner = next((a for a in self.p.above(node) if isinstance(a, Function)), None)
        if owner is not None and isinstance(value, ast.expr):
            self.p.returns.setdefault(owner, []).append(value)

    def _global(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names:
            outer = self.p.module
            if isinstance(node, ast.Nonlocal) and scope.parent is not None:
                outer = scope.parent.find(name) or outer
            if outer is not scope:
                scope.elsewhere[name] = outer

    def _assign(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.Assign | ast.AnnAssign)
        self.p.assigns.append(node)
        if node.value is None:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            where = self.p.module if isinstance(target, ast.Attribute) else scope
            bind_target(where, target, Bound(node.value))
            if isinstance(target, ast.Name) and isinstance(self.p.parents.get(node), ast.ClassDef):
                self.p.module.bind(f".{target.id}", Bound(node.value))

    def _aug_assign(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.AugAssign)
        bind_target(scope, node.target, Bound(node.value, How.PART))

    def _named(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.NamedExpr)
        bind_target(scope, node.target, Bound(node.value))

    def _for(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.For | ast.AsyncFor | ast.comprehension)
        bind_target(scope, node.target, Bound(node.iter, How.ITEM))

    def _with(self, node: ast.AST, scope: Scope) -> None:
        assert isinstance(node, ast.withitem)
        if node.optional_vars is not None:
            bind_target(scope, node.optional_vars, Bound(node.context_expr))
