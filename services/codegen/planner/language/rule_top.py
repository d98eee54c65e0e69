"""Rules for so many of the best: `top 3`, `the first 5`, `3 cities`."""

from services.codegen.planner.language.mosts import each
from services.codegen.planner.language.query import TIME, Agg
from services.codegen.planner.language.ranking import ranked_at
from services.codegen.planner.language.reader import GROUP, SELECT, TEST, Reader, bare, plural
from services.codegen.planner.language.rule_measures import counted
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.lexicon import Op, Sense
from services.codegen.planner.plan import Expr, Func
from services.codegen.planner.words import Token


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
        r.cut = r.ends(r.at) and bool(r.q.keys)
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


def _unknown_at(r: Reader, at: int) -> tuple[Token, ...]:
    """The words at `at` if nothing is known of them."""
    s = r.segment(at)
    return s.tokens if s is not None and bare(s) and not s.senses and s.number is None else ()


def _top(r: Reader, *, descending: bool) -> None:
    """Without a word of order `top 3 cities by sales` means descending by what comes after."""
    for at in range(r.at, len(r.segments)):
        s = r.segments[at]
        if s.sense(Op.SUPERLATIVE) and not s.columns:
            return
        if s.sense(Op.SORT) or (s.sense(Op.BY) and not each(s.text) and not s.columns):
            before = at
            # `by departing flights`: the join knows which flights are meant.
            by_what = r.skip(at + 1, Op.ROLE) if r.names_table(r.skip(at + 1, Op.ROLE)) else at + 1
            found = ranked_at(r, by_what)
            if found is None and r.names_table(r.skip(by_what)):
                # `top 3 states by strikes`: by how many rows of that table there are.
                found = counted(r, by_what)
            if found is None:
                # Cut off without an order the rows would be any: what was said has no meaning.
                r.essential += [t.text for t in _unknown_at(r, r.skip(at + 1))]
                return
            by, after = found
            r.q.totals = True
            # `top 5 states by number of flights`: a measure that is named so is shown as well.
            r.shows_rank = isinstance(by, Agg) and s.text.lower() == "by"
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
