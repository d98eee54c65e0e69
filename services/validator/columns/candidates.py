"""What may be meant instead of a name that is not there."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

MAX_CANDIDATES = 5
SCORE_SHOWN = 50.0
"""Below, two names share letters by chance only."""
SCORE_MEANT = 72.0
"""From here on, a machine may put the candidate in place."""
MARGIN = 4.0
"""Nearer than this, two candidates are equally likely to be meant."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_EMPTY = frozenset({"the", "of", "in", "by", "for"})
_SHORT = {
    "amt": "amount",
    "avg": "average",
    "cnt": "count",
    "cust": "customer",
    "desc": "description",
    "dt": "date",
    "id": "identifier",
    "max": "maximum",
    "min": "minimum",
    "nbr": "number",
    "no": "number",
    "num": "number",
    "pct": "percent",
    "prod": "product",
    "qty": "quantity",
    "yr": "year",
}


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters and the singular: `OrderItems` is order, item."""
    found = [w.casefold() for w in _WORD.findall(name)]
    return tuple(_singular(w) for w in found if w not in _EMPTY) or tuple(found)


def _singular(word: str) -> str:
    word = _SHORT.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def similarity(wanted: str, name: str) -> float:
    """How alike two names are, from 0 to 100; equal words count 100 in any writing."""
    if wanted.casefold() == name.casefold():
        return 100.0
    left, right = words(wanted), words(name)
    if left and left == right:
        return 99.0
    if left and sorted(left) == sorted(right):
        return 95.0
    plain = fuzz.ratio(wanted.casefold(), name.casefold())
    normal = fuzz.ratio(" ".join(left), " ".join(right)) if len(left) == len(right) else 0.0
    return max(plain, normal, _shortened(left, right), _contained(left, right))


def _shortened(left: Sequence[str], right: Sequence[str]) -> float:
    """`cust nm` for `customer name`: each word begins like its partner, letters left out."""
    if not left or len(left) != len(right):
        return 0.0
    pairs = [sorted(p, key=len) for p in zip(left, right, strict=True)]
    fits = all(a[0] == b[0] and _is_part(a, b) for a, b in pairs)
    share = sum(len(a) for a, _ in pairs) / max(1, sum(len(b) for _, b in pairs))
    return 75.0 + 20.0 * share if fits else 0.0


def _is_part(short: str, long: str) -> bool:
    letters = iter(long)
    return all(c in letters for c in short)


def _contained(left: Sequence[str], right: Sequence[str]) -> float:
    """`repair cost` for `cost`: one name holds all words of the other."""
    few, many = sorted((set(left), set(right)), key=len)
    if not few or not few <= many:
        return 0.0
    # By letters as people write them: of `note_id`, note is more than id.
    share = sum(map(_letters, few)) / max(1, sum(map(_letters, many)))
    return 60.0 + 30.0 * share


def _letters(word: str) -> int:
    return min([len(word), *(len(s) for s, w in _SHORT.items() if w == word)])


def ranked(wanted: str, choices: Sequence[str]) -> list[tuple[str, float]]:
    """The choices that resemble `wanted`, best first, each with its score."""
    last = wanted.rpartition(".")[2] or wanted
    scored = [(c, max(similarity(wanted, c), _by_last(last, c))) for c in dict.fromkeys(choices)]
    near = [(c, s) for c, s in scored if s >= SCORE_SHOWN]
    return sorted(near, key=lambda pair: -pair[1])[:MAX_CANDIDATES]


def _by_last(last: str, choice: str) -> float:
    """For `o.nme` and `o.name`, the part behind the alias decides."""
    head, dot, tail = choice.rpartition(".")
    return similarity(last, tail.strip("`")) if dot and head else similarity(last, choice) - 1


def meant(scored: Sequence[tuple[str, float]]) -> str | None:
    """The candidate that a machine may put in place; None when that is open."""
    if not scored or scored[0][1] < SCORE_MEANT:
        return None
    if len(scored) > 1 and scored[0][1] - scored[1][1] < MARGIN:
        return None
    return scored[0][0]
