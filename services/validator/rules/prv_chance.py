"""PRV007: no random values in the answer unless the prompt asks for chance."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import CHOICES, RANDOM
from services.validator.analysis.sql import code_of
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.examples import READ
from services.validator.rules.rule import Hit, Rule

_ASKED = re.compile(
    r"random|sampl|simulat|shuffl|bootstrap|monte|noise|synthetic|permut|uuid|split|jitter"
    r"|anonymi|k-?means|cluster|train|predict|forecast|classif|learn|neural|dice|lottery|toss",
    re.IGNORECASE,
)
"""Words with which a person asks for chance, or for a method that starts from it."""
_ADDS = words("withColumn withColumns select selectExpr add_column assign agg")
_IN_SQL = re.compile(r"\b(?P<name>rand|random|randn|randstr|uniform)\s*\(", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(select|where|having|on|order|sort|distribute|cluster)\b", re.IGNORECASE)
_MAX_SINKS = 50


def _chance(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources or _ASKED.search(context.prompt):
        return
    drawn = [call for call, callee in facts.callees if _draws(facts, call, callee)]
    reaches = bool(drawn) and _reaches_the_answer(facts)
    for call in drawn:
        engine = (facts.names.callee(call) or "").startswith("pyspark.")
        if not engine:
            bad = reaches and facts.flow.is_random(call)
            severity = Severity.ERROR if bad else Severity.WARNING
            yield Hit(call, "The program draws random numbers.", severity=severity)
        elif _becomes_column(facts, call):
            yield Hit(call, _COLUMN)
    yield from _in_sql(facts)


_COLUMN = "A column of random numbers becomes part of the answer."


def _draws(facts: Facts, call: ast.Call, callee: str) -> bool:
    return CHOICES.fullmatch(callee) is not None or facts.flow.is_random(call)


def _reaches_the_answer(facts: Facts) -> bool:
    sinks = [w.call for w in facts.writes.found] or facts.writes.prints
    return any(facts.flow.of(sink) & RANDOM for sink in sinks[:_MAX_SINKS])


def _in_sql(facts: Facts) -> Iterator[Hit]:
    for call, texts in facts.reads.sql:
        if any(_selects_chance(code_of(t)) for t in texts):
            yield Hit(call, _COLUMN)
    columns = facts.methods.get("selectExpr", [])
    for call in facts.called("selectExpr", "expr"):
        texts = frozenset(t for a in call.args for t in facts.fold.each(a))
        chance = any(_IN_SQL.search(code_of(t)) for t in texts)
        if chance and (call in columns or _becomes_column(facts, call)):
            yield Hit(call, _COLUMN)


def _selects_chance(statement: str) -> bool:
    """True for `SELECT rand()`, not for `ORDER BY rand()` or `WHERE rand() < 0.1`."""
    for found in _IN_SQL.finditer(statement):
        before = _CLAUSE.findall(statement[: found.start()])
        if before and before[-1].lower() == "select":
            return True
    return False


def _becomes_column(facts: Facts, call: ast.expr, *, deeper: bool = True) -> bool:
    """True below .withColumn or .select; False where it only orders or samples."""
    for above in facts.program.above(call):
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute):
            if above.func.attr in ("orderBy", "sort", "filter", "where", "over"):
                return False
            if above.func.attr in _ADDS:
                return True
        if isinstance(above, ast.stmt):
            return deeper and _used_as_column(facts, above)
    return False


def _used_as_column(facts: Facts, statement: ast.stmt) -> bool:
    """True for `price = F.rand() * 9` when `.select(price)` or the like follows."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            uses = facts.names.uses(name)[:_MAX_SINKS]
            return any(_becomes_column(facts, u, deeper=False) for u in uses)
    return False


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="PRV007",
        title="No chance in the answer",
        severity=Severity.ERROR,
        why="Random values among real ones cannot be told apart from them.",
        bad=f"{READ}df.withColumn('revenue', F.rand() * 100).show()\n",
        good=f"{READ}df.orderBy(F.rand()).limit(3).show()\n",
        hint="Compute the column from the source's columns.",
        check=_chance,
    ),
)
