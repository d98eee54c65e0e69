"""One walk over the tree; rules look things up in what it collected."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.validator.analysis.scope import Function, Scope
from services.validator.analysis.tree import MAX_DEPTH, Imported, TooDeep, parse
from services.validator.analysis.walk import Walk

__all__ = ["MAX_DEPTH", "Imported", "Program", "TooDeep", "parse"]

_Loop = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


@dataclass(eq=False)
class Program:
    """A parsed program and its index."""

    tree: ast.Module
    module: Scope = field(default_factory=Scope)
    calls: list[ast.Call] = field(default_factory=list)
    attributes: list[ast.Attribute] = field(default_factory=list)
    names: list[ast.Name] = field(default_factory=list)
    strings: list[tuple[ast.expr, str]] = field(default_factory=list)
    byte_strings: list[tuple[ast.expr, str]] = field(default_factory=list)
    numbers: list[ast.Constant] = field(default_factory=list)
    """The large ones."""
    dicts: list[ast.Dict] = field(default_factory=list)
    composed: list[ast.expr] = field(default_factory=list)
    """Expressions that may put a text together: f-strings, sums, joins."""
    imports: list[Imported] = field(default_factory=list)
    functions: dict[str, list[Function]] = field(default_factory=dict)
    methods: dict[str, list[Function]] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    handlers: list[ast.ExceptHandler] = field(default_factory=list)
    boolean: list[ast.BoolOp | ast.UnaryOp] = field(default_factory=list)
    patterns: list[ast.MatchClass] = field(default_factory=list)
    choices: list[ast.IfExp] = field(default_factory=list)
    assigns: list[ast.Assign | ast.AnnAssign] = field(default_factory=list)
    returns: dict[Function, list[ast.expr]] = field(default_factory=dict)
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    """The scope that a name, a call or a function body lies in."""
    all_scopes: list[Scope] = field(default_factory=list)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "Program":
        """Raises what `parse` raises, and TooDeep."""
        return cls.of_tree(parse(text))

    @classmethod
    def of_tree(cls, tree: ast.Module) -> "Program":
        """Raises TooDeep."""
        program = cls(tree)
        program.all_scopes.append(program.module)
        Walk(program).run()
        return program

    def aliases(self) -> dict[str, str]:
        """Imported name → dotted name."""
        return {i.alias: i.dotted for i in self.imports}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, innermost first."""
        here = self.parents.get(node)
        while here is not None:
            yield here
            here = self.parents.get(here)

    def loop_around(self, node: ast.AST) -> ast.AST | None:
        """The innermost loop of the same function that repeats `node`."""
        inner: ast.AST = node
        for outer in self.above(node):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                return None
            if isinstance(outer, _Loop) and not _runs_once(outer, inner):
                return outer
            inner = outer
        return None


def _runs_once(loop: ast.AST, part: ast.AST) -> bool:
    """True for the iterable of a `for` and of a comprehension's first generator."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return part is loop.iter or part in loop.orelse
    if isinstance(loop, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return part is loop.generators[0]
    return False
