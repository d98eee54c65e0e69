"""`how many people live in A`, where A is one row: a number of that row, not how many rows."""

from services.codegen.planner.language.labels import naming
from services.codegen.planner.language.query import Agg, Query
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_places import ranking, timely
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.plan import Col, Compare, CompareOp, Func
from services.codegen.planner.schema import Field


def single_row(q: Query, r: Reader) -> str:
    """Turns a count of one named row into the number that the question can mean.

    Answers with the column's name; empty where the count stays.
    """
    if len(r.schema.tables) > 1 or len(q.items) != 1 or q.keys or q.order:
        return ""
    item = q.items[0]
    if not isinstance(item, Agg) or item.func is not Func.COUNT or item.of is not None:
        return ""
    found = _number(r) if _pinned(q, r) else None
    if found is None:
        return ""
    q.items = [Col(found.key)]
    return found.name


def _pinned(q: Query, r: Reader) -> bool:
    """One condition holds for one row only: it names the row."""
    for c in q.where:
        match c.cond:
            case Compare(op=CompareOp.EQ, left=Col(name=name)) if not c.negated:
                field = r.schema.fields.get(name)
                if field is not None and not field.numeric and naming(field):
                    return True
    return False


def _number(r: Reader) -> Field | None:
    """The number that a word of the question names in passing, or the total that it asks for."""
    loose = [x.options[0].field for x in r.loose if x.options]
    texts = [x.text.lower() for x in r.segments]
    if any(t.endswith("times") for t in texts):
        return None
    totals = [f for f in r.schema.fields.values() if f.numeric and f.stems <= lexicon().whole]
    total = totals if any(t.startswith("total") for t in texts) else []
    return next(filter(countable, [*loose, *total]), None)


def countable(f: Field) -> bool:
    """True for a column of amounts, not of years, ranks or codes."""
    return f.ranked and not f.identifier and not timely(f) and not ranking(f)
