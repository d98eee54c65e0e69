"""Rules for places in an order: `second highest price`, `rank the products by revenue`."""

from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.ranking import ranked_at
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func

_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_ORDINALS |= {"eighth": 8, "ninth": 9, "tenth": 10}
_ENDS = frozenset({"nd", "rd", "th", "st"})
_RANK = frozenset({"rank", "ranking of", "ranking", "rank of"})


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
    word, number = r.word(at), r.number(at)
    if isinstance(number, int):
        return number if number > 1 and word[-2:] in _ENDS else None
    return _ORDINALS.get(word)


def rank_rule(r: Reader) -> bool:
    """`rank the products by revenue`: the place of each in the order is shown."""
    if r.word(r.at) not in _RANK or r.segments[r.at].columns or r.q.items:
        return False
    by = next((i for i in range(r.at, len(r.segments)) if r.word(i) == "by"), None)
    found = ranked_at(r, by + 1) if by is not None else None
    if by is None or found is None:
        return False
    r.q.order.append((found[0], True))
    r.q.totals = r.ranked = True
    r.segments = [*r.segments[:by], *r.segments[found[1] :]]
    r.zone, r.asking = SELECT, True
    r.at += 1
    return True


def placed(r: Reader) -> None:
    """What an ordinal makes of the order, once all of it has been read."""
    if r.nth:
        _all_but_the_first(r)


def _all_but_the_first(r: Reader) -> None:
    q = r.q
    only = q.items[0] if len(q.items) == 1 else None
    if not q.order and isinstance(only, Agg) and only.func in (Func.MAX, Func.MIN) and only.of:
        q.items = [only.of]
        q.order = [(only.of, only.func is Func.MAX)]
        q.distinct = True
        r.note("equal values share one place", 0.02)
    if q.order:
        q.limit, q.offset = 1, r.nth - 1
    else:
        r.weak.append("order")
