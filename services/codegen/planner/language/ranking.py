"""What is ordered by, and the order that an extreme makes."""

from dataclasses import dataclass

from services.codegen.planner.language.clocked import paced
from services.codegen.planner.language.expressions import computed_at
from services.codegen.planner.language.query import Agg, Item, is_expr
from services.codegen.planner.language.reader import GROUP, ORDER, TEST, Reader
from services.codegen.planner.language.rule_measures import counted
from services.codegen.planner.language.rule_places import ranking
from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.plan import Col, Func


def ranked_at(r: Reader, at: int) -> tuple[Item, int] | None:
    """What is ordered by, if it stands at `at`: a column, a measure, a count."""
    at = r.skip(at, Op.AGAIN)
    s = r.segment(at)
    if s is None:
        return None
    if s.sense(Op.COUNT) and not s.columns:
        return counted(r, at + 1) or (Agg(Func.COUNT), at + 1)
    funcs = s.args(Op.AGGREGATE)
    if funcs and not s.columns:
        inner = r.skip(at + 1)
        computed = computed_at(r, inner)
        if computed is not None:
            return Agg(Func(min(funcs)), computed.make("measure")), computed.after
        if r.names_column(inner):
            slot = r.column(inner, "measure", "number")
            return Agg(Func(min(funcs)), slot.expr), inner + 1
        if r.sense(inner, Op.COUNT):
            return counted(r, inner + 1)
        return counted(r, inner) if funcs == {"sum"} else None
    computed = computed_at(r, at)
    if computed is not None:
        return computed.make("order"), computed.after
    if r.names_table(at) and r.names_column(at + 1):
        r.attach = r.names_table(at)
        at += 1
    if r.names_column(at):
        slot = r.column(at, "order", "number")
        return slot.expr, at + 1
    return None


@dataclass(frozen=True)
class Rank:
    descending: bool
    text: str
    sense: Sense


MOST = ("the most", "the least")


def taken_limit(r: Reader, *, many: bool) -> int | None:
    """How many are wanted: as many as was said, else one unless the noun is plural."""
    limit = r.limit
    r.limit = None
    if limit is None and r.zone == ORDER:
        # `sorted by the highest price first` is an order, and all rows are wanted.
        return None
    return limit if limit is not None else 1


def whole_measure(r: Reader) -> Item | None:
    """In a table by itself the number that was named in passing, else the column of totals:
    `which nation won the most medals`."""
    if len(r.schema.tables) > 1:
        return None
    loose = [x for x in r.loose if x.options and x.options[0].field.ranked]
    if loose:
        return loose[-1].expr
    totals = [f for f in r.schema.fields.values() if f.numeric and f.stems <= lexicon().whole]
    return Col(totals[0].key) if len(totals) == 1 else None


def _directed_by(r: Reader, rank: Rank, by: Item) -> bool:
    """True for a descending order; the highest rank and the best time are small numbers."""
    slot = next((x for x in r.slots if x.expr == by and x.options), None)
    if slot is None or len(r.schema.tables) > 1:
        return rank.descending
    field = slot.options[0].field
    if field.clocked:
        return paced(rank.text, descending=rank.descending)
    return rank.descending is not (ranking(field) and rank.sense.size)


def rank_by(r: Reader, rank: Rank, by: Item, *, at: int | None = None) -> bool:
    """An order with its limit; or, where nothing else is asked for, the extreme itself."""
    r.at = r.at if at is None else at
    if isinstance(by, Agg) and by.func is Func.SUM and by.assumed and by.of is not None:
        by = by.of
    asked = r.listing.chosen or r.q.items or r.q.entity or r.q.keys or r.zone in (TEST, GROUP)
    asked = asked or (r.wh == "person" and len(r.schema.tables) == 1)
    if not asked and is_expr(by) and r.limit is None and not r.pending:
        func = Func.MAX if rank.descending else Func.MIN
        r.item(Agg(func, by))
        r.fresh = [r.slots[-1]]
        return True
    measures = [i for i in r.q.items if isinstance(i, Agg) and (i.of is not None or r.q.keys)]
    measured = len(measures) == len(r.q.items) and bool(measures or r.pending)
    if measured and r.link and is_expr(by) and r.limit is None:
        # `the average and the highest salary`
        r.q.items += [Agg(f, by) for f in r.pending]
        r.pending = []
        func = Func.MAX if rank.descending else Func.MIN
        r.item(Agg(func, by))
        r.fresh.append(r.slots[-1])
        r.link = ""
        return True
    r.q.order.append((by, _directed_by(r, rank, by)))
    r.q.limit = taken_limit(r, many=False)
    return True
