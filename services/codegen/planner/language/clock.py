"""Which date a question means by month, year and so on."""

from services.codegen.planner.language.fill import fill
from services.codegen.planner.language.query import (
    TIME,
    Query,
    columns_in,
    measures_in,
    query_columns,
)
from services.codegen.planner.language.slots import Option
from services.codegen.planner.plan import Bucket, Col, Unit
from services.codegen.planner.schema import Field, Schema

_OTHER = {
    Unit.MONTH: "ask `by calendar month` for one group per month over all years",
    Unit.QUARTER: "ask `by calendar quarter` for one group per quarter over all years",
    Unit.WEEK: "ask `by week of the year` for one group per week over all years",
    Unit.MONTH_OF_YEAR: "ask `by month` for one group per month and year",
    Unit.QUARTER_OF_YEAR: "ask `by quarter` for one group per quarter and year",
    Unit.WEEK_OF_YEAR: "ask `by week` for one group per week and year",
}
_SEASONAL = {
    Unit.MONTH: Unit.MONTH_OF_YEAR,
    Unit.QUARTER: Unit.QUARTER_OF_YEAR,
    Unit.WEEK: Unit.WEEK_OF_YEAR,
}


def with_time(q: Query, schema: Schema) -> tuple[Query, list[str]]:
    """The query with its date column in place of the time, and what was assumed.

    The time is that of what is measured: the date of the loans, not of the members who took them.
    """
    if TIME.name not in query_columns(q):
        return q, []
    dates = _dates(q, schema)
    if not dates:
        return q, []
    time, notes = dates[0], []
    if len(dates) > 1:
        others = ", ".join(repr(f.name) for f in dates[1:3])
        notes.append(f"took {time.name!r} as the time; {others} would do too")
    filled = fill(q, {TIME.name: Option(Col(time.key), time, 1.0)})
    if spans_years(time):
        for key in q.keys:
            if isinstance(key, Bucket) and key.unit in _OTHER:
                said = key.unit.value.replace("_", " ")
                notes.append(f"grouped by {said}; {_OTHER[key.unit]}")
    return filled, notes


def _dates(q: Query, schema: Schema) -> list[Field]:
    """The dates near to the question, those of what is measured first."""
    used = {schema.fields[n].table.name for n in query_columns(q) if n in schema.fields}
    used |= set(q.tables) | set(q.group_tables)
    measured = set()
    for item in (*q.items, *(by for by, _ in q.order)):
        for m in measures_in(item):
            tables = {schema.fields[n].table.name for n in columns_in(m) if n in schema.fields}
            measured |= tables | {m.table} - {""}
    used |= measured
    dates = [f for f in schema.fields.values() if f.is_date]
    near = [f for f in dates if f.table.name in used] or dates
    return sorted(near, key=lambda f: f.table.name not in measured)


def spans_years(field: Field) -> bool:
    """True when the sample holds dates of several years."""
    low, high = str(field.profile.minimum or ""), str(field.profile.maximum or "")
    return bool(low and high) and low[:4] != high[:4]


def seasonal(q: Query) -> bool:
    """`usually`: the month of any year takes the place of each month. False where there is none."""
    buckets = [k for k in (*q.keys, *q.items) if isinstance(k, Bucket) and k.unit in _SEASONAL]
    if not buckets:
        return False

    q.keys = [_of_any_year(k) if isinstance(k, Bucket) else k for k in q.keys]
    q.items = [_of_any_year(i) if isinstance(i, Bucket) else i for i in q.items]
    return True


def _of_any_year(bucket: Bucket) -> Bucket:
    return Bucket(_SEASONAL.get(bucket.unit, bucket.unit), bucket.of)
