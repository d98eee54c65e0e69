"""The failure of a question that was not understood: it names the words, and what is known."""

from collections.abc import Sequence

from pydantic import JsonValue

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from services.codegen.planner.language.choose import Reading
from services.codegen.planner.language.honest import named
from services.codegen.planner.language.traces import offered

_LISTED = 40
"""Columns named in a hint; a person reads no longer list."""


def not_understood(words: Sequence[str], tables: Sequence[TableProfile]) -> StepFailed:
    """Content words that found no place."""
    said = [w for w in dict.fromkeys(words) if not w.startswith("(")]
    named = ", ".join(f"'{w}'" for w in said)
    found = f"no meaning was found for {named}" if said else "it does not say what to compute"
    message = f"The question was not understood: {found}."
    return _failed(message, tables, words=[*said])


def left_out(
    best: Reading, others: Sequence[Reading], tables: Sequence[TableProfile]
) -> StepFailed:
    """Words without which the answer would be another one, and the readings without them."""
    grave = [x for x in best.lost if x.grave]
    doubt = "; ".join(f"{named(x)}: {x.why}" if x.words else x.why for x in grave)
    words = list(dict.fromkeys(w for x in grave for w in x.words))
    choices = _choices([] if any(x.hollow for x in grave) else [best, *others])
    message = f"The question was not understood. {doubt[:1].upper()}{doubt[1:]}."
    return _failed(message, tables, words=[*words], choices=choices)


def no_source(place: str, tables: Sequence[TableProfile]) -> StepFailed:
    """A path, an address or a dotted name that is none of the sources."""
    known = ", ".join(t.name for t in tables)
    message = f"The question names '{place}', which is none of the sources: {known}."
    hint = "Only these are read. Put a text that a column is compared with into quotes."
    return _failed(message, tables, hint, words=[place])


def unsure(best: Reading, others: Sequence[Reading], tables: Sequence[TableProfile]) -> StepFailed:
    """A reading that is right too seldom: the words in doubt, and what can be meant."""
    words = list(dict.fromkeys([*best.reader.unplaced, *best.reader.weak]))
    named = ", ".join(f"'{w}'" for w in words)
    doubt = f"nothing certain was made of {named}" if words else "; ".join(best.notes)
    message = f"The question was read with too little certainty ({best.confidence:.2f}): {doubt}."
    choices = _choices([best, *others])
    return _failed(message, tables, words=[*words], confidence=best.confidence, choices=choices)


def _choices(found: Sequence[Reading]) -> list[JsonValue]:
    """Readings to choose from; those that sound alike are told apart by how they are asked for."""
    pairs = [*offered(found)] if found else []
    texts = [text for text, _ in pairs]
    return [
        {"text": text if texts.count(text) == 1 else f"{text}: {prompt}", "prompt": prompt}
        for text, prompt in pairs
    ]


def impossible(reason: str, hint: str, tables: Sequence[TableProfile]) -> StepFailed:
    """Understood, but there is no plan for it."""
    return _failed(f"The question cannot be planned. {reason}", tables, hint, words=[])


def _failed(
    message: str, tables: Sequence[TableProfile], hint: str = "", **details: JsonValue
) -> StepFailed:
    known: dict[str, JsonValue] = {t.name: [c.name for c in t.columns] for t in tables}
    return StepFailed(
        Failure(
            kind=FailureKind.REQUEST,
            code="PROMPT_NOT_UNDERSTOOD",
            message=message,
            hint=" ".join(filter(None, (hint, _known(tables)))),
            details={**details, "columns": known},
        )
    )


def _known(tables: Sequence[TableProfile]) -> str:
    if not tables:
        return (
            "No table was given. Name a source, or ask for one of the built-in computations: "
            "primes, the sum of a range, Fibonacci numbers, a factorial, pi by Monte Carlo."
        )
    listed = []
    for table in tables:
        names = [c.name for c in table.columns]
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        listed.append(f"{table.name} ({', '.join(names[:_LISTED])}{more})")
    return f"Ask in words of these columns: {'; '.join(listed)}."
