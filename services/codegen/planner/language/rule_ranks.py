"""Rules for order: `sorted by age`, `top 3`, `the oldest student`, `with the most orders`."""

from dataclasses import dataclass

from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.clocked import clocked_field, paced
from services.codegen.planner.language.defaults import default_func
from services.codegen.planner.language.expressions import computed_at
from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import TIME, Agg, Item, is_expr
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader, plural
from services.codegen.planner.language.rule_groups import unit_at
from services.codegen.planner.language.rule_measures import counted
from services.codegen.planner.language.rule_places import place_slot, ranking
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.language.worth import worth
from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.plan import Bucket, Col, Expr, Func, Unit

_SIZES = (
    "population",
    "area",
    "size",
    "capacity",
    "amount",
    "total",
    "number",
    "quantity",
    "value",
)


def order_rule(r: Reader) -> bool:
    """`sorted by`, `in descending order of`, `alphabetically`, `descending`."""
    s = r.segments[r.at]
    if s.columns or (s.tables and r.sense(r.back(r.at), Op.RELATIVE, Op.EQUALS)):
        # `who ordered in 2022`: what the things did.
        return False
    if (r.sorting and s.sense(Op.BY)) or (r.q.order and s.sense(Op.BY) and r.link and r.sorted):
        r.sorting, r.sorted = False, True
        r.at += 1
        return _order_keys(r)
    if s.sense(Op.SORT):
        if r.names_table(r.at) and not r.sense(r.at + 1, Op.BY):
            # `customers who ordered a lamp`
            return False
        if not (r.q.items or r.q.tables or r.q.keys or r.q.where):
            # `sort the names by age`: first what is shown.
            r.sorting = True
            r.at += 1
            return True
        r.zone = ORDER
        r.link = ""
        r.at += 1
        r.sorted = True
        return _order_keys(r)
    if s.sense(Op.ALPHABETICAL):
        return _alphabetical(r)
    if s.sense(Op.DESC, Op.ASC):
        return _direction(r, descending=s.sense(Op.DESC) is not None)
    return False


def _order_keys(r: Reader) -> bool:
    while True:
        at = r.skip(r.at, Op.BY)
        while r.word(at) in _ONES:
            at = r.skip(at + 1)
        highest = r.segments[at].sense(Op.SUPERLATIVE) if at < len(r.segments) else None
        if highest is not None and not highest.hints and r.names_column(r.skip(at + 1)):
            # `sorted by the ones with the highest revenue first`
            slot = r.column(r.skip(at + 1), "order", "number")
            r.q.order.append((slot.expr, highest.arg == "desc"))
            r.at = r.skip(at + 1) + 1
            r.at += r.word(r.at) == "first"
            return True
        descending = r.sense(at, Op.DESC)
        if r.sense(at, Op.DESC, Op.ASC):
            at = r.skip(at + 1, Op.BY)
        found = ranked_at(r, at)
        if found is None:
            r.at = max(r.at, at) if descending else r.at
            if not r.q.order and descending:
                r.q.order.append((r.q.items[-1], True)) if r.q.items else None
            return True
        by, r.at = found
        turned = r.sense(r.at, Op.DESC, Op.ASC) and not r.word(r.at).endswith((" of", " by"))
        if turned:
            descending = r.sense(r.at, Op.DESC)
        r.q.order.append((by, descending))
        if turned:
            _turn_ages(r, r.at)
            r.at += 1
        if not (r.sense(r.at, Op.AND, Op.COMMA) and _orderable(r, r.skip(r.at + 1))):
            return True
        r.at += 1


_ONES = frozenset({"ones", "one", "with", "that", "having", "those", "who", "which", "has", "have"})


def _turn_ages(r: Reader, at: int) -> None:
    """`from old to young` is down for ages and up for dates of birth."""
    if {"old", "young", "oldest", "youngest"} & set(r.word(at).split()) and _born(r):
        by, descending = r.q.order[-1]
        r.q.order[-1] = (by, not descending)


def _orderable(r: Reader, at: int) -> bool:
    return r.names_column(at) and not r.sense(at + 1, Op.COMPARE)


def _alphabetical(r: Reader) -> bool:
    at = r.skip(r.at + 1, Op.BY)
    named = r.names_column(at) or (r.names_table(at) and r.names_column(at + 1))
    found = ranked_at(r, at) if named else None
    by: Item | None = found[0] if found else None
    r.at = found[1] if found else r.at + 1
    descending = False
    if r.sense(r.at, Op.DESC, Op.ASC):
        descending = r.sense(r.at, Op.DESC)
        r.at += 1
    if by is None and (r.q.order or not r.q.items):
        r.alphabetical = not r.q.order
        return True
    r.q.order.append((by if by is not None else r.q.items[0], descending))
    return True


def _direction(r: Reader, *, descending: bool) -> bool:
    """`descending` after its column, or `in descending order of` before it."""
    at = r.skip(r.at + 1, Op.BY)
    if {"old", "young", "oldest", "youngest"} & set(r.word(r.at).split()):
        descending = descending is not _born(r)
    linked = r.word(r.at).endswith((" of", " by")) or at > r.at + 1
    found = ranked_at(r, at) if linked else None
    if found is not None:
        r.q.order.append((found[0], descending))
        r.at = found[1]
    elif r.q.order:
        r.q.order[-1] = (r.q.order[-1][0], descending)
        r.at += 1
    elif r.q.items:
        r.q.order.append((r.q.items[-1], descending))
        r.at += 1
    else:
        return False
    return True


def _born(r: Reader) -> bool:
    """The order goes by a date or year, which is early for what is old."""
    by = r.q.order[-1][0] if r.q.order else None
    slot = next((s for s in r.slots if s.expr == by), None)
    field = slot.options[0].field if slot is not None and slot.options else None
    return field is not None and (field.is_date or not field.stems.isdisjoint(_DATES))


_DATES = frozenset({"date", "year", "birth", "born", "found"})


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


def _directs(r: Reader) -> bool:
    """`from the most recent to the oldest`, `starting with the highest`."""
    before = {r.word(r.back(r.at)), r.word(r.at - 1)}
    if not r.q.order:
        # `for each title, those with the highest pay`
        before -= {"with"}
    return not before.isdisjoint(_BEGINNINGS)


_BEGINNINGS = frozenset({"from", "starting", "starting from", "starting with", "beginning", "with"})
_BEGINNINGS |= {"beginning with", "starting in"}


def _directed(r: Reader, rank: "_Rank") -> bool:
    if not r.q.order:
        r.q.order.append((r.q.keys.pop(), False))
    by, _ = r.q.order[-1]
    r.q.order[-1] = (by, rank.descending)
    r.at += 1
    while r.at < len(r.segments) and not r.sense(r.at, Op.COMMA, Op.AND, Op.RELATIVE):
        r.at += 1
    return True


@dataclass(frozen=True)
class _Rank:
    descending: bool
    text: str
    sense: Sense


def extreme(r: Reader, descending: bool, text: str, at: int) -> bool:
    """`with the maximum salary`: the same as the highest."""
    return _most(r, _Rank(descending, text, Sense(Op.SUPERLATIVE)), at)


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
        return _directed(r, _Rank(sense.arg == "desc", s.text, sense))
    at = r.skip(r.at + 1)
    number = r.number(at)
    if isinstance(number, int) and 0 < number <= 1000 and not r.names_column(at):
        r.limit = number
        at = r.skip(at + 1)
    return ranked(r, sense, at)


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
    rank = _Rank(sense.arg == "desc", r.segments[r.at].text, sense)
    if sense.rows:
        return _common(r, rank, at)
    if sense.hints and not (rank.text.lower().endswith(_MOST) and noun_at(r, at) is not None):
        return _hinted(r, rank, at)
    # `paid the most fees` says itself what it is about.
    return _most(r, rank, at)


_MOST = ("the most", "the least")


def _limit(r: Reader, *, many: bool) -> int | None:
    """How many are wanted: as many as was said, else one unless the noun is plural."""
    limit = r.limit
    r.limit = None
    if limit is None and r.zone == ORDER:
        # `sorted by the highest price first` is an order, and all rows are wanted.
        return None
    return limit if limit is not None else 1


def _common(r: Reader, rank: _Rank, at: int) -> bool:
    """`the most common city`: groups by how many rows they have."""
    noun = noun_at(r, at)
    r.q.order.append((Agg(Func.COUNT), rank.descending))
    r.q.limit = _limit(r, many=False)
    if noun is None:
        r.at += 1
        return True
    if noun.table:
        r.q.entity = r.q.entity or noun.table
        r.q.group_tables.append(noun.table)
        r.name_table(noun.table)
        _counted_by_others(r, noun.table)
        if r.zone == SELECT and r.q.items:
            r.explain(noun.table)
    else:
        slot = r.column(noun.at, "key")
        r.q.keys.append(slot.expr)
        if r.zone == SELECT and not r.q.items:
            r.item(slot.expr)
            r.fresh = [slot]
    r.at = noun.after
    return True


def _counted_by_others(r: Reader, table: str) -> None:
    """`busiest airport`: by the rows of the one table that refers to airports."""
    others = {e.many.table.name for e in key_graph(r.schema).referred(table)} - {table}
    if len(others) == 1 and len(r.schema.tables) == 2:
        other = others.pop()
        r.q.order[-1] = (Agg(Func.COUNT, None, other, other), r.q.order[-1][1])
        r.note(f"ranked {table} by the number of {other}", 0.05)


def _hinted(r: Reader, rank: _Rank, at: int) -> bool:
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
        return _rank_by(r, rank, slot.expr)
    meant = hinted_slot(r, rank.sense.hints, "order")
    if meant is None:
        clocked = clocked_field(r)
        if clocked is None:
            return _most(r, rank, at) if " " in rank.text else False
        return _rank_by(r, rank, place_slot(r, clocked).expr, at=r.at + 1)
    if _unit_ranked(r, rank, at, meant):
        return True
    r.q.order.append((meant.expr, rank.descending))
    r.q.limit = _limit(r, many=False)
    r.at = r.skip(r.at + 1) if r.number(r.skip(r.at + 1)) is None else at
    r.zone = SELECT if not r.q.items else r.zone
    return True


def _unit_ranked(r: Reader, rank: _Rank, at: int, slot: Slot) -> bool:
    """`hottest day`, `wettest month`: the day of the row, or the month by its figures."""
    unit = unit_at(r, at)
    if unit is None or r.q.items:
        return False
    time: Expr = TIME if unit is Unit.DAY else Bucket(unit, TIME)
    r.q.items, r.q.limit = [time], _limit(r, many=False)
    r.q.order.append((slot.expr, rank.descending))
    if unit is not Unit.DAY:
        r.q.keys, r.q.totals = [time], True
        func = default_func(slot.options[0].expr, r.schema)
        r.q.order[-1] = (Agg(func, slot.expr, assumed=True), rank.descending)
    r.at = at + 1
    return True


def _most(r: Reader, rank: _Rank, at: int) -> bool:
    """`most students` counts; `highest score` takes the column."""
    s = r.segment(at)
    if s is not None and s.sense(Op.COUNT) and not s.columns:
        amount = _amount_at(r, at + 1)
        if amount is not None:
            return _by_amount(r, rank, amount)
        found = counted(r, at + 1)
        r.at = found[1] if found else at + 1
        return _rank_by(r, rank, found[0]) if found else _alone(r, rank)
    funcs = s.args(Op.AGGREGATE) if s else set()
    if s is not None and funcs and not s.columns:
        found_by = ranked_at(r, at)
        if found_by is not None:
            r.at = found_by[1]
            return _rank_by(r, rank, found_by[0])
    computed = computed_at(r, at)
    if computed is not None:
        r.at = computed.after
        return _rank_by(r, rank, computed.make("order"))
    noun = noun_at(r, at)
    if noun is None:
        amount = _amount_at(r, at)
        if amount is not None:
            return _by_amount(r, rank, amount)
        r.at += 1
        return _alone(r, rank)
    if noun.table:
        return _most_rows(r, rank, noun.table, noun.text, noun.after)
    field = r.segments[noun.at].columns[0].field
    if not field.ranked and not rank.sense.size:
        slot = r.column(noun.at, "counted")
        r.at = noun.after
        return _rank_by(r, rank, Agg(Func.COUNT, slot.expr, noun=noun.text))
    slot = r.column(noun.at, "order", "number")
    r.at = noun.after
    r.q.totals = rank.descending and not rank.sense.size
    following = r.names_table(noun.after)
    if following and any(o.field.table.name == following for o in slot.options):
        # `the most expensive product`: the word says what the rows are ordered by.
        r.q.entity, r.q.totals = r.q.entity or following, False
    return _rank_by(r, rank, slot.expr)


def _each(text: str) -> bool:
    """`in every`, `per`: groups, and no order."""
    return text.lower().split()[-1] in ("each", "every", "per", "across", "different")


_PASSED = 2
"""Words that were not understood between a word of order and its column."""


def _amount_at(r: Reader, at: int) -> int | None:
    """`the least number of people served`: the column of amounts in a table by itself."""
    if len(r.schema.tables) > 1:
        return None
    at = r.skip(at)
    for _ in range(_PASSED):
        s = r.segment(at)
        if s is None or r.names_column(at) or s.senses or s.values or not s.text.isalpha():
            break
        at = r.skip(at + 1)
    if not r.names_column(at):
        return None
    field = r.segments[at].columns[0].field
    return at if field.ranked and not field.identifier else None


def _by_amount(r: Reader, rank: _Rank, at: int) -> bool:
    slot = r.column(at, "order", "number")
    r.at = at + 1
    return _rank_by(r, rank, slot.expr)


def _most_rows(r: Reader, rank: _Rank, table: str, text: str, after: int) -> bool:
    r.name_table(table)
    r.at = after
    if rank.sense.size and (not r.q.items or r.fresh):
        found = ranked_at(r, after + 1) if r.word(after) == "by" else None
        if found is not None:
            # `biggest loans by fee`
            r.q.entity = r.q.entity or table
            r.q.order.append((found[0], rank.descending))
            r.q.limit = r.limit if plural(text) else _limit(r, many=False)
            r.limit, r.at = None, found[1]
            return True
    if rank.sense.size and (not r.q.items or r.fresh) and not plural(text):
        slot = hinted_slot(r, _SIZES, "order")
        by = slot.expr if slot is not None else worth(r, table, f"{rank.text} {text}", "order")
        if by is not None:
            r.q.entity = r.q.entity or table
            r.q.order.append((by, rank.descending))
            r.q.limit = _limit(r, many=False)
            return True
    return _rank_by(r, rank, Agg(Func.COUNT, None, table, text))


def _alone(r: Reader, rank: _Rank) -> bool:
    """`which city has the most?`: by what was measured, else by how many rows there are."""
    measured: Item | None = next((i for i in reversed(r.q.items) if isinstance(i, Agg)), None)
    by = measured or _whole(r) or Agg(Func.COUNT)
    r.q.order.append((by, rank.descending))
    r.q.limit = _limit(r, many=False)
    return True


def _whole(r: Reader) -> Item | None:
    """In a table by itself the number that was named in passing, else the column of totals:
    `which nation won the most medals`."""
    if len(r.schema.tables) > 1:
        return None
    loose = [x for x in r.loose if x.options and x.options[0].field.ranked]
    if loose:
        return loose[-1].expr
    totals = [f for f in r.schema.fields.values() if f.numeric and f.stems <= lexicon().whole]
    return Col(totals[0].key) if len(totals) == 1 else None


def _directed_by(r: Reader, rank: _Rank, by: Item) -> bool:
    """True for a descending order; the highest rank and the best time are small numbers."""
    slot = next((x for x in r.slots if x.expr == by and x.options), None)
    if slot is None or len(r.schema.tables) > 1:
        return rank.descending
    field = slot.options[0].field
    if field.clocked:
        return paced(rank.text, descending=rank.descending)
    return rank.descending is not (ranking(field) and rank.sense.size)


def _rank_by(r: Reader, rank: _Rank, by: Item, *, at: int | None = None) -> bool:
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
    r.q.limit = _limit(r, many=False)
    return True


def top_rule(r: Reader) -> bool:
    """`top 3`, `first 5`, `bottom ten`: a number of rows."""
    s = r.segments[r.at]
    sense = s.sense(Op.TOP)
    if sense is None or s.columns:
        return False
    at = r.skip(r.at + 1)
    number = r.number(at)
    if not isinstance(number, int) and (_top_value(r, sense, at) or _done_last(r, sense)):
        return True
    if not isinstance(number, int):
        return sense.arg in ("desc", "asc") and _top_alone(r, at, descending=sense.arg == "desc")
    r.limit = number
    r.at = at + 1
    if sense.arg in ("first", "last"):
        _by_time(r, descending=sense.arg == "last")
    if sense.arg in ("desc", "asc"):
        r.topped = sense.arg == "desc"
        _top(r, descending=sense.arg == "desc")
    return True


def _by_time(r: Reader, *, descending: bool) -> None:
    """`first 5 loans by date`: the order of the days."""
    for at in range(r.at, len(r.segments) - 1):
        after = r.skip(at + 1)
        if r.word(at) != "by" or r.ends(at) or not has_dates(r):
            continue
        s = r.segment(after)
        dated = s is not None and s.columns and s.columns[0].field.is_date
        by: Expr | None = r.column(after, "order", "time").expr if dated else None
        by = TIME if by is None and r.word(after) in ("date", "day", "time") else by
        if by is not None:
            r.q.order.append((by, descending))
            r.segments = [*r.segments[:at], *r.segments[after + 1 :]]
            return


def _top_value(r: Reader, sense: Sense, at: int) -> bool:
    """`the average salary and the top salary`: the extreme beside other measures."""
    measured = bool(r.q.items) and all(isinstance(i, Agg) for i in r.q.items)
    if not (measured and r.link and sense.arg in ("desc", "asc") and r.names_column(at)):
        return False
    slot = r.column(at, "measure", "number")
    r.item(Agg(Func.MAX if sense.arg == "desc" else Func.MIN, slot.expr))
    r.link, r.at = "", at + 1
    return True


def _done_last(r: Reader, sense: Sense) -> bool:
    """`the 3 employees hired last`: in the order of the date that was named."""
    slot = r.slots[-1] if r.slots else None
    if slot is None or slot.at != r.at - 1 or sense.arg not in ("first", "last") or not r.limit:
        return False
    if not slot.options or not slot.options[0].field.is_date:
        return False
    slot.role, slot.want = "order", "time"
    r.q.items = [i for i in r.q.items if i != slot.expr]
    r.q.order.append((slot.expr, sense.arg == "last"))
    r.q.limit, r.limit = r.limit, None
    r.at += 1
    return True


def _top_alone(r: Reader, at: int, *, descending: bool) -> bool:
    """`top member by total fee`: one; of several, all in this order."""
    s = r.segment(at)
    if s is None or not (s.columns or s.tables) or r.word(at + 1) not in ("by", "in terms of"):
        return False
    r.limit = None if plural(s.text) else 1
    r.at = at
    before = len(r.q.order)
    _top(r, descending=descending)
    return len(r.q.order) > before


def _top(r: Reader, *, descending: bool) -> None:
    """Without a word of order `top 3 cities by sales` means descending by what comes after."""
    for at in range(r.at, len(r.segments)):
        s = r.segments[at]
        if s.sense(Op.SUPERLATIVE) and not s.columns:
            return
        if s.sense(Op.SORT) or (s.sense(Op.BY) and not _each(s.text) and not s.columns):
            before = at
            found = ranked_at(r, at + 1)
            if found is None:
                return
            by, after = found
            r.q.totals = True
            r.q.order.append((by, descending))
            r.q.limit = r.limit
            r.limit = None
            r.segments = [*r.segments[:before], *r.segments[after:]]
            return
    at = r.skip(r.at)
    if r.zone in (SELECT, TEST) and r.names_column(at):
        field = r.segments[at].columns[0].field
        if field.ranked and not field.identifier:
            # `the top 5 scores` are the highest, and they are shown.
            slot = r.column(at, "order", "number")
            r.q.order.append((slot.expr, descending))
            r.q.limit, r.limit = r.limit, None
            r.at = at + (r.zone == TEST)


def number_limit(r: Reader) -> bool:
    """`show 5 students`, `the names of the 3 youngest`: a number of rows."""
    number = r.number(r.at)
    keyed = r.zone == GROUP and r.keyed and bool(r.names_table(r.skip(r.at + 1)))
    # `for each title the two employees with …`
    if not isinstance(number, int) or number < 1 or r.q.where:
        return False
    if not keyed and r.zone != SELECT:
        return False
    r.zone = SELECT
    if r.q.items and not r.sense(r.skip(r.at + 1), Op.SUPERLATIVE):
        return False
    r.limit = number
    r.at += 1
    return True
