"""Times of a race as text, such as `1:02.35`: a longer text is a longer time."""

from services.codegen.planner.language.query import Clause, Item, Query
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.plan import Call, Col, Fn, IsNull, Not
from services.codegen.planner.schema import Field, Schema

_SHORT = frozenset({"best", "fastest", "quickest", "top", "better", "faster", "quicker"})
_LONG = frozenset({"worst", "slowest", "worse", "slower"})


def clocked_field(r: Reader) -> Field | None:
    """The only column of such times in a table by itself."""
    found = [f for f in r.schema.texts if f.clocked]
    return found[0] if len(r.schema.tables) == 1 and len(found) == 1 else None


def paced(text: str, *, descending: bool) -> bool:
    """The direction that a word of order has for times: the best time is the shortest."""
    if text.lower() in _SHORT | _LONG:
        return text.lower() in _LONG
    return descending


def clocked_order(q: Query, schema: Schema) -> None:
    """Such times go by their length, then by their characters; words such as `DNF` are none."""
    order: list[tuple[Item, bool]] = []
    for by, descending in q.order:
        field = schema.fields.get(by.name) if isinstance(by, Col) else None
        if field is not None and field.clocked and isinstance(by, Col):
            q.where.append(Clause(Not(IsNull(Call(Fn.NUMBER, by)))))
            order.append((Call(Fn.LENGTH, by), descending))
        order.append((by, descending))
    q.order = order
