"""What a program does, in sentences, in the order in which it does it.

The program's own statements are followed, and the bodies of its functions where it first calls them
or hands them to the engine. Each call that means something for the answer becomes a sentence. What
cannot be followed is said: a place that only the run knows, a table that cannot be seen, a function
whose inside is not explained.
"""

from collections.abc import Iterator

from services.validator.analysis.facts import Facts
from services.validator.context import Context
from services.validator.explain.narrate import Narration
from services.validator.explain.source import sentence

MAX_SENTENCES = 40
"""More nobody reads; a planner's longest program has about half of it."""


def explain(facts: Facts, context: Context) -> tuple[str, ...]:
    """The sentences. Never raises for a program that parsed."""
    told = [sentence(text) for text in _told(facts, context)]
    more = len(told) - MAX_SENTENCES
    if more > 0:
        steps = "is 1 more step" if more == 1 else f"are {more} more steps"
        told = [*told[:MAX_SENTENCES], f"There {steps} after this."]
    return tuple(told)


def _told(facts: Facts, context: Context) -> Iterator[str]:
    if not facts.reads.found and not facts.reads.sql:
        yield "read no data: what the answer is made of is in the program"
    last = ""
    for text in Narration(facts, context).sentences():
        if text != last:
            yield text
        last = text
    if not last and (facts.reads.found or facts.reads.sql):
        yield "what this program does with what it reads cannot be seen from its text"
