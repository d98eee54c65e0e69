"""Rules for extremes: `the oldest student`, `with the most orders`, `most common`."""

from services.codegen.planner.language.clocked import clocked_field
from services.codegen.planner.language.defaults import default_func
from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.mosts import most_common, most_of
from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import TIME, Agg, Item
from services.codegen.planner.language.ranking import (
    MOST,
    Rank,
    rank_by,
    taken_limit,
)
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_groups import unit_at
from services.codegen.planner.language.rule_places import place_slot
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op, Sense
from services.codegen.planner.plan import Bucket, Expr, Unit


def _directs(r: Reader) -> bool:
    """`from the most recent to the oldest`, `starting with the highest`."""
    before = {r.word(r.back(r.at)), r.word(r.at - 1)}
    if not r.q.order:
        # `for each title, those with the highest pay`
        before -= {"with"}
    return not before.isdisjoint(_BEGINNINGS)


_BEGINNINGS = frozenset({"from", "starting", "starting from", "starting with", "beginning", "with"})
_BEGINNINGS |= {"beginning with", "starting in"}


def _directed(r: Reader, rank: "Rank") -> bool:
    if not r.q.order:
        r.q.order.append((r.q.keys.pop(), False))
    by, _ = r.q.order[-1]
    r.q.order[-1] = (by, rank.descending)
    r.at += 1
    while r.at < len(r.segments) and not r.sense(r.at, Op.COMMA, Op.AND, Op.RELATIVE):
        r.at += 1
    return True


def extreme(r: Reader, descending: bool, text: str, at: int) -> bool:
    """`with the maximum salary`: the same as the highest."""
    return most_of(r, Rank(descending, text, Sense(Op.SUPERLATIVE)), at)


def superlative_rule(r: Reader) -> bool:
    """`most orders`, `highest price`, `oldest`, `3 most expensive`, `most common`."""
    named, orders, limit, start = r.named, len(r.q.order), r.q.limit, r.at
    ahead = _ranked_noun(r)
    if not _superlative(r):
        return False
    if len(r.q.order) == orders or r.q.limit is None:
        return True
    if r.inner is None:
        r.q.ranked = ahead or named
        _of_column(r, start)
    else:
        # `not on the project with the most hours`
        r.inner.order, r.inner.limit = r.q.order[orders:], r.q.limit
        r.q.order, r.q.limit = r.q.order[:orders], limit
    return True


def _ranked_noun(r: Reader) -> str:
    """The table in `the most expensive product`: the extreme is of what comes next."""
    sense = r.segments[r.at].sense(Op.SUPERLATIVE)
    noun = noun_at(r, r.skip(r.at + 1)) if sense is not None and sense.hints else None
    return noun.table if noun is not None else ""


def _of_column(r: Reader, at: int) -> None:
    """`products in the category with the most products`: groups are categories."""
    by = r.q.order[-1][0]
    relative = r.back(at)
    while relative > 0 and r.sense(relative, Op.RELATIVE):
        relative = r.back(relative)
    last = r.loose[-1] if r.loose else None
    if last is None or last.at != relative or not isinstance(by, Agg) or r.q.keys:
        return
    if last.options and not last.options[0].field.numeric and r.q.items:
        r.q.keys.append(last.expr)


def _superlative(r: Reader) -> bool:
    s = r.segments[r.at]
    ends = s.args(Op.AGGREGATE) & {"max", "min"}
    if ends and r.zone == TEST and not s.columns and not r.link:
        return extreme(r, ends == {"max"}, s.text, r.skip(r.at + 1))
    sense = s.sense(Op.SUPERLATIVE)
    if sense is None or (s.columns and s.columns[0].exact):
        return False
    if _said_first(r, sense):
        return True
    if (r.q.order or r.q.keys) and _directs(r):
        return _directed(r, Rank(sense.arg == "desc", s.text, sense))
    if _from_to(r, sense):
        return True
    at = r.skip(r.at + 1)
    number = r.number(at)
    if isinstance(number, int) and 0 < number <= 1000 and not r.names_column(at):
        r.limit = number
        at = r.skip(at + 1)
    return ranked(r, sense, at)


def _from_to(r: Reader, sense: Sense) -> bool:
    """`from the most expensive order to the cheapest`: all rows in this order."""
    if r.word(r.back(r.at)) != "from" or r.q.order:
        return False
    ends = (i for i in range(r.at + 1, len(r.segments)) if "to" in (r.word(i - 1), r.word(i - 2)))
    end = next(
        (i for i in ends if (x := r.segments[i].sense(Op.SUPERLATIVE)) and x.arg != sense.arg), 0
    )
    noun = noun_at(r, r.at + 1)
    if not end or (noun is not None and noun.at > end):
        return False
    field = r.segments[noun.at].columns[0].field if noun is not None and not noun.table else None
    if noun is not None and field is not None and field.ranked:
        slot: Slot | None = r.column(noun.at, "order", "number")
    else:
        slot = hinted_slot(r, sense.hints, "order") if sense.hints else None
    if slot is None:
        return False
    if noun is not None and noun.table:
        r.name_table(noun.table, noun.text)
        r.q.entity = r.q.entity or noun.table
    r.q.order.append((slot.expr, sense.arg == "desc"))
    r.at = end + 1
    return True


def _said_first(r: Reader, sense: Sense) -> bool:
    """`most recent first`, `highest price first`: all rows in this order."""
    at = r.at + 1
    named = r.names_column(at) and r.segments[at].columns[0].field.ranked
    at += named
    if r.word(at) != "first" or (not r.q.items + r.q.order and not r.q.entity):
        return False
    if named:
        by: Item | None = r.column(at - 1, "order", "number").expr
    elif r.q.order:
        by = r.q.order.pop()[0]
    else:
        hinted = hinted_slot(r, sense.hints, "order") if sense.hints else None
        by = hinted.expr if hinted is not None else None
        by = by or (r.q.items[-1] if r.q.items else None)
    if by is None:
        return False
    r.q.order.append((by, sense.arg == "desc"))
    r.at = at + 1
    return True


def ranked(r: Reader, sense: Sense, at: int) -> bool:
    """The rows or groups at the end of the order that a word such as `oldest` asks for."""
    rank = Rank(sense.arg == "desc", r.segments[r.at].text, sense)
    if sense.rows:
        return most_common(r, rank, at)
    if sense.hints and not (rank.text.lower().endswith(MOST) and noun_at(r, at) is not None):
        return _hinted(r, rank, at)
    # `paid the most fees` says itself what it is about.
    return most_of(r, rank, at)


def _hinted(r: Reader, rank: Rank, at: int) -> bool:
    """`the oldest student`: rows in the order of the column that the word asks about."""
    noun = noun_at(r, at)
    explicit = None
    if noun is not None and not noun.table:
        field = r.segments[noun.at].columns[0].field
        if field.ranked:
            explicit = noun
    if explicit is not None:
        slot = r.column(explicit.at, "order", "number")
        r.at = explicit.after
        return rank_by(r, rank, slot.expr)
    meant = hinted_slot(r, rank.sense.hints, "order")
    if meant is None:
        clocked = clocked_field(r)
        if clocked is None:
            return most_of(r, rank, at) if " " in rank.text else False
        return rank_by(r, rank, place_slot(r, clocked).expr, at=r.at + 1)
    if _unit_ranked(r, rank, at, meant):
        return True
    r.q.order.append((meant.expr, rank.descending))
    r.q.limit = taken_limit(r, many=False)
    r.at = r.skip(r.at + 1) if r.number(r.skip(r.at + 1)) is None else at
    r.zone = SELECT if not r.q.items else r.zone
    return True


def _unit_ranked(r: Reader, rank: Rank, at: int, slot: Slot) -> bool:
    """`hottest day`, `wettest month`: the day of the row, or the month by its figures."""
    unit = unit_at(r, at)
    if unit is None or r.q.items:
        return False
    time: Expr = TIME if unit is Unit.DAY else Bucket(unit, TIME)
    r.q.items, r.q.limit = [time], taken_limit(r, many=False)
    r.q.order.append((slot.expr, rank.descending))
    if unit is not Unit.DAY:
        r.q.keys, r.q.totals = [time], True
        func = default_func(slot.options[0].expr, r.schema)
        r.q.order[-1] = (Agg(func, slot.expr, assumed=True), rank.descending)
    r.at = at + 1
    return True
