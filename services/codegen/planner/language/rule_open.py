"""Rules for open questions: `analyse sales`, `sales trends`, `join customers and orders`."""

from services.codegen.planner.language.defaults import averaged
from services.codegen.planner.language.expressions import expression_at
from services.codegen.planner.language.query import TIME, Agg, Item
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.language.times import has_dates
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Bucket, Col, Expr, Func, Unit
from services.codegen.planner.schema import Field, Schema

_CATEGORY = range(2, 31)
"""Distinct values of a column that makes readable groups."""
_MEASURES = 3


def open_rule(r: Reader) -> bool:
    """`analyse the orders`: the main measures by the main category, with the profile in words."""
    s = r.segments[r.at]
    if not s.sense(Op.VAGUE) or s.columns or s.values or r.q.items:
        return False
    r.vague = True
    r.at += 1
    r.asking = True
    return True


def trend_rule(r: Reader) -> bool:
    """`sales trends`, `price over time`: along the months."""
    s = r.segments[r.at]
    if not s.sense(Op.TREND) or s.columns or not has_dates(r):
        return False
    r.trend = True
    r.at += 1
    said = expression_at(r, r.at) if not r.q.items else None
    if said is not None:
        r.item(said.make("measure"))
        r.at = said.after
    return True


def join_rule(r: Reader) -> bool:
    """`join customers and orders`: the joined rows."""
    s = r.segments[r.at]
    if not s.sense(Op.JOIN) or s.values or r.q.items or r.zone != SELECT:
        return False
    if s.columns and s.columns[0].exact and not r.names_table(r.skip(r.at + 1)):
        return False
    tables = [r.names_table(at) for at in range(r.at + 1, len(r.segments))]
    found = list(dict.fromkeys(t for t in tables if t))
    if len(found) < 2:
        return False
    r.joins = found
    r.at += 1
    return True


def opened(r: Reader) -> None:
    """What an open question shows, once all of it has been read."""
    if r.joins and not r.q.items:
        r.q.items = [Col(f.key) for t in r.joins for f in r.schema.of(t)]
        r.q.entity = ""
        r.q.tables = list(r.joins)
    if r.trend and not any(isinstance(k, Bucket) for k in r.q.keys):
        r.q.keys.insert(0, Bucket(Unit.MONTH, TIME))
        r.note("read the trend as the figures of each month", 0.05)
        _main_measure(r)
    if r.vague and not any(isinstance(i, Agg) for i in r.q.items):
        _overview(r)


def _main_measure(r: Reader) -> None:
    if r.q.items:
        return
    table = _table(r)
    numbers = main_numbers(r.schema, table)[:1]
    r.q.items = [Col(f.key) for f in numbers] or [Agg(Func.COUNT, None, table)]


def _table(r: Reader) -> str:
    return r.q.entity or next(iter(r.q.tables), "") or next(iter(r.schema.tables), "")


def _overview(r: Reader) -> None:
    q, schema = r.q, r.schema
    named = [x.options[0].field for x in r.slots if x.kind == "column" and x.options]
    table = q.entity or (named[0].table.name if named else _table(r))
    numbers = [f for f in named if f.numeric] or main_numbers(schema, table)
    category = [f for f in named if not f.numeric and not f.is_date] or _category(schema, table)
    keys: list[Expr] = [Col(category[0].key)] if category else []
    by = repr(category[0].name) if category else "nothing: one row over everything"
    if not keys and schema.dates(table):
        keys, by = [Bucket(Unit.MONTH, TIME)], "month"
    q.keys = q.keys or keys
    items: list[Item] = [Agg(Func.COUNT, None, table, "rows")]
    for f in numbers:
        items += [Agg(func, Col(f.key)) for func in _functions(f)]
    q.items = items
    q.tables = list(dict.fromkeys([*q.tables, table]))
    names = ", ".join(f.name for f in numbers) or "the number of rows"
    r.note(f"read the open question as: {names} of {table} by {by}", 0.2)
    r.note(_profile(schema, table))
    if schema.dates(table) and category:
        r.note("ask `by month` for the same figures along time")


def _profile(schema: Schema, table: str) -> str:
    """Rows, columns, gaps and ranges, as the catalog has seen them."""
    profile, fields = schema.tables[table], schema.of(table)
    rows = f"{profile.rows:,}" if profile.rows is not None else f"{profile.sampled_rows:,} or more"
    gaps = [f"{f.name} {f.profile.nulls:,}" for f in fields if f.profile.nulls]
    ranges = [
        f"{f.name} {f.profile.minimum} to {f.profile.maximum}"
        for f in fields
        if f.profile.minimum is not None and (f.numeric or f.is_date) and not f.identifier
    ]
    missing = ", ".join(gaps) or "none"
    return (
        f"profile of {table}: {rows} rows, {len(fields)} columns; "
        f"missing in the sample: {missing}; ranges: {'; '.join(ranges) or 'none'}"
    )


def _functions(f: Field) -> tuple[Func, ...]:
    return (Func.AVG, Func.MIN, Func.MAX) if averaged(f) else (Func.SUM, Func.AVG, Func.MAX)


def main_numbers(schema: Schema, table: str) -> list[Field]:
    """The columns that a table measures, those of the whole first; no keys and no places."""
    fields = [f for f in schema.of(table) if f.numeric and not f.identifier]
    keys = {n for t in schema.nouns.values() for n in t}
    fields = [f for f in fields if f.stems.isdisjoint(_PLACES) and not f.stems <= keys]
    whole = [f for f in fields if not f.stems.isdisjoint(lexicon().whole)]
    return list(dict.fromkeys([*whole, *fields]))[:_MEASURES]


_PLACES = frozenset({"latitud", "longitud", "lat", "lon", "lng", "year", "id"})


def _category(schema: Schema, table: str) -> list[Field]:
    fields = [f for f in schema.of(table) if not f.numeric and not f.is_date]
    fields = [f for f in fields if f.profile.distinct in _CATEGORY]
    return sorted(fields, key=lambda f: f.profile.distinct)[:1]
