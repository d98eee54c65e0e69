"""What one row is worth: the measure that is meant when a question names only the rows."""

from services.codegen.planner.language.expressions import derived_word, field_slot
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Compare, Expr, Lit
from services.codegen.planner.schema import Field, Schema

_PLACES = frozenset({"latitud", "longitud", "lat", "lon", "lng", "year"})


def plain_measure(schema: Schema, table: str) -> Field | None:
    """The one column of a table that can be meant by `orders over 800`; None when several can."""
    if schema.row_count(table) is not None:
        return None
    fields = [f for f in schema.of(table) if f.numeric and not f.identifier]
    fields = [f for f in fields if f.stems.isdisjoint(_PLACES)]
    whole = [f for f in fields if f.stems <= lexicon().whole]
    return fields[0] if len(fields) == 1 else whole[0] if len(whole) == 1 else None


def worth(r: Reader, table: str, said: str, role: str) -> Expr | None:
    """The plain measure of a row, or quantity times price; with a note, as it was not named."""
    field = plain_measure(r.schema, table)
    if field is not None:
        r.note(f"read {said!r} by column {field.name!r} of {table}", 0.08)
        return field_slot(r, field, role).expr
    derived = derived_word(r, "revenu", said)
    return derived.make(role) if derived is not None else None


def worth_test(r: Reader) -> bool:
    """`loans over 80`: rows compared with a number, and only one column can be meant."""
    s = r.segments[r.at]
    sense = s.sense(Op.COMPARE)
    number = r.number(r.skip(r.at + 1))
    table = r.q.entity or next(iter(r.q.tables), "")
    if sense is None or number is None or not table or s.columns or r.zone not in (SELECT, TEST):
        return False
    field = plain_measure(r.schema, table)
    if field is None or r.q.items:
        return False
    slot = field_slot(r, field, "test")
    r.note(f"compared column {field.name!r} with {number}", 0.08)
    r.test(Compare(COMPARE_OPS[sense.arg], slot.expr, Lit(number)))
    r.at = r.skip(r.at + 1) + 1
    return True
