"""The verb: a failed program in, the same program with as little changed as will help out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from arclight.contracts.finding import Finding
from arclight.contracts.names import Severity
from services.codegen.mend import syntax
from services.codegen.mend.change import Case, Change
from services.codegen.mend.strategies import for_failure, for_finding
from services.codegen.mend.tree import edited, parses

MOST_ALTERNATIVES = 20
"""Of one fault: far more than any strategy has that knows what it does."""


@dataclass(frozen=True)
class Mended:
    """A program that parses and was not tried before."""

    program: str
    reason: str
    """What was changed and why, in sentences."""
    assumptions: tuple[str, ...] = ()


def mend(case: Case, tried: Collection[str]) -> Mended | None:
    """The mended program; None when no strategy knows this failure, or all were tried."""
    try:
        return next(_mended(case, {case.tree.text, *tried}), None)
    except RecursionError:
        return None


def mend_text(text: str, tried: Collection[str]) -> Mended | None:
    """The same for a text that Python cannot read."""
    for program, said in syntax.readable(text):
        if program not in tried:
            return Mended(program, said)
    return None


def _mended(case: Case, tried: set[str]) -> Iterator[Mended]:
    errors = [f for f in case.findings if f.severity is Severity.ERROR]
    yield from _rejected(case, errors, tried)
    for change in islice(for_failure(case), MOST_ALTERNATIVES):
        program = _new(case, [change], tried)
        if program is not None:
            yield _as_mended(program, [change])


def _rejected(case: Case, errors: Sequence[Finding], tried: set[str]) -> Iterator[Mended]:
    """All that can be mended at once; in the next round, the next best of each."""
    options = [list(islice(for_finding(case, f), MOST_ALTERNATIVES)) for f in errors]
    options = [o for o in options if o]
    for number in range(max((len(o) for o in options), default=0)):
        chosen = _together(case, [o[min(number, len(o) - 1)] for o in options])
        program = _new(case, chosen, tried)
        if program is not None:
            yield _as_mended(program, chosen)


def _together(case: Case, changes: Sequence[Change]) -> list[Change]:
    """The changes, without those that were made by another or are in another's way."""
    kept: list[Change] = []
    for change in changes:
        if change in kept or any(set(change.edits) <= set(k.edits) for k in kept):
            continue
        if _text(case, [*kept, change]) is not None:
            kept.append(change)
    return kept


def _text(case: Case, changes: Sequence[Change]) -> str | None:
    """The program with these changes; None when they do not go together or it does not parse."""
    program = edited(case.tree.text, [e for c in changes for e in c.edits])
    return program if program is not None and parses(program) else None


def _new(case: Case, changes: Sequence[Change], tried: set[str]) -> str | None:
    program = _text(case, changes) if changes else None
    return program if program not in tried else None


def _as_mended(program: str, changes: Sequence[Change]) -> Mended:
    said = dict.fromkeys(c.said for c in changes)
    assumed = dict.fromkeys(c.assumption for c in changes if c.assumption)
    return Mended(program, " ".join(said), tuple(assumed))
