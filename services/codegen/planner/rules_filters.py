"""Grammar rules for filters: values, comparisons, missing cells, text."""

from services.codegen.planner.columns import ColumnHit, best_column
from services.codegen.planner.frame import Having, MeasureAsk
from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.mentions import Segment
from services.codegen.planner.parse import Parse
from services.codegen.planner.plan import (
    AnyOf,
    Between,
    Col,
    Compare,
    CompareOp,
    Func,
    IsNull,
    Lit,
    Match,
    Not,
    Predicate,
    TextMatch,
)
from services.codegen.planner.rules_when import between, compared, range_at, when_at, within
from services.codegen.planner.values import ValueHit

_OPS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "=", "ne": "!="}
_NONE = frozenset({"none", "no", "n/a", "na", "unknown", "not available", "nil"})


def operator(s: Segment | None) -> CompareOp | None:
    """The comparison that a segment names."""
    sense = s.sense(Op.COMPARE) if s else None
    return CompareOp(_OPS[sense.arg]) if sense else None


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
    if hit is None:
        return False
    p.add(value_is(p, hit, s.text), hit.field.key, value=not hit.part)
    p.at += 1
    return True


def _chosen_value(p: Parse, s: Segment) -> ValueHit | None:
    if not s.values:
        return None
    role = p.preposition(p.at)
    if role:
        names = lexicon().role_columns[role]
        fitting = [v for v in s.values if not v.field.stems.isdisjoint(names)]
        if fitting:
            return fitting[0]
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
    return _about(p, CompareOp(_OPS[trail.arg]), s.number, p.at + 2)


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
    if column is not None and column.field.numeric:
        p.add(Compare(op, Col(p.read(at).field.key), Lit(value)), column.field.key)
        p.at = at + 1
        return True
    return _last_number(p, op, value, after)


def _last_number(p: Parse, op: CompareOp, value: int | float, after: int) -> bool:
    """`average speed over 200` filters the groups by what was measured last."""
    if not p.frame.measures:
        return False
    p.frame.having.append(Having(p.frame.measures[-1], op, value))
    p.at = after
    return True


def missing_rule(p: Parse) -> bool:
    """`with missing speed`, `without damage`; before a value `without` is a negation."""
    s = p.segments[p.at]
    sense = s.sense(Op.NULL, Op.NOT_NULL)
    at = p.skip(p.at + 1)
    if sense is None or (target := p.segment(at)) is None:
        return False
    if target.columns:
        p.add(_missing(p, p.read(at), known=sense.op is Op.NOT_NULL))
    elif target.values and sense.op is Op.NULL:
        p.negated = True
        p.add(value_is(p, target.values[0], target.text), target.values[0].field.key, value=True)
    else:
        return False
    p.at = at + 1
    return True


def _missing(p: Parse, hit: ColumnHit, *, known: bool) -> Predicate:
    """Empty cells, and where the column has a word for it, such as `None`, that word too."""
    column = Col(hit.field.key)
    words = [str(v) for v in hit.field.profile.values if str(v).casefold() in _NONE]
    missing: Predicate = IsNull(column)
    if words:
        p.frame.note(f"cells {words[0]!r} of {hit.field.name!r} count as missing too", 0.05)
        missing = AnyOf((missing, Compare(CompareOp.EQ, column, Lit(words[0]), fold=True)))
    return Not(missing) if known else missing


def column_rule(p: Parse) -> bool:
    """A column followed by what its cells must be."""
    hit = p.column(p.at)
    if hit is None:
        return False
    at = p.skip(p.at + 1, Op.EQUALS)
    equals = any(p.sense(i, Op.EQUALS) for i in range(p.at + 1, at))
    negated = p.sense(at, Op.NOT)
    if negated:
        at = p.skip(at + 1, Op.EQUALS)
    found = _condition(p, hit, at, equals or negated)
    if found is None:
        return False
    where, after, value = found
    p.read(p.at)
    p.negated ^= negated
    p.add(where, hit.field.key, value=value)
    p.at = after
    return True


def _condition(
    p: Parse, hit: ColumnHit, at: int, equals: bool
) -> tuple[Predicate, int, bool] | None:
    s = p.segment(at)
    if s is None:
        return None
    column = Col(hit.field.key)
    if s.sense(Op.NULL, Op.NOT_NULL) and not _names_next(p, at):
        return _missing(p, hit, known=s.sense(Op.NOT_NULL) is not None), at + 1, False
    for v in s.values:
        if v.field is hit.field:
            return value_is(p, v, s.text), at + 1, not v.part
    for op, how in _TEXT.items():
        if s.sense(op) and (text := p.segment(p.skip(at + 1))) and not hit.field.numeric:
            said = text.tokens[0].lower
            return Match(how, column, said), p.skip(at + 1) + 1, False
    if hit.field.is_date:
        return _dated(p, column, at)
    if hit.field.numeric:
        return _numbered(p, column, at, equals)
    if equals and not (s.columns or s.values or s.tables or s.senses):
        return _unseen(p, hit, at)
    return None


_TEXT = {
    Op.CONTAINS: TextMatch.CONTAINS,
    Op.STARTS: TextMatch.STARTS,
    Op.ENDS: TextMatch.ENDS,
}


def _names_next(p: Parse, at: int) -> bool:
    return p.column(p.skip(at + 1)) is not None


def _dated(p: Parse, column: Col, at: int) -> tuple[Predicate, int, bool] | None:
    s = p.segments[at]
    if s.sense(Op.BETWEEN) or s.sense(Op.PREPOSITION):
        ranged = range_at(p, p.skip(at + 1))
        if ranged:
            return between(p, ranged[0], ranged[1], column), ranged[2], False
    temporal = s.sense(Op.TEMPORAL, Op.COMPARE)
    if temporal is not None and (when := when_at(p, p.skip(at + 1))):
        op = CompareOp(_OPS[temporal.arg])
        return compared(p, op, when, column), p.skip(at + 1) + 1, False
    direct = when_at(p, at)
    return (within(p, direct, column), at + 1, False) if direct else None


def _numbered(
    p: Parse, column: Col, at: int, equals: bool
) -> tuple[Predicate, int, bool] | None:
    s = p.segments[at]
    if s.sense(Op.BETWEEN):
        low, high = p.segment(p.skip(at + 1)), p.segment(p.skip(at + 3))
        if low and high and low.number is not None and high.number is not None:
            return Between(column, Lit(low.number), Lit(high.number)), p.skip(at + 3) + 1, False
        return None
    op, next_at = operator(s), p.skip(at + 1)
    operand = p.segment(next_at)
    temporal = s.sense(Op.TEMPORAL)
    if op is None and temporal is not None and operand is not None and operand.year:
        op = CompareOp(_OPS[temporal.arg])
    if op is not None and operand is not None:
        if operand.number is not None:
            return Compare(op, column, Lit(operand.number)), next_at + 1, False
        other = p.column(next_at)
        if other is not None and other.field.numeric:
            return Compare(op, column, Col(p.read(next_at).field.key)), next_at + 1, False
    if s.number is None:
        return None
    trailing = p.segment(at + 1)
    trail = trailing.sense(Op.TRAILING) if trailing else None
    if trail is not None:
        return Compare(CompareOp(_OPS[trail.arg]), column, Lit(s.number)), at + 2, False
    adjacent = at == p.at + 1 or equals or p.sense(p.at + 1, Op.FILLER)
    return (Compare(CompareOp.EQ, column, Lit(s.number)), at + 1, True) if adjacent else None


def _unseen(p: Parse, hit: ColumnHit, at: int) -> tuple[Predicate, int, bool] | None:
    """`state is Wyoming`: the column was named, so the value may be one the sample lacks."""
    end = at
    while (s := p.segment(end)) and not (s.columns or s.values or s.tables or s.senses):
        end += 1
    tokens = [t for s in p.segments[at:end] for t in s.tokens]
    said = " ".join(t.lower if t.text[:1] in "\"'“‘" else t.text for t in tokens)
    note = f"took {said!r} for a value of {hit.field.name!r}, which the sample does not show"
    p.frame.note(note, 0.1)
    equal = Compare(CompareOp.EQ, Col(hit.field.key), Lit(said), fold=True)
    return equal, end, True


def unseen_role_rule(p: Parse) -> bool:
    """`from SEA`: a code of the right form for the column that the preposition speaks of."""
    s = p.segments[p.at]
    role = p.preposition(p.at)
    if not role or s.columns or s.values or s.tables or s.senses or len(s.tokens) > 1:
        return False
    token = s.tokens[0]
    form = "A" * len(token.text)
    names = lexicon().role_columns[role]
    fields = [f for f in p.schema.fields.values() if not f.stems.isdisjoint(names)]
    fields = [f for f in fields if f.letters and all(x == form for x in f.letters)]
    if len(fields) != 1 or not token.text.isupper():
        return False
    said, column = token.text, fields[0]
    p.frame.note(
        f"took {said!r} for a value of {column.name!r}, which the sample does not show", 0.05
    )
    equal = Compare(CompareOp.EQ, Col(column.key), Lit(said), fold=True)
    p.add(equal, column.key, value=True)
    p.at += 1
    return True


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
