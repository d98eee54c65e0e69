"""The built-in generator: deterministic, local, and honest about what it did not understand."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.followup import continued
from services.codegen.planner.language.choose import readings
from services.codegen.planner.language.describe import summary
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import Compute, Planned
from services.codegen.planner.refuse import impossible, not_understood
from services.codegen.planner.render import render
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repair import repair
from services.codegen.planner.schema import Schema
from services.codegen.planner.tasks import numeric_task
from services.codegen.planner.words import tokens

MOST_WORDS = 400
"""Words and signs, ten times as many as the longest question of the development sets has."""
MOST_CHARACTERS = 8_000


class Planner:
    """Turns a question into a plan and the plan into a program. Implements Generator."""

    name = "planner"

    def generate(self, ask: Ask) -> Draft:
        """The program for the question. Raises StepFailed with kind `request`."""
        planned = plan(ask)
        framework = framework_of(planned, ask)
        return Draft(
            program=render(planned, framework),
            framework=framework,
            plan=outline(planned),
            reason=f"{planned.summary} (confidence {planned.confidence:.2f})",
        )

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        """A changed program for the last failure. Raises StepFailed."""
        return repair(ask, tried, plan)


def plan(ask: Ask) -> Planned:
    """The plan of the question, its assumptions and its confidence. Raises StepFailed."""
    ask = ask.model_copy(update={"prompt": sayable(ask.prompt)})
    if ask.before:
        return continued(ask, plan)
    _check_length(ask)
    task = numeric_task(ask.prompt, ask.tables)
    planned = task or _over_tables(ask)
    notes = planned.assumptions
    if ask.framework is Framework.AUTO and isinstance(planned.root, Compute):
        notes = (*notes, "chose Ray: a numeric task without tables")
    return replace(planned, assumptions=notes, question=ask.prompt)


def _check_length(ask: Ask) -> None:
    """Raises StepFailed for a text that is no question: the passes are not linear in its words."""
    size = len(ask.prompt)
    if size > MOST_CHARACTERS or len(tokens(ask.prompt)) > MOST_WORDS:
        most = f"{MOST_WORDS:,} words and signs, {MOST_CHARACTERS:,} characters"
        reason = f"It is too long for a question ({size:,} characters); the most is {most}."
        raise impossible(reason, "Ask for one thing, in a sentence or two.", ask.tables)


def framework_of(planned: Planned, ask: Ask) -> Framework:
    """The framework that was asked for; `auto` means Ray for numbers and Spark for tables."""
    if ask.framework is not Framework.AUTO:
        return ask.framework
    return Framework.RAY if isinstance(planned.root, Compute) else Framework.SPARK


def _over_tables(ask: Ask) -> Planned:
    said = tokens(ask.prompt)
    if not ask.tables or not said:
        words = [t.text for t in said if t.text.isalnum() and (t.lower,) not in lexicon().phrases]
        raise not_understood(words or ["(nothing)"], ask.tables)
    schema = schema_of(ask.tables)
    found = readings(said, schema)
    best = found[0] if found else None
    if best is None or best.root is None:
        if best is not None and best.problem is not None:
            raise impossible(best.problem.reason, best.problem.hint, ask.tables)
        raise not_understood([t.text for t in said if t.text.isalnum()], ask.tables)
    tables = list(dict.fromkeys(scan.table.name for scan in scans(best.root)))
    return Planned(best.root, summary(best.q, tables, schema), best.notes, 0.9)


def sayable(prompt: str) -> str:
    """The prompt as UTF-8 can carry it: half of a character pair becomes a question mark."""
    return prompt.encode("utf-8", "replace").decode()


@lru_cache(maxsize=16)
def schema_of(tables: tuple[TableProfile, ...]) -> Schema:
    """The prepared tables; kept, since a session asks the same tables again and again."""
    return Schema(tables)
