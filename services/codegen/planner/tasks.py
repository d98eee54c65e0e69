"""Numeric tasks: questions that need no table."""

import re
from collections.abc import Sequence

from arclight.catalog.profile import TableProfile
from services.codegen.planner import (
    tasks_chance,
    tasks_lists,
    tasks_matrix,
    tasks_numbers,
    tasks_primes,
    tasks_ranges,
    tasks_sequences,
    tasks_sweep,
    tasks_text,
)
from services.codegen.planner.plan import Planned
from services.codegen.planner.tasks_form import Asked, Form, fitting, refused
from services.codegen.planner.tasks_said import Said, said
from services.codegen.planner.tasks_sources import rows_of_each, words_of_column
from services.codegen.planner.tasks_summary import summary
from services.codegen.planner.words import pieces

CONFIDENCE = 0.95
MAX_EXPLAINED = 15
"""Longer prompts, in canonical words, are about something else than the word that is known."""
_FAMILIES = (
    tasks_primes,
    tasks_sequences,
    tasks_ranges,
    tasks_numbers,
    tasks_text,
    tasks_matrix,
    tasks_chance,
    tasks_lists,
    tasks_sweep,
)
FORMS: Sequence[Form] = tuple(form for family in _FAMILIES for form in family.FORMS)
"""All forms, in the order in which they are tried."""

_HEADS: Sequence[tuple[re.Pattern[str], Sequence[str]]] = tuple(
    (re.compile(rf"(?<!\S)(?:{words})(?!\S)"), family.EXAMPLES)
    for words, family in (
        ("prime|twins|isprime|primefactors", tasks_primes),
        ("fibonacci|factorial|harmonic|arithmetic|geometric", tasks_sequences),
        ("gcd|lcm|collatz|collatzsequence|digitsum|perfect numbers|divisors #", tasks_numbers),
        ("combinations|permutations|choose|binomial", tasks_numbers),
        ("mc|dice|coin|pi|integral", tasks_chance),
        ("matrix|matrices|§ product", tasks_matrix),
        ("wordfrequency|wordtotal|letterfrequency", tasks_text),
        ("multiples|sum numbers|product numbers|sum first", tasks_ranges),
        ("ƒ|square|cube|squareroot", tasks_sweep),
        ("median|stddev|variance|reverse", tasks_lists),
    )
)
"""Words that show which family a prompt that fits no form belongs to."""
_PARTS = re.compile(r"(?: (?:,|and|then|also|plus|as well as))+ ")


def numeric_task(prompt: str, tables: Sequence[TableProfile] = ()) -> Planned | None:
    """The task that the whole prompt asks for; None when any word of it is left over.

    Raises StepFailed for several tasks at once and for numbers that have no answer; without
    tables, also for a prompt that speaks of a task in words that fit no form.
    """
    canonical = said(prompt)
    counted = rows_of_each(prompt, canonical, tables)
    if counted is not None:
        return Planned(counted, "Number of rows of each table", (), CONFIDENCE)
    words = words_of_column(canonical, tables)
    if words is not None:
        return Planned(words, f"Words of {words.column}", (), CONFIDENCE)
    if tables and _named(canonical, prompt, tables):
        return None
    found = fitting(FORMS, canonical, tables=bool(tables))
    found = found or fitting(FORMS, _folded(canonical), tables=bool(tables))
    if found is not None:
        return _planned(found, canonical)
    if _several(canonical, bool(tables)):
        raise refused(
            "It asks for more than one computation.",
            "Ask for them one at a time, each in a prompt.",
        )
    if not tables:
        _explain(canonical)
    return None


def _planned(found: Asked, canonical: Said) -> Planned:
    notes = found.notes
    if canonical.workers is not None:
        notes = (*notes, "the size of the task decides how many parts run in parallel")
    return Planned(found.compute, summary(found.compute), notes, CONFIDENCE)


def _named(canonical: Said, prompt: str, tables: Sequence[TableProfile]) -> bool:
    """True when a word of the prompt is the name of a table or column: then it asks about it."""
    words = {w.rstrip("s") for w in pieces(prompt)} - {""}
    names = [n for t in tables for n in (t.name, *(c.name for c in t.columns))]
    named = [[w.rstrip("s") for w in pieces(name)] for name in names]
    return any(parts and len("".join(parts)) > 2 and words.issuperset(parts) for parts in named)


def _folded(canonical: Said) -> Said:
    """`10 ^ 6` as one number, for prompts in which it is a limit or the like."""
    text, numbers = canonical.text, list(canonical.numbers)
    while (match := re.search(r"# \^ #", text)) and len(numbers) > 1:
        at = text[: match.start()].count("#")
        base, exponent = numbers[at], numbers[at + 1]
        if not isinstance(base, int) or not isinstance(exponent, int) or not 0 <= exponent <= 60:
            return canonical
        numbers[at : at + 2] = [base**exponent]
        text = f"{text[: match.start()]}#{text[match.end() :]}"
    return Said(text, tuple(numbers), canonical.texts, canonical.matrices, canonical.formulas,
                canonical.seed, canonical.samples, canonical.workers)  # fmt: skip


def _several(canonical: Said, tables: bool) -> bool:
    """True when each of two parts or more is a task of its own."""
    parts = [p for p in _PARTS.split(f" {canonical.text} ") if p.strip()]
    if len(parts) < 2:
        return False
    at, fits = 0, 0
    for part in parts:
        count = part.count("#")
        one = Said(part.strip(), canonical.numbers[at : at + count])
        at += count
        fits += _is_task(one, tables)
    return fits >= 2


def _is_task(one: Said, tables: bool) -> bool:
    return any(f.pattern.fullmatch(one.text) for f in FORMS if not (f.weak and tables))


def _explain(canonical: Said) -> None:
    """Raises StepFailed with examples for a prompt that speaks of a known task."""
    if len(canonical.text.split()) > MAX_EXPLAINED:
        return
    for head, examples in _HEADS:
        if head.search(canonical.text):
            shown = "; ".join(f"“{e}”" for e in examples)
            raise refused(
                "It speaks of a computation, but not in words that say exactly which.",
                f"Say for example: {shown}.",
            )
