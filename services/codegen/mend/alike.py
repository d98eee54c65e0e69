"""Which of the known names did somebody mean?"""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

CLOSE = 72.0
"""Percent. `amuont` and `amount` have 83, `name` and `amount` 40; two short words that share
half their letters stay below."""
AHEAD = 6.0
"""Percent by which the best must lead, so that what was meant is not a matter of chance."""


def ranked(name: str, known: Iterable[str]) -> list[str]:
    """The known names that are close to `name`, best first."""
    scored = [(_likeness(name, other), other) for other in dict.fromkeys(known) if other != name]
    close = [(score, other) for score, other in scored if score >= CLOSE]
    return [other for _, other in sorted(close, key=lambda s: -s[0])]


def clear(name: str, known: Iterable[str]) -> str | None:
    """The one known name that is close to `name`; None when none or several are. Names that
    differ in capitals and underscores only are one: the first of them."""
    first = {_plain(other): other for other in reversed(list(known)) if other != name}
    found = ranked(name, first.values())
    if not found:
        return None
    if _plain(name) == _plain(found[0]):
        return found[0]
    if len(found) > 1 and _likeness(name, found[0]) - _likeness(name, found[1]) < AHEAD:
        return None
    return found[0]


def _likeness(name: str, other: str) -> float:
    a, b = _plain(name), _plain(other)
    if not a or not b or re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return 0.0  # Whoever numbers names means different things by them.
    if a == b:
        return 100.0 - (0.0 if name.casefold() == other.casefold() else 1.0)
    # A swapped pair of letters is one slip, not two.
    return max(100 * OSA.normalized_similarity(a, b), fuzz.ratio(a, b)) - 2


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())
