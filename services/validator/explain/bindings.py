"""Which assignment a name means at a place: the one that was executed last, where that is sure."""

import ast
from bisect import bisect_right
from dataclasses import dataclass, field

from services.validator.analysis.names import Names
from services.validator.analysis.scope import Bound, How, Scope

_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.ExceptHandler, ast.Match)
_Place = tuple[int, int]


@dataclass
class Bindings:
    """Bindings by place, for straight-line code."""

    names: Names
    _memo: dict[ast.Name, Bound | None] = field(default_factory=dict)
    _ordered: dict[tuple[Scope | None, str], list[Bound]] = field(default_factory=dict)

    def last(self, name: ast.Name) -> Bound | None:
        """The binding in force where `name` is used; None when that depends on the run."""
        if name not in self._memo:
            self._memo[name] = self._last(name)
        return self._memo[name]

    def all(self, name: ast.Name) -> list[Bound]:
        """Every binding that the name may mean, the one in force alone where it is known."""
        last = self.last(name)
        return [last] if last is not None else list(self.names.bound(name) or [])

    def _last(self, name: ast.Name) -> Bound | None:
        bound = self.names.bound(name)
        if not bound:
            return None
        if len(bound) == 1:
            return bound[0]
        ordered = self._in_order(name, bound)
        before = bisect_right(ordered, _start(name), key=lambda b: _end(b.value))
        if not before:
            return None
        last = ordered[before - 1]
        around = set(self.names.program.above(name))
        inside = (a for a in self.names.program.above(last.value) if isinstance(a, _BRANCHES))
        return last if last.how is How.IS and all(a in around for a in inside) else None

    def _in_order(self, name: ast.Name, bound: list[Bound]) -> list[Bound]:
        """By their places; sorted once for all uses of the name."""
        key = (self.names.program.scopes[name].find(name.id), name.id)
        if key not in self._ordered:
            self._ordered[key] = sorted(bound, key=lambda b: _end(b.value))
        return self._ordered[key]


def _start(node: ast.expr) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> _Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
