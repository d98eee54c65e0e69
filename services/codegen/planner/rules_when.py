"""Grammar rules for time: periods, months, ranges."""

from dataclasses import dataclass

from services.codegen.planner.frame import TIME
from services.codegen.planner.lexicon import Op
from services.codegen.planner.parse import Parse
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
from services.codegen.planner.schema import NUMBERS


@dataclass(frozen=True)
class When:
    """A period, or a month of any year."""

    period: Period | None = None
    month: int | None = None
    year: int | None = None


_ENDS = {"to", "until", "through", "till", "and"}


def when_at(p: Parse, at: int) -> When | None:
    """The time that is named at `at`; a bare year only where some table knows about time."""
    s = p.segment(at)
    if s is None:
        return None
    if s.period:
        return When(period=s.period)
    if s.year and not s.columns and (year_field(p) or has_dates(p)):
        return When(period=year_period(s.year), year=s.year)
    if s.month and has_dates(p) and not (s.values and s.senses):
        return When(month=s.month)
    return None


def has_dates(p: Parse) -> bool:
    return any(f.is_date for f in p.schema.fields.values())


def year_field(p: Parse) -> str | None:
    """A column of years as numbers."""
    for f in p.schema.fields.values():
        if f.profile.type in NUMBERS and f.stems == {"year"}:
            return f.key
    return None


def period_rule(p: Parse) -> bool:
    """`in 2014`, `since March 2015`, `between … and …`, `from … to …`, `in January`."""
    s = p.segments[p.at]
    if s.sense(Op.BETWEEN) or "from" in (t.lower for t in s.tokens):
        ranged = range_at(p, p.skip(p.at + 1))
        if ranged is not None:
            low, high, after = ranged
            p.add(between(p, low, high, _time(p, low)))
            p.at = after
            return True
    temporal = s.sense(Op.TEMPORAL)
    if temporal is not None:
        return _compared(p, CompareOp(_OPS[temporal.arg]))
    when = when_at(p, p.at)
    if when is None:
        return False
    ranged = range_at(p, p.at) if not p.sense(p.at + 1, Op.AND) else None
    if ranged is not None:
        p.add(between(p, ranged[0], ranged[1], _time(p, ranged[0])))
        p.at = ranged[2]
        return True
    p.add(within(p, when, _time(p, when)), value=when.month is not None, field=_tag(when))
    p.at += 1
    return True


_OPS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def _compared(p: Parse, op: CompareOp) -> bool:
    at = p.skip(p.at + 1)
    when = when_at(p, at)
    if when is None:
        return False
    p.add(compared(p, op, when, _time(p, when)))
    p.at = at + 1
    return True


def range_at(p: Parse, at: int) -> tuple[When, When, int] | None:
    """Two times with `to`, `until` or `and` between them, and the position after."""
    low = when_at(p, at)
    link = p.segment(at + 1)
    if low is None or link is None:
        return None
    if link.tokens[0].lower not in _ENDS and not link.sense(Op.MINUS):
        return None
    end = p.skip(at + 2)
    high = when_at(p, end)
    if high is not None and high.period and low.month:
        # `June to August 2013`: the year holds for both.
        low = When(period=month_period(high.period.first.year, low.month))
    if high is None or (low.month is None) != (high.month is None):
        return None
    return low, high, end + 1


def _time(p: Parse, when: When) -> Expr:
    """The date column, or the column of years where there is no date."""
    years = year_field(p)
    return Col(years) if years and when.year and not has_dates(p) else TIME


def _tag(when: When) -> str | None:
    if when.month is not None:
        return "@month"
    return "@period" if when.period else None


def _numeric(p: Parse, of: Expr) -> bool:
    return isinstance(of, Col) and of.name in p.schema.fields and not p.field(of.name).is_date


def within(p: Parse, when: When, of: Expr) -> Predicate:
    """The time lies in `when`."""
    if when.month is not None:
        return Compare(CompareOp.EQ, Bucket(Unit.MONTH_OF_YEAR, of), Lit(when.month))
    period = when.period
    assert period is not None
    if _numeric(p, of) and when.year:
        return Compare(CompareOp.EQ, of, Lit(when.year))
    return Between(of, Lit(period.first), Lit(period.end), half_open=True)


def compared(p: Parse, op: CompareOp, when: When, of: Expr) -> Predicate:
    """The time lies before or after `when`; `after 2014` begins with 2015."""
    if when.month is not None:
        return Compare(op, Bucket(Unit.MONTH_OF_YEAR, of), Lit(when.month))
    period = when.period
    assert period is not None
    if _numeric(p, of) and when.year:
        return Compare(op, of, Lit(when.year))
    match op:
        case CompareOp.GT:
            return Compare(CompareOp.GE, of, Lit(period.end))
        case CompareOp.LE:
            return Compare(CompareOp.LT, of, Lit(period.end))
        case CompareOp.EQ:
            return within(p, when, of)
    return Compare(op, of, Lit(period.first))


def between(p: Parse, low: When, high: When, of: Expr) -> Predicate:
    """From the beginning of `low` to the end of `high`."""
    if low.month is not None and high.month is not None:
        return _months(low.month, high.month, of)
    assert low.period is not None
    assert high.period is not None
    if _numeric(p, of) and low.year and high.year:
        return Between(of, Lit(low.year), Lit(high.year))
    return Between(of, Lit(low.period.first), Lit(high.period.end), half_open=True)


def _months(low: int, high: int, of: Expr) -> Predicate:
    month = Bucket(Unit.MONTH_OF_YEAR, of)
    if low <= high:
        return Between(month, Lit(low), Lit(high))
    return AnyOf((Compare(CompareOp.GE, month, Lit(low)), Compare(CompareOp.LE, month, Lit(high))))
