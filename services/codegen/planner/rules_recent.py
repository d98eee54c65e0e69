"""Grammar rule for time that is counted back from the newest date of the data."""

from datetime import date, timedelta

from services.codegen.planner.parse import Parse
from services.codegen.planner.periods import months_before
from services.codegen.planner.plan import Col, Compare, CompareOp, Lit, Unit
from services.codegen.planner.rules_when import when_at
from services.codegen.planner.schema import Field

_BACK = frozenset({"last", "the last", "past", "previous", "recent"})
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def recent_rule(p: Parse) -> bool:
    """`in the last 30 days`: programs know no today, so it ends with the newest date."""
    at = p.skip(p.at + 1) if p.segments[p.at].text.lower() == "over" else p.at
    word, number, unit = p.segment(at), p.segment(at + 1), p.unit(at + 2)
    if word is None or word.text.lower() not in _BACK or number is None or unit is None:
        return False
    count = number.number
    if not isinstance(count, int) or not 1 <= count <= 10_000:
        return False
    if unit not in _MONTHS and unit not in _DAYS:
        return False
    said = f"{word.text} {count} {p.segments[at + 2].text}"
    p.at = at + 3
    after = p.segment(p.at)
    within = after is not None and after.text.lower() in ("of", "in") and when_at(p, p.at + 1)
    field = None if within else _date(p)
    newest = _newest(field) if field else None
    if field is None or newest is None:
        reason = f"There is no single, known newest date from which to count `{said}` back."
        hint = "Name the time itself, as in `since March 2024` or `between … and …`."
        p.frame.impossible = (reason, hint)
        return True
    if unit in _MONTHS:
        first = months_before(newest, count * _MONTHS[unit]) + timedelta(days=1)
    else:
        first = newest - timedelta(days=count * _DAYS[unit] - 1)
    note = f"read {said!r} as from {first} to the newest date of {field.name!r}, {newest}"
    p.frame.note(note, 0.05)
    p.add(Compare(CompareOp.GE, Col(field.key), Lit(first)), field.key)
    return True


def _date(p: Parse) -> Field | None:
    """The one date column of the tables named so far, or of all."""
    named = {*p.frame.tables, *(m.table for m in p.frame.measures if m.table)}
    dates = [f for f in p.schema.fields.values() if f.is_date]
    near = [f for f in dates if f.table.name in named] or dates
    return near[0] if len(near) == 1 else None


def _newest(field: Field) -> date | None:
    """Known only where the sample is the whole table."""
    if field.table.rows is None or field.table.rows > field.table.sampled_rows:
        return None
    try:
        return date.fromisoformat(str(field.profile.maximum or "")[:10])
    except ValueError:
        return None
