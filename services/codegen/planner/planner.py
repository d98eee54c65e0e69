"""The built-in generator: deterministic, local, and honest about what it did not understand."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.followup import continued
from services.codegen.planner.language.certainty import FLOOR, SURE
from services.codegen.planner.language.choose import Reading, readings
from services.codegen.planner.language.traces import runners_up, said_of, trace
from services.codegen.planner.language.understood import nothing_known, unknown_place
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import Compute, Planned
from services.codegen.planner.refuse import impossible, left_out, no_source, not_understood, unsure
from services.codegen.planner.render import render
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
    if best is not None:
        _check_understood(best, ask)
    if best is None or best.root is None:
        if best is not None and best.problem is not None:
            raise impossible(best.problem.reason, best.problem.hint, ask.tables)
        raise not_understood([t.text for t in said if t.text.isalnum()], ask.tables)
    if best.reader.essential and not best.reader.segments[0].values:
        raise not_understood(best.reader.unplaced, ask.tables)
    if any(x.grave for x in best.lost):
        raise left_out(best, found[1:], ask.tables)
    if best.confidence < FLOOR:
        raise unsure(best, found[1:], ask.tables)
    return _planned(best, found[1:], schema, explain=ask.explain)


def _check_understood(best: Reading, ask: Ask) -> None:
    """Raises StepFailed for a question about something else than the tables."""
    place = unknown_place(best, ask.prompt, ask.tables)
    if place:
        raise no_source(place, ask.tables)
    # What was understood and cannot be done says more than the words that were not.
    words = nothing_known(best) if best.reader.problem is None else ()
    if words:
        raise not_understood(words, ask.tables)


def _planned(best: Reading, others: Sequence[Reading], schema: Schema, *, explain: bool) -> Planned:
    assert best.root is not None
    return Planned(
        best.root,
        said_of(best, schema),
        best.notes,
        best.confidence,
        certainty="sure" if best.confidence >= SURE else "assumed",
        runners_up=runners_up(best, others, schema),
        not_understood=tuple(best.reader.unplaced),
        trace=trace(best, others, schema) if explain else (),
    )


def sayable(prompt: str) -> str:
    """The prompt as UTF-8 can carry it: half of a character pair becomes a question mark."""
    return prompt.encode("utf-8", "replace").decode()


@lru_cache(maxsize=16)
def schema_of(tables: tuple[TableProfile, ...]) -> Schema:
    """The prepared tables; kept, since a session asks the same tables again and again."""
    return Schema(tables)
