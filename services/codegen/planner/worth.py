"""What one row is worth: the measure that is meant when a question names only the rows."""

from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.parse import Parse
from services.codegen.planner.plan import Col, Expr
from services.codegen.planner.schema import Field

_PLACES = frozenset({"latitud", "longitud", "lat", "lon", "lng", "year"})
_WORTH = frozenset({"value", "values", "worth"})


def plain_measure(p: Parse, table: str) -> Field | None:
    """The one column of the table that can be meant by `orders over 800`; None when several can."""
    if p.schema.row_count(table) is not None:
        return None
    fields = [f for f in p.schema.of(table) if f.numeric and not f.identifier]
    fields = [f for f in fields if f.stems.isdisjoint(_PLACES)]
    whole = [f for f in fields if f.stems <= lexicon().whole]
    return fields[0] if len(fields) == 1 else whole[0] if len(whole) == 1 else None


def worth(p: Parse, table: str, said: str) -> Expr | None:
    """The plain measure of a row, or quantity times price; with a note, as it was not named."""
    field = plain_measure(p, table)
    if field is not None:
        p.frame.note(f"read {said!r} by column {field.name!r} of {table}", 0.08)
        return Col(field.key)
    return p.derive("revenu", said)


def of_rows(p: Parse, at: int) -> tuple[Expr, int] | None:
    """`order amount`, `order value`: a measure after the noun of the rows it belongs to."""
    at = p.skip(at)
    s, after = p.segment(at), p.segment(at + 1)
    if s is None or after is None or not s.tables or s.columns:
        return None
    if p.column(at + 1) is not None or p.derived(at + 1) is not None:
        return p.expression(at + 1)
    if after.text.lower() not in _WORTH:
        return None
    found = worth(p, s.tables[0].table.name, f"{s.text} {after.text}")
    return (found, at + 2) if found is not None else None
