"""What is counted: rows of which table, or the sum of its column of counts."""

from dataclasses import replace

from services.codegen.planner.frame import TIME, Frame, MeasureAsk
from services.codegen.planner.joins import infer_join
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
    each = _each_once(measure, table, query, frame, schema)
    if each is not None:
        return _replaced(measure, each, query)
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
    return _replaced(measure, counted, query)


def _each_once(
    measure: MeasureAsk, table: str, query: Query, frame: Frame, schema: Schema
) -> MeasureAsk | None:
    """Customers over the rows of their orders: each customer counts once."""
    used = [schema.fields[k].table.name for k in query.fields() if k != TIME.name]
    further = [t for t in frame.tables if t not in frame.listed] if measure.noun else []
    others = [t for t in dict.fromkeys([*used, *further]) if t != table]
    join = infer_join(schema, table, others[0], frame.roles) if len(others) == 1 else None
    if join is None or join.pair.one.table.name != table or not join.pair.safe:
        return None
    if measure.noun == "rows" or schema.row_count(others[0]) is not None:
        return None
    pair = join.pair
    key = pair.many if table not in used and others[0] not in used else pair.one
    frame.note(f"counted each of {table} once, by {key.key}", 0.03)
    return MeasureAsk(Func.COUNT_DISTINCT, Col(key.key))


def _replaced(measure: MeasureAsk, counted: MeasureAsk, query: Query) -> MeasureAsk:
    """`counted`, also where the query sorts or filters by `measure`."""
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
