"""Names and what they are bound to, without regard to order: enough to follow constants."""

import ast
from dataclasses import dataclass, field
from enum import Enum


class How(Enum):
    """How a name relates to the expression that it is bound to."""

    IS = "is"
    ITEM = "item"
    """A loop variable: one element of the expression; `index` picks a part of the element."""
    KEY = "key"
    VALUE = "value"
    """The two loop variables over `expression.items()`."""
    PART = "part"
    """Something of the expression flows in (`append`, `+=`, unpacking), the text is not known."""


@dataclass(frozen=True)
class Bound:
    value: ast.expr
    how: How = How.IS
    index: int | None = None


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class Scope:
    """One function's names, or the module's; comprehensions and classes share their function's."""

    parent: "Scope | None" = None
    names: dict[str, list[Bound]] = field(default_factory=dict)
    params: set[str] = field(default_factory=set)
    elsewhere: dict[str, "Scope"] = field(default_factory=dict)
    """Names that `global` and `nonlocal` hand to a scope further out."""

    def bind(self, name: str, bound: Bound) -> None:
        where = self.elsewhere.get(name, self)
        where.names.setdefault(name, []).append(bound)

    def find(self, name: str) -> "Scope | None":
        """The innermost scope that binds `name`."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names or name in scope.params:
                return scope
            scope = scope.parent
        return None


def bind_target(scope: Scope, target: ast.expr, bound: Bound) -> None:
    """Bind what an assignment, a loop or a `with` assigns to."""
    match target:
        case ast.Name(id=name):
            scope.bind(name, bound)
        case ast.Starred(value=inner):
            bind_target(scope, inner, Bound(bound.value, How.PART))
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            for i, element in enumerate(elts):
                bind_target(scope, element, _unpacked(bound, i, len(elts)))
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            scope.bind(name, Bound(bound.value, How.PART))
            scope.bind(name, Bound(key, How.PART))
        case ast.Attribute(attr=attr):
            scope.bind(f".{attr}", bound)


def _unpacked(bound: Bound, i: int, count: int) -> Bound:
    value = bound.value
    if bound.how is How.IS:
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == count:
            return Bound(value.elts[i])
        return Bound(value, How.PART)
    if bound.how is not How.ITEM or bound.index is not None:
        return Bound(value, How.PART)
    match value:
        case ast.Call(func=ast.Attribute(value=mapping, attr="items")) if count == 2:
            return Bound(mapping, (How.KEY, How.VALUE)[i])
    return Bound(value, How.ITEM, i)
