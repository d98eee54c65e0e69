"""PRV004: no rows that the program wrote itself are the answer, or a part of it."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import OUTPUT, RANDOM, READ, ROWS, UNKNOWN
from services.validator.analysis.scope import Function
from services.validator.analysis.sql import code_of
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.examples import READ as READ_EXAMPLE
from services.validator.rules.examples import SESSION
from services.validator.rules.rule import Hit, Rule

_MAX_SINKS = 50
"""Writes that are followed to their origin: one answer has few, and following costs."""
_UNIONS = words("union unionAll unionByName append concat concat_tables")
_STACKS = frozenset({"pandas.concat", "pyarrow.concat_tables", "ray.data.Dataset.union"})
_SOURCELESS = re.compile(
    r"\bunion\b(?:\s+all|\s+distinct)?\s*\(?\s*(?:select\b(?![^;]{0,3000}?\bfrom\b)|values\b)"
    r"|\bselect\b(?:(?!\bfrom\b|\bunion\b|[();]).){0,1000}\bunion\b",
    re.IGNORECASE,
)
"""A part of a UNION that selects from nothing."""


def _invented(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources:
        return
    hit = _whole_answer(facts, context)
    if hit is not None:
        yield hit
        return
    if facts.makes_rows:
        yield from _parts(facts)
    yield from _blind_functions(facts)


def _whole_answer(facts: Facts, context: Context) -> Hit | None:
    sinks = ([w.call for w in facts.writes.found] or facts.writes.prints)[:_MAX_SINKS]
    reached = [(sink, facts.flow.of(sink)) for sink in sinks]
    any_read = any(f & (READ | UNKNOWN) for _, f in reached)
    if any_read and not facts.writes.found:
        return None
    hint = f"Compute the answer from {context.listed()}."
    for sink, flags in reached:
        if flags & ROWS and not flags & (READ | UNKNOWN):
            chance = " and random numbers" if flags & RANDOM else ""
            what = f"The answer consists of rows that the program wrote itself{chance}; no source"
            return Hit(sink, f"{what} reaches it.", hint)
    shown = [*sinks, *facts.writes.prints[:_MAX_SINKS]] if context.brought else sinks
    if reached and not any_read and not _decided_by_a_read(facts, shown):
        to_output = (w.call for w in facts.writes.found if facts.flow.of(w.path) & OUTPUT)
        return Hit(next(to_output, reached[0][0]), "No source reaches the answer.", hint)
    return None


def _decided_by_a_read(facts: Facts, sinks: list[ast.Call]) -> bool:
    """True for `for row in rows: n += 1`, and where it is not seen what is read."""
    return bool(facts.flow.of(*sinks, controls=True) & (READ | UNKNOWN))


def _parts(facts: Facts) -> Iterator[Hit]:
    """Rows of the program's own that are put below the rows of a source."""
    for call in _united(facts):
        operands = [*call.args, *(k.value for k in call.keywords)]
        if isinstance(call.func, ast.Attribute):
            operands.append(call.func.value)
        parts = [p for o in operands for p in _elements(facts, o)]
        if any(facts.flow.made(p) for p in parts) and facts.flow.of(*parts) & READ:
            yield Hit(call, "Rows that the program wrote itself are added to those of a source.")
    for call, texts in facts.reads.sql:
        if any(_SOURCELESS.search(code_of(t)) for t in texts):
            yield Hit(call, "The SQL text adds rows of its own to those of a source.")


def _united(facts: Facts) -> Iterator[ast.Call]:
    for call in facts.called(*sorted(_UNIONS)):
        callee = facts.names.callee(call)
        if callee is None or callee in _STACKS:
            yield call


def _elements(facts: Facts, node: ast.expr) -> list[ast.expr]:
    match facts.fold.literal(node):
        case ast.List(elts=elts) | ast.Tuple(elts=elts) if elts:
            return elts
    return [node]


_MAPS = words(
    "map map_batches flat_map map_groups flatMap mapPartitions applyInPandas mapInPandas mapInArrow"
)


def _blind_functions(facts: Facts) -> Iterator[Hit]:
    """Functions over rows that return rows of their own, whatever rows they are given."""
    for call in facts.called(*sorted(_MAPS)):
        given = call.args[0] if call.args else None
        for function in _functions(facts, given):
            scope = facts.program.scopes[function]
            names = (n.id for n in ast.walk(function) if isinstance(n, ast.Name))
            if scope.params and scope.params.isdisjoint(names) and _returns_rows(facts, function):
                yield Hit(call, "The function makes rows without looking at those it is given.")


def _functions(facts: Facts, node: ast.expr | None) -> list[Function | ast.Lambda]:
    match node:
        case ast.Lambda():
            return [node]
        case ast.Name(id=name) if facts.names.bound(node) is None:
            return [*facts.program.functions.get(name, [])[:1]]
    return []


def _returns_rows(facts: Facts, function: Function | ast.Lambda) -> bool:
    if isinstance(function, ast.Lambda):
        returned = [function.body]
    else:
        returned = facts.program.returns.get(function, [])
    for value in returned:
        match facts.fold.literal(value):
            case ast.Dict(keys=[_, *_]) | ast.List(elts=[ast.Dict() | ast.Tuple(), *_]):
                return True
            case ast.Call() as made if facts.flow.makes_rows(made):
                return True
    return False


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="PRV004",
        title="No invented rows",
        severity=Severity.ERROR,
        why="An answer from rows that stand in the program looks right and is not.",
        bad=f"{SESSION}spark.createDataFrame([('a', 1)], ['k', 'n']).show()\n",
        good=f"{READ_EXAMPLE}df.groupBy('k').count().show()\n",
        hint="Compute the answer from the sources.",
        check=_invented,
    ),
)
