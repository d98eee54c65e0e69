"""Rules for places in an order: `second highest price`, `top 2 products per region`, `rank by`."""

from services.codegen.planner.language.query import Place
from services.codegen.planner.language.reader import SELECT, Reader, Wrap
from services.codegen.planner.lexicon import Op

_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_ORDINALS |= {"eighth": 8, "ninth": 9, "tenth": 10, "next": 2}


def nth_rule(r: Reader) -> bool:
    """`second highest salary`: all but the first of what `highest salary` gives."""
    nth = _ordinal(r, r.at)
    at = r.skip(r.at + 1)
    if nth is None or not r.sense(at, Op.SUPERLATIVE) or r.segments[r.at].columns:
        return False
    r.nth = nth
    r.at = at
    return True


def _ordinal(r: Reader, at: int) -> int | None:
    s = r.segment(at)
    if s is None:
        return None
    word = s.text.lower()
    if word in _ORDINALS:
        return _ORDINALS[word] if word != "next" else None
    number = s.number
    return number if isinstance(number, int) and number > 1 and word[-2:] in _ENDS else None


_ENDS = frozenset({"nd", "rd", "th", "st"})


def rank_rule(r: Reader) -> bool:
    """`rank the products by revenue`, `rank of each state by population`: the place is shown."""
    word = r.word(r.at)
    s = r.segments[r.at]
    if word not in ("rank", "ranking of", "ranking", "rank of") or s.columns or r.q.items:
        return False
    if not any(r.sense(i, Op.BY) or r.word(i) == "by" for i in range(r.at, len(r.segments))):
        return False
    r.wraps.append(Wrap("rank", 0, r.at, lambda i: Place(i)))
    r.zone, r.asking = SELECT, True
    r.at += 1
    return True
