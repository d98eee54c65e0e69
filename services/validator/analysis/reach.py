"""Which statements never run: after a `return`, below `if False`, in a function nobody calls."""

import ast
from dataclasses import dataclass, field

from services.validator.analysis.names import Names
from services.validator.analysis.scope import Function
from services.validator.analysis.words import words

_EXITS = words("sys.exit builtins.exit builtins.quit os._exit os.abort")
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_BLOCKS = ("body", "orelse", "finalbody")


_MAX_HOPS = 40
"""Functions that call functions that are followed; what lies deeper counts as reached."""


@dataclass
class Reach:
    """Answers for one program; what is not known counts as reached."""

    names: Names
    _called: dict[str, bool] = field(default_factory=dict)
    _over: dict[ast.AST, frozenset[ast.stmt]] = field(default_factory=dict)
    _hops: int = 0

    def dead(self, node: ast.AST) -> bool:
        """True when `node` certainly never runs."""
        inner = node
        for outer in self.names.program.above(node):
            if isinstance(inner, ast.stmt):
                if inner in self._after_the_end(outer):
                    return True
                if isinstance(outer, Function):
                    return not self._is_called(outer)
            if isinstance(outer, ast.If | ast.While) and _never(outer, inner):
                return True
            inner = outer
        return False

    def leaves(self, block: tuple[ast.stmt, ...]) -> bool:
        """True when what comes after the block's parent is not reached from the block."""
        return any(self._ends(s) for s in block)

    def _after_the_end(self, outer: ast.AST) -> frozenset[ast.stmt]:
        """The statements of `outer` that follow one that nothing comes after."""
        if outer not in self._over:
            over: list[ast.stmt] = []
            for name in _BLOCKS:
                block = getattr(outer, name, None)
                if isinstance(block, list):
                    ends = (i for i, s in enumerate(block) if self._ends(s))
                    over += block[next(ends, len(block)) + 1 :]
            self._over[outer] = frozenset(over)
        return self._over[outer]

    def _is_called(self, function: Function) -> bool:
        """True when something that runs names the function; decorated ones and methods count."""
        program = self.names.program
        if function.decorator_list or isinstance(program.parents.get(function), ast.ClassDef):
            return True
        name = function.name
        if name not in self._called:
            if self._hops > _MAX_HOPS:
                return True
            self._called[name] = True  # Functions that call each other in a circle count as called.
            self._hops += 1
            self._called[name] = any(self._counts(u, name) for u in self.names.uses(name))
            self._hops -= 1
        return self._called[name]

    def _counts(self, use: ast.Name, name: str) -> bool:
        inside = (a for a in self.names.program.above(use) if isinstance(a, Function))
        return all(f.name != name for f in inside) and not self.dead(use)

    def _ends(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Call() as call):
                return self.names.callee(call) in _EXITS
            case ast.If(body=body, orelse=[*orelse]) if orelse:
                return self._ends(body[-1]) and self._ends(orelse[-1])
            case ast.While(test=test) if _constant(test) is True:
                return not any(isinstance(n, ast.Break | ast.Return) for n in ast.walk(statement))
        return isinstance(statement, _ENDS)


def _never(outer: ast.If | ast.While, inner: ast.AST) -> bool:
    """True for the branch that the condition rules out."""
    value = _constant(outer.test)
    if value is None:
        return False
    return inner in (outer.orelse if value else outer.body)


def _constant(test: ast.expr) -> bool | None:
    """The truth of a condition that is always the same."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _constant(operand)
            return None if inner is None else not inner
        case ast.Compare(
            left=ast.Name(id="__name__"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=name)],
        ):
            return None if name == "__main__" else False
    return None
