"""The failure of a question that was not understood: it names the words, and what is known."""

from collections.abc import Sequence

from pydantic import JsonValue

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from services.codegen.planner.choose import Reading
from services.codegen.planner.mentions import Segment
from services.codegen.planner.words import Kind

_LISTED = 40
"""Columns named in a hint; a person reads no longer list."""


def unknown_words(reading: Reading) -> list[str]:
    """What a refusal names: the words without any meaning, else those without a place.

    A word that means something loses its place when a word beside it means nothing.
    """
    unplaced = [_as_said(w, reading) for w in reading.frame.unplaced]
    unknown = [t.text for s in reading.segments if _meaningless(s) for t in s.tokens]
    return [w for w in unplaced if w in unknown] or unplaced


def _meaningless(s: Segment) -> bool:
    known = s.senses or s.columns or s.values or s.tables or s.period or s.month
    return not known and s.number is None and s.tokens[0].kind is not Kind.SYMBOL


def _as_said(word: str, reading: Reading) -> str:
    """The question's own words for a value such as `CA`."""
    for s in reading.segments:
        if any(v.value == word for v in s.values):
            return s.text
    return word


def not_understood(words: Sequence[str], tables: Sequence[TableProfile]) -> StepFailed:
    """Content words that found no place."""
    said = [w for w in dict.fromkeys(words) if not w.startswith("(")]
    named = ", ".join(f"'{w}'" for w in said)
    found = f"no meaning was found for {named}" if said else "it does not say what to compute"
    message = f"The question was not understood: {found}."
    return _failed(message, tables, words=[*said])


def unsure(
    confidence: float, assumptions: Sequence[str], tables: Sequence[TableProfile]
) -> StepFailed:
    """A reading that rests on too many guesses."""
    guesses = "; ".join(assumptions)
    message = f"The question was read with too little certainty ({confidence:.2f}): {guesses}."
    return _failed(message, tables, words=[], confidence=confidence)


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
