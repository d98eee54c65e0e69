"""Grammar rules for filters that name no column: values, negations, comparisons."""

from services.codegen.planner.columns import best_column
from services.codegen.planner.frame import Having, MeasureAsk
from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.mentions import Segment
from services.codegen.planner.parse import Parse, plural
from services.codegen.planner.plan import (
    Between,
    Col,
    Compare,
    CompareOp,
    Func,
    Lit,
    Match,
    Predicate,
    TextMatch,
)
from services.codegen.planner.schema import Field
from services.codegen.planner.values import ValueHit
from services.codegen.planner.worth import plain_measure

_PLACED = frozenset({"in", "of", "from", "to", "at", "by", "for", "with", "on"})
OPS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=", "ne": "!="}


def operator(s: Segment | None) -> CompareOp | None:
    """The comparison that a segment names."""
    sense = s.sense(Op.COMPARE) if s else None
    return CompareOp(OPS[sense.arg]) if sense else None


def not_rule(p: Parse) -> bool:
    """`not`, `except`: turns the next filter round."""
    if not p.sense(p.at, Op.NOT):
        return False
    p.negated = True
    p.at += 1
    return True


def link_rule(p: Parse) -> bool:
    """`and`, `or`, a comma: remembered for the next filter."""
    link, after = p.link_at(p.at)
    if not link:
        return False
    p.link = link
    p.at = after
    return True


def value_rule(p: Parse) -> bool:
    """A cell's value filters its column."""
    s = p.segments[p.at]
    hit = _chosen_value(p, s)
    column = p.column(p.at)
    if hit is None or (column is not None and (hit.part or column.exact)):
        return False
    p.add(value_is(p, hit, s.text), hit.field.key, value=not hit.part)
    named = p.frame.entities or p.frame.measures or p.frame.row_entity or hit.part
    if not named and plural(s.text) and not plural(hit.value) and not _placed_before(p):
        # `managers earning …` speaks of the rows that hold the value.
        p.frame.row_entity = hit.field.table.name
    p.at += 1
    return True


def _placed_before(p: Parse) -> bool:
    """True after a preposition: `in managers` is a filter of something else."""
    before = p.segment(p.at - 1)
    return before is not None and before.text.lower() in _PLACED


def _chosen_value(p: Parse, s: Segment) -> ValueHit | None:
    if not s.values:
        return None
    role = p.preposition(p.at)
    if role:
        names = lexicon().role_columns[role]
        fitting = [v for v in s.values if not v.field.stems.isdisjoint(names)]
        if fitting:
            return fitting[0]
        if _role_column(p, s) is not None:
            return None
        p.frame.roles.add(role)
    return s.values[0]


def value_is(p: Parse, hit: ValueHit, said: str) -> Predicate:
    """The predicate of a value, with the note that a reader needs."""
    column = hit.field.name
    if hit.part:
        p.frame.note(f"read {said!r} as {column!r} containing {hit.value!r}", 0.1)
        return Match(TextMatch.CONTAINS, Col(hit.field.key), hit.value)
    doubt = 0.0 if hit.sampled and hit.score > 0.95 else 0.03
    unseen = "" if hit.sampled else ", which the sample of the data does not show"
    p.frame.note(f"read {said!r} as {column!r} = {hit.value!r}{unseen}", doubt)
    return Compare(CompareOp.EQ, Col(hit.field.key), Lit(hit.value), fold=True)


def compare_rule(p: Parse) -> bool:
    """A comparison whose column comes after it, or is in the word itself, or is a measure."""
    s = p.segments[p.at]
    sense, op = s.sense(Op.COMPARE), operator(s)
    if op is None and s.number is not None and p.sense(p.at + 1, Op.TRAILING):
        return _trailing(p)
    number = p.segment(p.skip(p.at + 1))
    if op is None or sense is None or number is None or number.number is None:
        return False
    value, after = number.number, p.skip(p.at + 1) + 1
    if sense.hints:
        return _hinted(p, sense, op, value, after)
    return _about(p, op, value, after)


def _trailing(p: Parse) -> bool:
    """`100 or more strikes`."""
    s, trail = p.segments[p.at], p.segments[p.at + 1].sense(Op.TRAILING)
    assert trail is not None
    assert s.number is not None
    return _about(p, CompareOp(OPS[trail.arg]), s.number, p.at + 2)


def _hinted(p: Parse, sense: Sense, op: CompareOp, value: int | float, after: int) -> bool:
    hits = [h for hint in sense.hints if (h := best_column(hint, p.schema)) and h.field.numeric]
    if not hits:
        return False
    p.frame.note(f"read {p.segments[p.at].text!r} by column {hits[0].field.name!r}", 0.03)
    p.add(Compare(op, Col(hits[0].field.key), Lit(value)), hits[0].field.key)
    following = p.column(p.skip(after))
    same = following is not None and following.field is hits[0].field
    p.at = p.skip(after) + 1 if same else after
    return True


def _about(p: Parse, op: CompareOp, value: int | float, after: int) -> bool:
    """What the number counts stands after it: rows (then groups are filtered) or a column."""
    at = p.skip(after)
    s = p.segment(at)
    if s is None:
        return _last_number(p, op, value, after)
    distinct = s.sense(Op.DISTINCT) is not None
    column = p.column(p.skip(at + 1) if distinct else at)
    if distinct and column is not None:
        expr = Col(p.read(p.skip(at + 1)).field.key)
        p.frame.having.append(Having(MeasureAsk(Func.COUNT_DISTINCT, expr), op, value))
        p.at = p.skip(at + 1) + 1
        return True
    rows = s.tables and not (column and column.exact and column.field.numeric)
    if rows or s.sense(Op.ROWS):
        table = s.tables[0].table.name if rows else ""
        p.frame.having.append(Having(MeasureAsk(Func.COUNT, None, table, s.text), op, value))
        p.at = at + 1
        return True
    if column is not None and column.field.numeric and not column.field.identifier:
        p.add(Compare(op, Col(p.read(at).field.key), Lit(value)), column.field.key)
        p.at = at + 1
        return True
    return _last_number(p, op, value, after)


def _last_number(p: Parse, op: CompareOp, value: int | float, after: int) -> bool:
    """`average speed over 200` filters the groups by what was measured last."""
    measure = p.frame.measures[-1] if p.frame.measures else None
    if measure is None or (measure.of is None and not p.frame.keys):
        return _worth(p, op, value, after, measure.table if measure else p.frame.row_entity)
    p.frame.having.append(Having(p.frame.measures[-1], op, value))
    p.at = after
    return True


def _worth(p: Parse, op: CompareOp, value: int | float, after: int, table: str) -> bool:
    """`orders over 800`: the one number that such a row has."""
    field = plain_measure(p, table) if table else None
    if field is None:
        return False
    p.frame.note(f"compared column {field.name!r} with {value}: no column was named", 0.08)
    p.add(Compare(op, Col(field.key), Lit(value)), field.key)
    p.at = after
    return True


def unseen_role_rule(p: Parse) -> bool:
    """`from SEA`: a code of the right form for the column that the preposition speaks of."""
    s = p.segments[p.at]
    column = _role_column(p, s) if not (s.columns or s.tables or s.senses) else None
    if column is None:
        return False
    said = s.tokens[0].text
    p.frame.note(
        f"took {said!r} for a value of {column.name!r}, which the sample does not show", 0.05
    )
    equal = Compare(CompareOp.EQ, Col(column.key), Lit(said), fold=True)
    p.add(equal, column.key, value=True)
    p.at += 1
    return True


def _role_column(p: Parse, s: Segment) -> Field | None:
    """The column that the preposition before `s` speaks of, if `s` has the form of its cells."""
    role, token = p.preposition(p.at), s.tokens[0]
    if not role or len(s.tokens) > 1 or not token.text.isupper():
        return None
    form, names = "A" * len(token.text), lexicon().role_columns[role]
    fields = [f for f in p.schema.fields.values() if not f.stems.isdisjoint(names)]
    fields = [f for f in fields if f.letters and all(x == form for x in f.letters)]
    return fields[0] if len(fields) == 1 else None


def between_rule(p: Parse) -> bool:
    """`between 10 and 20 degrees`, where the column comes after the numbers."""
    if not p.sense(p.at, Op.BETWEEN):
        return False
    low, high = p.segment(p.skip(p.at + 1)), p.segment(p.skip(p.at + 3))
    at = p.skip(p.at + 4)
    hit = p.column(at)
    if not (low and high and hit and hit.field.numeric):
        return False
    if low.number is None or high.number is None:
        return False
    key = p.read(at).field.key
    p.add(Between(Col(key), Lit(low.number), Lit(high.number)), key)
    p.at = at + 1
    return True
