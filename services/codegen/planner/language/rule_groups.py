"""Rules for groups: `for each department`, `by month and region`, `per customer`."""

from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.query import TIME
from services.codegen.planner.language.reader import GROUP, SELECT, TEST, Reader
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Bucket, Col, Unit


def group_rule(r: Reader) -> bool:
    """`by`, `per`, `for each`: what follows are the keys."""
    s = r.segments[r.at]
    if not s.sense(Op.BY) or s.columns:
        return False
    if r.word(r.at) == "by" and _ranked_by(r):
        # `the longest boats by length` says twice what they are ranked by.
        r.at = r.skip(r.at + 1) + 1
        return True
    if r.word(r.at + 1) == "all":
        # `across all schools` makes no groups.
        return False
    at = r.skip(r.at + 1, Op.BY, Op.DISTINCT)
    if not (r.names_column(at) or r.names_table(at) or unit_at(r, at) or _listed(r, at)):
        return False
    if r.word(r.at) == "by" and (not _by_groups(r, at) or _done_by(r)):
        return False
    if r.word(r.at) == "by" and not _measured(r):
        return _listed_by(r, at)
    r.zone, r.keyed = GROUP, False
    r.link = ""
    r.at = at
    return key_rule(r)


def _ranked_by(r: Reader) -> bool:
    at = r.skip(r.at + 1)
    by = r.q.order[-1][0] if r.q.order else None
    slot = next((s for s in r.slots if s.expr == by), None)
    if slot is None or not slot.options or not r.names_column(at):
        return False
    return r.segments[at].columns[0].field is slot.options[0].field


def _listed(r: Reader, at: int) -> bool:
    return r.sense(at, Op.UNIT)


def _by_groups(r: Reader, at: int) -> bool:
    """`written by X` is no group: `by` groups where a column or time follows and no value."""
    s = r.segments[at]
    return not (s.values and not s.columns and not s.tables)


def _measured(r: Reader) -> bool:
    """True when there is something to be measured in groups."""
    if r.pending or r.q.keys or any(not isinstance(i, Col) for i in r.q.items):
        return True
    slots = [s for s in r.slots if s.expr in r.q.items]
    return not r.q.items or any(s.options[0].field.numeric for s in slots)


def _listed_by(r: Reader, at: int) -> bool:
    """`the names by year`: where nothing is measured, a list is in this order."""
    if not r.names_column(at) or not r.q.items or r.q.order:
        return False
    slot = r.column(at, "order", "number")
    r.q.order.append((slot.expr, False))
    r.sorted = True
    r.at = at + 1
    return True


def _done_by(r: Reader) -> bool:
    """`reviewed by users`: who did it makes no groups."""
    before = r.word(r.at - 1)
    s = r.segment(r.at - 1)
    known = s is not None and bool(s.sense(Op.SORT, Op.AGGREGATE, Op.COUNT))
    known = known or (s is not None and any(c.field.numeric for c in s.columns[:1]))
    return not known and (before.endswith(("ed", "en", "wn", "ought")) or before in _PASSIVE)


_PASSIVE = frozenset({"made", "held", "run", "sold", "won", "led", "taught", "built", "sung", "in"})


def key_rule(r: Reader) -> bool:
    """One key in the zone of groups."""
    if r.zone != GROUP:
        return False
    if r.q.keys and not r.link and r.word(r.at - 1) in _OTHERWISE:
        # `by region for orders above 50`: no further key.
        r.zone = TEST
        return False
    named = r.names_column(r.at) or r.names_table(r.at)
    if r.keyed and not r.link and named and r.word(r.at - 1) not in ("of", "the"):
        # `has each resident requested`: one key is enough where no list goes on.
        r.zone = SELECT
        return False
    unit = unit_at(r, r.at)
    if unit is not None:
        of = r.skip(r.at + 1) if r.word(r.at + 1) == "of" else -1
        dated = r.names_column(of) and r.segments[of].columns[0].field.is_date
        # `year of the order date`
        slot = r.column(of, "key", "time") if dated else None
        r.q.keys.append(Bucket(unit, slot.expr if slot is not None else TIME))
        r.link, r.keyed = "", True
        r.at = of + 1 if dated else r.at + 1
        return True
    table = r.names_table(r.at)
    following = r.segments[r.at + 1].columns if r.names_column(r.at + 1) else ()
    if table and any(c.field.table.name == table for c in following):
        r.attach = table
        r.at += 1
    if r.names_column(r.at) and _role_of_next(r):
        # `by destination city`: the city of the destination, which the join knows.
        r.at += 1
    if r.names_column(r.at) and _role_of_last(r):
        r.at += 1
        return True
    if r.names_column(r.at):
        slot = r.column(r.at, "key")
        r.q.keys.append(slot.expr)
        r.fresh = [slot]
        r.link, r.keyed = "", True
        r.at += 1
        return True
    if table:
        each = r.word(r.at - 1).startswith("of ")
        owned = bool(r.fresh) and _of(r)
        if owned or each:
            # `for each name of the department`, `the count and id of each product`
            r.explain(table)
        if not owned:
            r.q.group_tables.append(table)
            r.lead = "" if r.q.items else table
        r.name_table(table)
        r.link, r.keyed = "", True
        r.at += 1
        return True
    return False


_OTHERWISE = frozenset({"for", "from", "during", "among"})


def _of(r: Reader) -> bool:
    return r.word(r.at - 1) in ("of", "the", "from", "in") and not r.link


def _role_of_next(r: Reader) -> bool:
    """The column is the key of the table that the next column belongs to."""
    following = r.segment(r.at + 1)
    if following is None or not r.names_column(r.at + 1):
        return False
    mine = r.segments[r.at].columns[0].field
    theirs = following.columns[0].field.table.name
    edges = key_graph(r.schema).edges
    return any(e.many.key == mine.key and e.one.table.name == theirs for e in edges)


def _role_of_last(r: Reader) -> bool:
    """`by name of the end station`: the key says in which role the named row stands."""
    slot = r.slots[-1] if r.slots and r.q.keys and r.slots[-1].expr == r.q.keys[-1] else None
    if slot is None or not _of(r) or slot.text.lower() not in ("name", "names"):
        return False
    mine = r.segments[r.at].columns[0].field
    edge = next((e for e in key_graph(r.schema).edges if e.many is mine), None)
    if edge is None:
        return False
    slot.tables = slot.tables or (edge.one.table.name,)
    return True


def unit_at(r: Reader, at: int) -> Unit | None:
    """A unit of time to group by, unless a column carries the name or there are no dates."""
    s = r.segment(at)
    sense = s.sense(Op.UNIT, Op.PER_UNIT) if s else None
    if s is None or sense is None or not has_dates(r):
        return None
    if s.columns and s.columns[0].exact and len(s.columns[0].field.words) == 1:
        return None
    unit = Unit(sense.arg)
    following = r.segment(at + 1)
    calendar = following is not None and following.sense(Op.CALENDAR)
    return _CALENDAR.get(unit, unit) if calendar else unit


_CALENDAR = {
    Unit.MONTH: Unit.MONTH_OF_YEAR,
    Unit.QUARTER: Unit.QUARTER_OF_YEAR,
    Unit.WEEK: Unit.WEEK_OF_YEAR,
}


def per_unit_rule(r: Reader) -> bool:
    """`monthly`, `yearly`: groups by time."""
    s = r.segments[r.at]
    sense = s.sense(Op.PER_UNIT)
    if sense is None or s.columns or not has_dates(r):
        return False
    r.q.keys.append(Bucket(Unit(sense.arg), TIME))
    r.at += 1
    return True
