"""Grammar rules for the order of the answer."""

from services.codegen.planner.frame import MeasureAsk
from services.codegen.planner.lexicon import Op
from services.codegen.planner.parse import Parse
from services.codegen.planner.plan import Expr
from services.codegen.planner.rules_groups import entity_at
from services.codegen.planner.rules_measures import measure_at


def sort_rule(p: Parse) -> bool:
    """`sorted by X descending and Y`, `alphabetically`."""
    s = p.segments[p.at]
    if s.sense(Op.ALPHABETICAL):
        p.frame.alphabetical = True
        p.at += 1
        return True
    if not s.sense(Op.SORT):
        return False
    at = p.at + 1
    while (found := _sort_key(p, p.skip(at))) is not None:
        by, at = found
        descending, at = _direction(p, at)
        p.frame.sort.append((by, descending))
        link, following = p.link_at(at)
        if not link or _sort_ends(p, following):
            break
        at = following
    if p.frame.sort:
        p.at = at
    else:
        # `sorted descending`: by what is measured
        descending, after = _direction(p, p.skip(p.at + 1))
        if after == p.skip(p.at + 1):
            return False
        p.frame.direction, p.at = descending, after
    return True


def _sort_ends(p: Parse, at: int) -> bool:
    s = p.segment(at)
    return s is None or not (s.columns or s.sense(Op.COUNT, Op.AGGREGATE, Op.UNIT))


def _sort_key(p: Parse, at: int) -> tuple[MeasureAsk | Expr, int] | None:
    hit = p.column(at)
    column = hit is not None and hit.exact
    measures = None if column else measure_at(p, at)
    if measures is not None:
        return measures[0][0], measures[1]
    entity = entity_at(p, at)
    return (entity.expr, at + 1) if entity else None


def _direction(p: Parse, at: int) -> tuple[bool, int]:
    at_word = p.skip(at)
    s = p.segment(at_word)
    if s is not None and s.sense(Op.DESC, Op.ASC):
        return s.sense(Op.DESC) is not None, at_word + 1
    return False, at


def direction_rule(p: Parse) -> bool:
    """`descending` on its own."""
    s = p.segments[p.at]
    if not s.sense(Op.DESC, Op.ASC):
        return False
    descending = s.sense(Op.DESC) is not None
    following = p.segment(p.at + 1)
    ordered = following is not None and following.text.lower() in ("of", "by")
    found = _sort_key(p, p.skip(p.at + 2)) if ordered else None
    if found is not None:
        p.frame.sort.append((found[0], descending))
        p.at = found[1]
        return True
    p.frame.direction = descending
    p.at += 1
    return True
