"""Rules for one of two: `which has more medals, A or B`, `did A or B score more`."""

from dataclasses import dataclass

from services.codegen.planner.language.query import POSITION
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_places import time_slot
from services.codegen.planner.language.rule_superlatives import ranked
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, Sense

_OTHERS = frozenset({"any", "all", "any other", "others", "other", "every other", "anyone"})


@dataclass(frozen=True)
class Pair:
    """Two values of one column, by their segments."""

    first: int
    second: int


def pair_at(r: Reader, *links: Op) -> Pair | None:
    """Two values of the same column with one of `links` between them."""
    for at in range(len(r.segments)):
        if not r.sense(at, *links) or r.segments[at].columns:
            continue
        first, second = r.back(at), _named(r, at + 1)
        while r.sense(first, *links, Op.COMMA):
            first = r.back(first)
        if first >= 0 and second is not None and _keys(r, first) & _keys(r, second):
            return Pair(first, second)
    return None


def _named(r: Reader, at: int) -> int | None:
    at = r.skip(at, Op.BY, Op.OR)
    s = r.segment(at)
    if s is not None and not s.values and (s.columns or s.tables):
        at = r.skip(at + 1)
    return at if at < len(r.segments) else None


def _keys(r: Reader, at: int) -> set[str]:
    return {v.field.key for v in r.segments[at].values}


def choice_rule(r: Reader) -> bool:
    """The better of two is the best of them; what is better than all others is the best."""
    s = r.segments[r.at]
    sense = s.sense(Op.MORE)
    if sense is None or (s.columns and s.columns[0].exact):
        return False
    pair = pair_at(r, Op.OR, Op.AND) if _asks(r) else None
    if pair is None and not _than_all(r):
        return False
    r.listing.chosen = pair is not None
    if ranked(r, sense, r.skip(r.at + 1)):
        return True
    return _by_time(r, sense)


def _asks(r: Reader) -> bool:
    """True where one of the two is asked for, not by how much they differ."""
    return not r.counting and r.listing.gap_of is None


def _by_time(r: Reader, sense: Sense) -> bool:
    """`earlier` without a column of that name: by the times of the table, else by its order."""
    if "date" not in sense.hints or len(r.schema.tables) > 1:
        return False
    slot = time_slot(r)
    r.q.order.append((slot.expr if slot is not None else POSITION, sense.arg == "desc"))
    r.q.limit = 1
    r.at += 1
    return True


def _than_all(r: Reader) -> bool:
    """`more medals than any other`."""
    for at in range(r.at + 1, len(r.segments)):
        if r.word(at) == "than":
            return r.word(at + 1) in _OTHERS
    return False


def settle_choice(r: Reader) -> None:
    """One of the two is shown: the column of the values, whatever else was named."""
    pair = pair_at(r, Op.OR, Op.AND)
    if pair is None:
        return
    ranked_two = (r.listing.chosen or r.q.limit == 1) and r.q.order
    # `did A or B produce X`: the one that the conditions hold for.
    either = r.word(0) in AUXILIARIES and not r.q.items and r.sense(pair.first + 1, Op.OR)
    both = [x for x in r.slots if x.kind == "value" and x.at in (pair.first, pair.second)]
    if len(both) == 2 and (ranked_two or either):
        both[0].hint = both[1].hint = _common(both[0], both[1])
        r.q.items = [both[0].expr]


AUXILIARIES = frozenset({"did", "does", "do", "was", "were", "is", "are", "has", "have", "had"})
"""First words of a question that yes or no, or one of two, answers."""


def _common(a: Slot, b: Slot) -> str:
    """The column that both values stand in, the best of several."""
    scores = {o.field.key: o.score for o in b.options}
    shared = [o for o in a.options if o.field.key in scores]
    return max(shared, key=lambda o: o.score + scores[o.field.key]).field.key
