"""Rules for computed numbers: `total of price minus cost`, `revenue over 500`."""

from services.codegen.planner.language.expressions import computed_at
from services.codegen.planner.language.query import Agg, Item
from services.codegen.planner.language.reader import ORDER, SELECT, TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Compare, Lit


def computed_rule(r: Reader) -> bool:
    """Arithmetic or a derived measure, shown or measured."""
    said = computed_at(r, r.at)
    if said is None:
        return False
    if r.zone in (SELECT, TEST) and _compared(r):
        return True
    if r.zone == TEST and not r.link:
        return False
    if r.zone in (ORDER, TEST):
        r.zone = SELECT
    expr = said.make("measure")
    items: list[Item] = [Agg(func, expr) for func in r.pending] or [expr]
    for item in items:
        r.item(item)
    r.pending = []
    r.link, r.asking = "", False
    r.at = said.after
    return True


def _compared(r: Reader) -> bool:
    """`with revenue over 500`: a condition on the computed number."""
    said = computed_at(r, r.at)
    if said is None or not (r.zone == TEST or r.q.items or r.q.entity):
        return False
    at = r.skip(said.after, Op.EQUALS)
    s = r.segment(at)
    sense = s.sense(Op.COMPARE) if s is not None else None
    number = r.number(r.skip(at + 1))
    if sense is None or number is None:
        return False
    r.test(Compare(COMPARE_OPS[sense.arg], said.make("test"), Lit(number)))
    r.at = r.skip(at + 1) + 1
    return True
