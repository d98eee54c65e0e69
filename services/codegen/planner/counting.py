"""What is counted: rows of which table, or the sum of its column of counts."""

from dataclasses import replace

from services.codegen.planner.frame import TIME, Frame, MeasureAsk
from services.codegen.planner.plan import Col, Func
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Schema


def count_asked(measure: MeasureAsk, query: Query, frame: Frame, schema: Schema) -> MeasureAsk:
    """`measure` with its table; a table whose rows stand for many things sums their number."""
    if measure.func is not Func.COUNT or measure.of is not None:
        return measure
    table = measure.table or _table(query, frame, schema)
    if not table:
        return measure
    field = schema.row_count(table)
    if not (measure.noun or measure.table or frame.rank):
        frame.note(f"nothing was named to be counted: counted the rows of {table}", 0.08)
    if field is None or measure.noun == "rows":
        counted = replace(measure, table=table)
    else:
        noun = measure.noun or table
        note = f"the number of {noun} is the sum of column {field.name!r} of {table}"
        frame.note(note, 0.02)
        counted = MeasureAsk(Func.SUM, Col(field.key), table, noun)
    query.sort = [(counted if by == measure else by, desc) for by, desc in query.sort]
    query.having = [
        replace(h, measure=counted) if h.measure == measure else h for h in query.having
    ]
    return counted


def _table(query: Query, frame: Frame, schema: Schema) -> str:
    """The table that the rest of the question is about."""
    used = [schema.fields[k].table.name for k in query.fields() if k != TIME.name]
    named = frame.tables or used or list(schema.tables)
    return named[0] if len(set(named)) == 1 or frame.tables else used[0] if used else ""
