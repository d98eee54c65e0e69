"""PRV005: no invented rows take the place of a source that failed or is empty."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import READ
from services.validator.analysis.scope import Bound, How
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.examples import READ as READ_EXAMPLE
from services.validator.rules.examples import SESSION
from services.validator.rules.rule import Hit, Rule

_AFTER_ERROR = "When something fails, the program goes on with invented rows."
_INSTEAD = "Invented rows may take the place of the source."
_MOST = 20
"""Bindings of one name that are compared."""


def _fallback(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources:
        return
    for handler in facts.program.handlers:
        broad = _is_broad(facts, handler)
        inside = (n for s in handler.body for n in ast.walk(s))
        at = next((n for n in inside if _invents(facts, n, one_row=broad)), None)
        if at is not None:
            yield Hit(at, _AFTER_ERROR)
        elif broad:
            yield from _number_for_an_action(facts, handler)
    yield from _alternatives(facts)
    yield from _replaced(facts)


_OF_A_CELL = words(
    "builtins.ValueError builtins.TypeError builtins.KeyError builtins.IndexError "
    "builtins.AttributeError builtins.ZeroDivisionError builtins.ArithmeticError "
    "builtins.UnicodeDecodeError decimal.InvalidOperation builtins.StopIteration"
)
"""What one odd value raises; the others are raised by a source that cannot be read."""


def _is_broad(facts: Facts, handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(k is None or facts.names.dotted(k) not in _OF_A_CELL for k in kinds)


def _invents(facts: Facts, node: ast.AST, *, one_row: bool) -> bool:
    """True for rows that are made, assigned, returned or added."""
    match node:
        case ast.Call() if facts.flow.makes_rows(node):
            return facts.flow.made(node)
        case ast.Assign(value=value) | ast.Return(value=ast.expr() as value):
            literal = facts.fold.literal(value)
            return _is_made(facts, value) or (one_row and _is_literal_row(literal))
        case ast.Call(func=ast.Attribute(attr="append" | "extend"), args=[value]):
            return _are_literal_rows(value) or (one_row and _is_literal_row(value))
    return False


_DATA = (ast.List, ast.Name, ast.Call, ast.Attribute, ast.Subscript)


def _is_made(facts: Facts, value: ast.expr) -> bool:
    if _are_literal_rows(facts.fold.literal(value)):
        return True
    return facts.makes_rows and facts.flow.made(value)


def _are_literal_rows(node: ast.AST) -> bool:
    """True for a list of tuples, dicts or lists that hold constants."""
    match node:
        case ast.List(elts=[ast.Tuple() | ast.Dict() | ast.List(), *_] as rows):
            return all(any(isinstance(n, ast.Constant) for n in ast.walk(r)) for r in rows)
    return False


def _is_literal_row(node: ast.AST) -> bool:
    """True for a tuple or dict of constants with a number among them."""
    match node:
        case ast.Tuple(elts=values) | ast.Dict(values=values) if values:
            plain = [v.value for v in values if isinstance(v, ast.Constant)]
            return len(plain) == len(values) and any(_is_number(v) for v in plain)
    return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number_for_an_action(facts: Facts, handler: ast.ExceptHandler) -> Iterator[Hit]:
    """`total = 0` after `total = frame.agg(…).first()[0]` failed."""
    tried = facts.program.parents.get(handler)
    if not isinstance(tried, ast.Try):
        return
    wanted = {name: value for s in tried.body for name, value in _assigned(s)}
    for statement in handler.body:
        for name, value in _assigned(statement):
            number = isinstance(value, ast.Constant) and _is_number(value.value)
            if number and name in wanted and facts.flow.of(wanted[name]) & READ:
                yield Hit(statement, "When something fails, the program goes on with a number.")


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((t.id, value) for t in targets if isinstance(t, ast.Name))


def _alternatives(facts: Facts) -> Iterator[Hit]:
    """`rows or [("a", 1)]` and `read if there else made`."""
    for choice in facts.program.choices:
        yield from _either(facts, choice, [choice.body, choice.orelse])
    for node in facts.program.boolean:
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            yield from _either(facts, node, node.values)


def _either(facts: Facts, at: ast.expr, values: list[ast.expr]) -> Iterator[Hit]:
    if any(_is_made(facts, v) for v in values) and facts.flow.of(*values) & READ:
        yield Hit(at, _INSTEAD)


def _replaced(facts: Facts) -> Iterator[Hit]:
    """A name that holds rows of a source or, on another way through the program, made ones."""
    for scope in facts.program.all_scopes:
        for bounds in scope.names.values():
            if 1 < len(bounds) <= _MOST:
                yield from _replaced_in(facts, bounds)


def _replaced_in(facts: Facts, bounds: list[Bound]) -> Iterator[Hit]:
    whole = [b.value for b in bounds if b.how is How.IS and isinstance(b.value, _DATA)]
    made = [v for v in whole if _is_made(facts, v)]
    read = [v for v in whole if v not in made and facts.flow.of(v) & READ] if made else []
    for value in made:
        if any(_is_way_out(facts, value, of=r) for r in read):
            yield Hit(value, _INSTEAD)


_BRANCHES = (ast.If, ast.While, ast.Match)


def _is_way_out(facts: Facts, made: ast.expr, of: ast.expr) -> bool:
    """True when the rows are made below a condition, or read where errors are passed over."""
    branch = next((a for a in facts.program.above(made) if isinstance(a, _BRANCHES)), None)
    if branch is not None:
        asked = branch.subject if isinstance(branch, ast.Match) else branch.test
        if facts.flow.of(asked) & READ or branch in facts.program.above(of):
            return True
    return any(_passes_over(facts, a) for a in facts.program.above(of))


def _passes_over(facts: Facts, node: ast.AST) -> bool:
    match node:
        case ast.Try(handlers=[_, *_] as handlers):
            leaves = (isinstance(n, ast.Raise) for h in handlers for n in ast.walk(h))
            return not any(leaves) and not all(facts.reach.leaves(tuple(h.body)) for h in handlers)
        case ast.With(items=items):
            return any(
                isinstance(i.context_expr, ast.Call)
                and facts.names.callee(i.context_expr) == "contextlib.suppress"
                for i in items
            )
    return False


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="PRV005",
        title="No invented rows in place of a source",
        severity=Severity.ERROR,
        why="A failed or empty read must show: it is then repaired, or is the answer.",
        bad=f"{SESSION}try:\n    df = spark.read.csv('s3://data/birds.csv')\nexcept Exception:\n"
        "    df = spark.createDataFrame([('a', 1)], ['k', 'n'])\n",
        good=f"{READ_EXAMPLE}df.show()\n",
        hint="Remove the fallback: let the error end the program, and let no rows be no rows.",
        check=_fallback,
    ),
)
