"""Rules for time counted back from the newest date of the data: `last 3 months`, `latest year`."""

from collections.abc import Callable
from datetime import date, timedelta

from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.times import as_date, when_at
from services.codegen.planner.lexicon import Op
from services.codegen.planner.periods import (
    Period,
    month_period,
    months_before,
    quarter_period,
    year_period,
)
from services.codegen.planner.plan import Between, Col, Compare, CompareOp, Lit, Predicate, Unit
from services.codegen.planner.schema import Field

_BACK = frozenset({"last", "the last", "past", "previous", "recent", "most recent", "latest"})
_NEWEST = frozenset({"latest", "most recent", "newest", "current"})
_BEFORE = frozenset({"last", "the last", "previous"})
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def recent_rule(r: Reader) -> bool:
    """`in the last 30 days`, `latest month`: programs know no today, so the newest date counts."""
    at = r.skip(r.at + 1) if r.word(r.at) in ("over", "within", "during") else r.at
    word = r.word(at)
    if word not in _BACK | _NEWEST:
        return False
    return _some_units(r, at) or _one_unit(r, at)


def _some_units(r: Reader, at: int) -> bool:
    count, unit = r.number(at + 1), _unit(r, at + 2)
    if not isinstance(count, int) or not 1 <= count <= 10_000 or unit is None:
        return False
    said = f"{r.word(at)} {count} {r.word(at + 2)}"
    field, newest = _newest(r, said, at + 3)
    if field is None or newest is None:
        r.at = at + 3
        return True
    if unit in _MONTHS:
        first = months_before(newest, count * _MONTHS[unit]) + timedelta(days=1)
    else:
        first = newest - timedelta(days=count * _DAYS[unit] - 1)
    r.note(f"read {said!r} as from {first} to the newest date of {field.name!r}, {newest}", 0.05)
    return _add(r, Compare(CompareOp.GE, Col(field.key), Lit(first)), at + 3)


def _one_unit(r: Reader, at: int) -> bool:
    """`latest month`: the calendar month of the newest date; `last month`: the same."""
    unit = _unit(r, at + 1)
    if unit not in (Unit.MONTH, Unit.QUARTER, Unit.YEAR) or _named(r, at + 1):
        return False
    if r.at > 0 and r.sense(r.at - 1, Op.WH):
        return False
    said = f"{r.word(at)} {r.word(at + 1)}"
    field, newest = _newest(r, said, at + 2)
    if field is None or newest is None:
        return r.problem is not None and _past(r, at + 2)
    period = _PERIODS[unit](newest)
    r.note(f"read {said!r} as the {unit.value} of the newest date of {field.name!r}, {newest}", 0.1)
    where = Between(Col(field.key), Lit(period.first), Lit(period.end), half_open=True)
    return _add(r, where, at + 2)


def _past(r: Reader, after: int) -> bool:
    r.at = after
    return True


def _named(r: Reader, at: int) -> bool:
    """A column of the data is called so."""
    s = r.segment(at)
    return s is not None and bool(s.columns) and s.columns[0].exact


_PERIODS: dict[Unit, Callable[[date], Period]] = {
    Unit.YEAR: lambda d: year_period(d.year),
    Unit.QUARTER: lambda d: quarter_period(d.year, (d.month + 2) // 3),
    Unit.MONTH: lambda d: month_period(d.year, d.month),
}


def _unit(r: Reader, at: int) -> Unit | None:
    s = r.segment(at)
    sense = s.sense(Op.UNIT) if s is not None else None
    unit = Unit(sense.arg) if sense is not None else None
    return unit if unit in _MONTHS or unit in _DAYS else None


def _add(r: Reader, where: Predicate, after: int) -> bool:
    r.test(where)
    r.at = after
    return True


def _newest(r: Reader, said: str, after: int) -> tuple[Field | None, date | None]:
    """The one date column and its newest date; else the reading has a problem."""
    dates = [f for f in r.schema.fields.values() if f.is_date]
    named = [t for t in r.q.tables if any(f.table.name == t for f in dates)]
    near = [f for f in dates if f.table.name in named] or dates
    within = r.word(after) in ("of", "in") and when_at(r, after + 1) is not None
    field = near[0] if len(near) == 1 and not within else None
    newest = _known_newest(field) if field is not None else None
    if newest is None:
        r.problem = (
            f"There is no single, known newest date from which to count `{said}` back.",
            "Name the time itself, as in `since March 2024` or `between … and …`.",
        )
    return field, newest


def _known_newest(field: Field) -> date | None:
    """Known only where the sample is the whole table."""
    if field.table.rows is None or field.table.rows > field.table.sampled_rows:
        return None
    return as_date(field.profile.maximum)
