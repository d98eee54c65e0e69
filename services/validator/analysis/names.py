"""From an expression to the dotted name it stands for, through imports and simple aliases."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.validator.analysis.program import Program
from services.validator.analysis.scope import Bound, Function, How, Scope

BUILTINS = frozenset(dir(builtins))
_MAX_HOPS = 12
"""Aliases of aliases that are followed; a program for people has one or two."""


_MAX_FEW = 20
"""Bindings of one name that a rule looks through; a program for people has one to three."""

_MAX_BACK = 100
"""Bindings of a parameter beyond which nothing is carried back."""

MAX_SAME = 8
"""Functions of one name that are followed: methods of several classes may share it."""


@dataclass
class Names:
    """Resolves names of one program."""

    program: Program
    _aliases: dict[str, str] = field(default_factory=dict)
    _memo: dict[ast.AST, str | None] = field(default_factory=dict)
    _uses: dict[str, list[ast.Name]] | None = None

    def __post_init__(self) -> None:
        self._aliases = self.program.aliases()

    def dotted(self, node: ast.AST, hops: int = 0) -> str | None:
        """`os.path.join` for `join` after `from os.path import join`; None for a local value."""
        if node in self._memo:
            return self._memo[node]
        if hops > _MAX_HOPS:
            return None
        found = self._dotted(node, hops)
        self._memo[node] = found
        return found

    def _dotted(self, node: ast.AST, hops: int) -> str | None:
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value, hops + 1)
            return f"{base}.{node.attr}" if base else None
        if not isinstance(node, ast.Name):
            return None
        bound = self.bound(node)
        if bound is not None:
            only = bound[0] if len(bound) == 1 else None
            if only and only.how is How.IS and isinstance(only.value, ast.Name | ast.Attribute):
                return self.dotted(only.value, hops + 1)
            return None
        if node.id in self._aliases:
            return self._aliases[node.id]
        defined = node.id in self.program.functions or node.id in self.program.classes
        return f"builtins.{node.id}" if node.id in BUILTINS and not defined else None

    def bound(self, node: ast.Name) -> list[Bound] | None:
        """What the name may stand for; None when the program never binds it, [] when unknown."""
        here = self.program.scopes.get(node)
        if here is None:
            return []  # A node that a rewriting has just made.
        scope = here.find(node.id)
        return None if scope is None else scope.names.get(node.id, [])

    def few(self, node: ast.Name) -> list[Bound]:
        """What the name is bound to; nothing when that is unknown, or too much to look at."""
        bound = self.bound(node) or []
        return bound if len(bound) <= _MAX_FEW else []

    def uses(self, name: str) -> list[ast.Name]:
        """Where the program reads the name."""
        if self._uses is None:
            self._uses = {}
            for node in self.program.names:
                self._uses.setdefault(node.id, []).append(node)
        return self._uses.get(name, [])

    def callee(self, call: ast.Call) -> str | None:
        return self.dotted(call.func)

    def functions_of(self, call: ast.Call) -> list[Function]:
        """The program's own functions that `call` may run, `.remote` and `.options` included."""
        return self._functions_of(call)[:MAX_SAME]

    def _functions_of(self, call: ast.Call) -> list[Function]:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "remote":
            func = func.value
            match func:
                case ast.Call(func=ast.Attribute(value=inner, attr="options")):
                    func = inner
        match func:
            case ast.Name(id=name):
                if name in self.program.classes:
                    return self._init_of(self.program.classes[name])
                return self.program.functions.get(name, [])
            case ast.Attribute(attr=name):
                return self.program.methods.get(name, [])
        return []

    def lambda_of(self, call: ast.Call) -> ast.Lambda | None:
        """The lambda that `call` runs: `(lambda x: …)(1)`, or by the one name it has."""
        match call.func:
            case ast.Lambda() as made:
                return made
            case ast.Name() as name:
                match self.bound(name):
                    case [bound] if isinstance(bound.value, ast.Lambda) and bound.how is How.IS:
                        return bound.value
        return None

    def _init_of(self, cls: ast.ClassDef) -> list[Function]:
        return [f for f in cls.body if isinstance(f, Function) and f.name == "__init__"]

    def chain(self, node: ast.expr) -> Iterator[ast.expr]:
        """`node` and what it is called on, outermost first, through names bound once."""
        for _ in range(200):
            yield node
            match node:
                case ast.Call(func=ast.Attribute(value=inner)):
                    node = inner
                case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                    node = inner
                case ast.Name():
                    bound = self.bound(node)
                    if not bound or len(bound) != 1 or bound[0].how is not How.IS:
                        return
                    node = bound[0].value
                case _:
                    return

    def steps(self, node: ast.expr) -> Iterator[str]:
        """Names of the attributes along `chain(node)`, outermost first."""
        for part in self.chain(node):
            match part:
                case ast.Call(func=ast.Attribute(attr=attr)):
                    yield attr
                case ast.Attribute(attr=attr):
                    yield attr


def is_method(names: Names, function: Function) -> bool:
    return isinstance(names.program.parents.get(function), ast.ClassDef)


def bind_arguments(program: Program, names: Names) -> None:
    """Bind each parameter of the program's own functions to what its calls pass."""
    for call in program.calls:
        for function in names.functions_of(call):
            _bind_call(program, call, function, skip=is_method(names, function))
        called = names.lambda_of(call)
        if called is not None:
            _bind_call(program, call, called, skip=False)


def _bind_call(
    program: Program, call: ast.Call, function: Function | ast.Lambda, *, skip: bool
) -> None:
    scope = program.scopes[function]
    plain = [a.arg for a in function.args.posonlyargs + function.args.args][1 if skip else 0 :]
    for name, value in zip(plain, call.args, strict=False):
        if isinstance(value, ast.Starred):
            return
        scope.bind(name, Bound(value))
        _bind_back(program, scope, name, value)
    for keyword in call.keywords:
        if keyword.arg in scope.params:
            scope.bind(str(keyword.arg), Bound(keyword.value))


def _bind_back(program: Program, inner: Scope, param: str, value: ast.expr) -> None:
    """What a function puts into the list that it was given is in the caller's list."""
    if not isinstance(value, ast.Name) or not _is_filled(inner, param):
        return
    held = ast.copy_location(ast.Name(param, ast.Load()), value)
    program.scopes[held], program.parents[held] = inner, program.parents[value]
    scope = program.scopes[value]
    (scope.find(value.id) or scope).bind(value.id, Bound(held, How.PART))


def _is_filled(scope: Scope, name: str) -> bool:
    bound = scope.names.get(name, [])
    return len(bound) < _MAX_BACK and any(b.how is How.PART for b in bound)
