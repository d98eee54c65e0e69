"""Rules for time: `in 2014`, `since March 2015`, `from May to July`, `joined after 2015`."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from arclight.catalog.profile import ColumnType
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.periods import Period, month_period, year_period
from services.codegen.planner.plan import (
    AnyOf,
    Between,
    Bucket,
    Col,
    Compare,
    CompareOp,
    Expr,
    Lit,
    Predicate,
    Unit,
)
from services.codegen.planner.schema import MOSTLY_FIRST, NUMBERS, Field, Schema

_OPS = {"gt": CompareOp.GT, "ge": CompareOp.GE, "lt": CompareOp.LT, "le": CompareOp.LE}
_ENDS = frozenset({"to", "until", "through", "till", "and"})


@dataclass(frozen=True)
class When:
    """A period, or a month of any year."""

    period: Period | None = None
    month: int | None = None
    year: int | None = None
    last: int | None = None
    """The last year of a decade that begins with `year`."""


def when_at(r: Reader, at: int) -> When | None:
    """The time that is named at `at`."""
    s = r.segment(at)
    if s is None:
        return None
    if s.period:
        return When(period=s.period)
    if s.year and not s.columns:
        return When(period=year_period(s.year), year=s.year)
    decade = _DECADE.fullmatch(s.text) if not s.columns else None
    if decade is not None:
        first = int(decade[1])
        last = first + (99 if first % 100 == 0 and first < _CENTURIES else 9)
        return When(Period(date(first, 1, 1), date(last + 1, 1, 1)), year=first, last=last)
    if s.month and not s.values:
        return When(month=s.month)
    return None


_DECADE = re.compile(r"(1[5-9]\d0|20\d0)['’]?s", re.IGNORECASE)
_CENTURIES = 1900
"""`the 1800s` are a century, `the 1900s` and later ones decades."""


def past_year(r: Reader, at: int) -> int:
    """`the year of 2006`, `year 2006`: the position of the number."""
    s = r.segment(at)
    if s is not None and s.text.lower() in ("year", "years"):
        number = r.skip(at + 1)
        following = r.segment(number)
        if following is not None and following.year:
            return number
    return at


def has_dates(r: Reader) -> bool:
    """True when some column holds dates."""
    return _has_dates(r.schema)


@lru_cache(maxsize=16)
def _has_dates(schema: Schema) -> bool:
    return any(f.dated for f in schema.fields.values())


def time_test(r: Reader, at: int, after: int) -> bool:
    """`joined after 2015`, `date in March`: the column at `at` compared with a time."""
    s = r.segments[after]
    temporal = s.sense(Op.TEMPORAL) or s.sense(Op.COMPARE)
    start = past_year(r, r.skip(after + 1)) if temporal else past_year(r, after)
    when = when_at(r, start)
    if when is None or (temporal is None and when.year is not None and start > at + 1):
        return False
    fields = [c.field for c in r.segments[at].columns]
    timely = [f for f in fields if f.dated or (f.profile.type in NUMBERS and when.year)]
    if not timely:
        return False
    slot = r.column(at, "test", "time")
    slot.options = tuple(o for o in slot.options if o.field in timely)
    dated = timely[0].dated
    op = _OPS.get(temporal.arg) if temporal else None
    r.test(_place(slot.expr, when, op, dated=dated))
    r.at = start + 1
    return True


def _place(expr: Expr, when: When, op: CompareOp | None, *, dated: bool) -> Predicate:
    if not dated:
        return _years(expr, when, op)
    return compared(expr, when, op) if op else within(expr, when)


def _years(time: Expr, when: When, op: CompareOp | None) -> Predicate:
    """The test of a column of years."""
    first = when.year or 0
    last = when.last or first
    if op is None:
        same = last == first
        return (
            Compare(CompareOp.EQ, time, Lit(first))
            if same
            else Between(time, Lit(first), Lit(last))
        )
    return Compare(op, time, Lit(last if op in (CompareOp.GT, CompareOp.LE) else first))


def period_test(r: Reader) -> bool:
    """A time by itself or after `in`, `since`, `before`, `between`."""
    s = r.segments[r.at]
    if s.columns or s.tables:
        return False
    temporal = s.sense(Op.TEMPORAL) or s.sense(Op.COMPARE)
    if s.sense(Op.BETWEEN) or r.word(r.at) == "from":
        found = range_at(r, r.skip(r.at + 1))
        if found is not None and _timely(r, found[0]):
            low, high, after = found
            return _add(r, between(_time(r, low), low, high, dated=_dated(r, low)), after)
    if temporal is not None and temporal.arg in _OPS:
        at = past_year(r, r.skip(r.at + 1))
        when = when_at(r, at)
        if when is None or not _timely(r, when) or _counted_next(r, at, when):
            return False
        op = _OPS[temporal.arg]
        if not _dated(r, when):
            return _add(r, _years(_time(r, when), when, op), at + 1)
        return _add(r, compared(_time(r, when), when, op), at + 1)
    when = when_at(r, r.at)
    if when is None or not _timely(r, when) or (s.values and s.values[0].score > 0.9):
        return False
    if _counted_next(r, r.at, when):
        return False
    found = range_at(r, r.at) if not r.sense(r.at + 1, Op.AND) else None
    if found is not None:
        low, high, after = found
        return _add(r, between(_time(r, low), low, high, dated=_dated(r, low)), after)
    if not _dated(r, when):
        return _add(r, _years(_time(r, when), when, None), r.at + 1)
    return _add(r, within(_time(r, when), when), r.at + 1)


def _counted_next(r: Reader, at: int, when: When) -> bool:
    """`more than 2000 students`, `1990 broadway`: the number belongs to the noun after it."""
    nxt = r.segment(at + 1)
    return when.year is not None and nxt is not None and bool(nxt.columns or nxt.tables)


def _add(r: Reader, where: Predicate, after: int) -> bool:
    r.test(where)
    r.at = after
    return True


def _timely(r: Reader, when: When) -> bool:
    """True when some column can hold it: a date, or a year as a number."""
    return has_dates(r) or (when.year is not None and year_field(r) is not None)


def _dated(r: Reader, when: When) -> bool:
    return not (when.year is not None and year_field(r) is not None)


def year_field(r: Reader) -> str | None:
    """A column of years as numbers; None where there is a date as well or none."""
    return _year_field(r.schema)


@lru_cache(maxsize=16)
def _year_field(schema: Schema) -> str | None:
    found = [f for f in schema.fields.values() if years(f)]
    named = [f for f in found if "year" in f.stems]
    return (named or found)[0].key if found else None


def years(f: Field) -> bool:
    """True for a column of years, also where text such as `2007–08` begins with them."""
    if f.profile.type in NUMBERS:
        return "year" in f.stems or _all_years(f.profile.values)
    text = f.profile.type is ColumnType.STRING and f.profile.first_number >= MOSTLY_FIRST
    return text and not f.dated and _begin_with_years(f.profile.values)


def _all_years(values: tuple[object, ...]) -> bool:
    return bool(values) and all(isinstance(v, int) and 1500 <= v <= 2100 for v in values[:30])


def _begin_with_years(values: tuple[object, ...]) -> bool:
    found = [_YEAR.match(str(v)) for v in values[:30]]
    return sum(m is not None for m in found) >= MOSTLY_FIRST * len(found) > 0


_YEAR = re.compile(r"(1[5-9]|20)\d\d(?!\d)")


def _time(r: Reader, when: When) -> Expr:
    year = year_field(r) if when.year is not None else None
    if year:
        return Col(year)
    return _date_slot(r).expr


def _date_slot(r: Reader) -> Slot:
    """A date of the table that was named last, of another named one, or of any."""
    tables = r.inner.tables if r.inner is not None else r.q.tables
    options = []
    for f in r.schema.fields.values():
        if f.dated:
            name = f.table.name
            score = 0.9 if tables[-1:] == [name] else 0.85 if name in tables else 0.7
            options.append(Option(Col(f.key), f, score))
    slot = Slot(len(r.slots), "time", tuple(options), role="time", want="time", at=r.at)
    r.slots.append(slot)
    return slot


def range_at(r: Reader, at: int) -> tuple[When, When, int] | None:
    """Two times with `to`, `until` or `and` between them, and the position after."""
    low, link = when_at(r, at), r.segment(at + 1)
    if low is None or link is None:
        return None
    if link.tokens[0].lower not in _ENDS and not link.sense(Op.MINUS):
        return None
    end = r.skip(at + 2)
    high = when_at(r, end)
    if high is not None and high.period is not None and low.month is not None:
        # `June to August 2013`: the year holds for both.
        low = When(period=month_period(high.period.first.year, low.month))
    return (low, high, end + 1) if high is not None else None


def years_between(r: Reader, at: int, slot: Slot | None = None) -> bool:
    """`between 1995 and 1998`: years of a date, unless the column `slot` holds such numbers."""
    found = range_at(r, r.skip(at + 1)) if r.sense(at, Op.BETWEEN) else None
    if found is None or not (found[0].year and found[1].year) or not has_dates(r):
        return False
    field = slot.options[0].field if slot is not None and slot.options else None
    return field is None or not (field.numeric and years(field))


def within(time: Expr, when: When) -> Predicate:
    """The test that a date lies in the period or month."""
    if when.period is not None:
        return Between(time, Lit(when.period.first), Lit(when.period.end), half_open=True)
    return Compare(CompareOp.EQ, Bucket(Unit.MONTH_OF_YEAR, time), Lit(when.month or 0))


def compared(time: Expr, when: When, op: CompareOp) -> Predicate:
    """The test that a date lies before or after the period; `after 2014` begins with 2015."""
    if when.period is None:
        return Compare(op, Bucket(Unit.MONTH_OF_YEAR, time), Lit(when.month or 0))
    edge = when.period.end if op in (CompareOp.GT, CompareOp.LE) else when.period.first
    op = CompareOp.GE if op in (CompareOp.GT, CompareOp.GE) else CompareOp.LT
    return Compare(op, time, Lit(edge))


def between(time: Expr, low: When, high: When, *, dated: bool = True) -> Predicate:
    """From the first day of `low` to the last of `high`; not `dated` is a column of years."""
    if low.year and high.year and not dated:
        return Between(time, Lit(low.year), Lit(high.year))
    if low.period is not None and high.period is not None:
        return Between(time, Lit(low.period.first), Lit(high.period.end), half_open=True)
    month = Bucket(Unit.MONTH_OF_YEAR, time)
    first, last = low.month or 1, high.month or 12
    if first <= last:
        return Between(month, Lit(first), Lit(last))
    late = Compare(CompareOp.GE, month, Lit(first))
    return AnyOf((late, Compare(CompareOp.LE, month, Lit(last))))


def as_date(value: object) -> date | None:
    """A date from a catalog's text or value."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
