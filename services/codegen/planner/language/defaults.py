"""The function and the count that a question leaves unsaid."""

from dataclasses import replace

from services.codegen.planner.language.query import (
    Agg,
    Item,
    Place,
    Query,
    Ratio,
    Running,
    Share,
    Shift,
    columns_in,
    query_columns,
)
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Arith, ArithOp, Bucket, Call, Case, Col, Func
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import pieces


def averaged(f: Field) -> bool:
    """True for quantities that do not add up, such as rates and ages."""
    return not f.stems.isdisjoint(lexicon().averaged)


def default_func(item: Item, schema: Schema) -> Func:
    """The total of what adds up, the average of what does not. A product always adds up."""
    if isinstance(item, Arith) and item.op is ArithOp.MULTIPLY:
        return Func.SUM
    if isinstance(item, Arith) and item.op is ArithOp.DIVIDE:
        return Func.AVG
    if isinstance(item, Arith):
        return default_func(item.left, schema)
    fields = [schema.fields[n] for n in columns_in(item) if n in schema.fields]
    dated = any(f.is_date for f in fields)
    return Func.AVG if dated or any(map(averaged, fields)) else Func.SUM


def function_said(text: str, f: Field) -> Func | None:
    """`max` of `max temp`, said of `temp_max`: in the name it does not stand first."""
    words = text.casefold().split()
    if len(words) < 2 or not f.numeric or pieces(f.name)[:1] == tuple(words[:1]):
        return None
    senses = lexicon().phrases.get((words[0],), ())
    found = [s.arg for s in senses if s.op is Op.AGGREGATE]
    return Func(found[0]) if found else None


def numeric_item(item: Item, schema: Schema) -> bool:
    """True for a bare number that groups must add up or average."""
    if isinstance(item, Arith):
        return True
    if not isinstance(item, Col) or item.name not in schema.fields:
        return False
    f = schema.fields[item.name]
    return f.numeric and not f.identifier


def measured(item: Item, schema: Schema) -> Item:
    """What a wrapper such as a share is taken of: a bare number gets its default function."""
    match item:
        case Ratio(left=a, right=b):
            return replace(item, left=measured(a, schema), right=measured(b, schema))
        case Share(of=of) | Shift(of=of) | Running(of=of) | Place(of=of):
            return replace(item, of=measured(of, schema))
        case Col() | Arith() | Bucket() | Call() | Case():
            return Agg(default_func(item, schema), item, assumed=True)
        case _:
            return item


def row_counts(q: Query, schema: Schema) -> list[str]:
    """Counts become sums where a row stands for many things; the assumptions in words."""
    notes: list[str] = []

    def counted(item: Item) -> Item:
        match item:
            case Ratio(left=a, right=b):
                return replace(item, left=counted(a), right=counted(b))
            case Share(of=of) | Shift(of=of) | Running(of=of) | Place(of=of):
                return replace(item, of=counted(of))
            case Agg():
                return _summed(item, q, schema, notes)
        return item

    q.items = [counted(i) for i in q.items]
    q.order = [(counted(by), d) for by, d in q.order]
    q.having = [replace(h, measure=_summed(h.measure, q, schema, notes)) for h in q.having]
    return notes


def _summed(a: Agg, q: Query, schema: Schema, notes: list[str]) -> Agg:
    if a.func is not Func.COUNT or a.of is not None or a.noun in ("rows", "row", "records"):
        return a
    table = a.table or _only_table(q, schema)
    field = schema.row_count(table) if table else None
    if field is None:
        return a
    notes.append(f"the number of {a.noun or table} is the sum of column {field.name!r} of {table}")
    return replace(a, func=Func.SUM, of=Col(field.key), table=table, noun=a.noun or table)


def _only_table(q: Query, schema: Schema) -> str:
    used = {schema.fields[n].table.name for n in query_columns(q) if n in schema.fields}
    used |= set(q.tables)
    if not used and len(schema.tables) == 1:
        used = set(schema.tables)
    counts = [t for t in used if schema.row_count(t) is not None]
    return (
        counts[0] if len(counts) == 1 and len(used) == 1 else q.entity if q.entity in counts else ""
    )
