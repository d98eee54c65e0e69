"""What a vague `analyse X` becomes: the main measures by the main category or by time."""

from services.codegen.planner.frame import TIME, Frame, MeasureAsk, columns_of
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.plan import Bucket, Col, Expr, Func, Unit
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Field, Schema

_CATEGORY = range(2, 31)
"""Distinct values of a column that makes readable groups."""
_MEASURES = 3


def overview(frame: Frame, query: Query, schema: Schema, named: list[Expr]) -> None:
    """Fill `query`; what was chosen is stated as an assumption."""
    keys = [schema.fields[k] for e in named for k in columns_of(e) if k in schema.fields]
    tables = [f.table.name for f in keys] or frame.tables or list(schema.tables)
    if not tables:
        frame.unplaced.append("(what to analyse)")
        return
    table = tables[0]
    numbers = [f for f in keys if f.numeric] or _main_numbers(schema, table)
    category = [f for f in keys if not f.numeric and not f.is_date] or _main_category(schema, table)
    if category:
        query.keys = [Col(category[0].key)]
        by = repr(category[0].name)
    elif schema.dates(table):
        query.keys = [Bucket(Unit.MONTH, TIME)]
        by = "month"
    else:
        by = "nothing: one row over everything"
    query.measures = [MeasureAsk(Func.COUNT, None, table, "rows")]
    for field in numbers:
        query.measures += [MeasureAsk(f, Col(field.key)) for f in _functions(field)]
    query.sort = [(k, False) for k in query.keys]
    names = ", ".join(f.name for f in numbers) or "the number of rows"
    frame.note(f"read the open question as: {names} of {table} by {by}", 0.2)


def _functions(field: Field) -> tuple[Func, ...]:
    averaged = not field.stems.isdisjoint(lexicon().averaged)
    return (Func.AVG, Func.MIN, Func.MAX) if averaged else (Func.SUM, Func.AVG, Func.MAX)


def _main_numbers(schema: Schema, table: str) -> list[Field]:
    fields = [f for f in schema.of(table) if f.numeric and not f.identifier]
    places = {"latitud", "longitud"}
    fields = [f for f in fields if f.stems.isdisjoint(places)]
    whole = [f for f in fields if not f.stems.isdisjoint(lexicon().whole)]
    return list(dict.fromkeys([*whole, *fields]))[:_MEASURES]


def _main_category(schema: Schema, table: str) -> list[Field]:
    fields = [f for f in schema.of(table) if not f.numeric and not f.is_date]
    fields = [f for f in fields if f.profile.distinct in _CATEGORY]
    return sorted(fields, key=lambda f: f.profile.distinct)[:1]
