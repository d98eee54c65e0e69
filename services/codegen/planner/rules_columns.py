"""Grammar rules for what the cells of a column must be: compared, missing, text."""

from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.frame import Entity
from services.codegen.planner.lexicon import Op
from services.codegen.planner.mentions import Segment
from services.codegen.planner.parse import Parse, plural
from services.codegen.planner.plan import (
    AnyOf,
    Between,
    Col,
    Compare,
    CompareOp,
    IsNull,
    Lit,
    Match,
    Not,
    Predicate,
    TextMatch,
)
from services.codegen.planner.rules_filters import OPS, operator, value_is
from services.codegen.planner.rules_when import between, compared, range_at, when_at, within
from services.codegen.planner.schema import Field
from services.codegen.planner.words import Kind

_LACKING = frozenset({"without", "with no", "has no", "have no", "had no", "lacking"})
_NONE = frozenset({"none", "no", "n/a", "na", "unknown", "not available", "nil"})


def missing_rule(p: Parse) -> bool:
    """`with missing speed`, `without damage`; before a value `without` is a negation."""
    s = p.segments[p.at]
    sense = s.sense(Op.NULL, Op.NOT_NULL)
    at = p.skip(p.at + 1)
    if sense is None or (target := p.segment(at)) is None:
        return False
    known = sense.op is Op.NOT_NULL
    if target.columns:
        lacking = s.text.lower() in _LACKING
        p.add(_lacking(p, p.read(at)) if lacking else _missing(p, p.read(at), known=known))
    elif target.values and sense.op is Op.NULL:
        p.negated = True
        p.add(value_is(p, target.values[0], target.text), target.values[0].field.key, value=True)
    else:
        return False
    p.at = at + 1
    return True


def _lacking(p: Parse, hit: ColumnHit) -> Predicate:
    """`without rain`: none of a number is 0 as well as an empty cell."""
    missing = _missing(p, hit, known=False)
    if not hit.field.numeric or hit.field.identifier or hit.field.textual_number:
        return missing
    p.frame.note(f"cells of {hit.field.name!r} that are 0 or empty count as having none", 0.05)
    return AnyOf((missing, Compare(CompareOp.EQ, Col(hit.field.key), Lit(0))))


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
    if p.sense(p.at - 1, Op.SHOW):
        # `which name contains …` asks for the column that it filters.
        s = p.segments[p.at]
        p.frame.entities.append(Entity(Col(hit.field.key), hit.field, plural(s.text), s.text))
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
        if s.sense(op) and (text := p.segment(_text_after(p, at))) and not hit.field.numeric:
            return Match(how, column, _said(text)), _text_after(p, at) + 1, False
    if hit.field.is_date:
        return _dated(p, column, at)
    if hit.field.numeric:
        return _numbered(p, hit, at, equals)
    coded = hit.exact and _form_fits(hit.field, s)
    if (equals or coded) and not (s.columns or s.values or s.tables or s.senses):
        return _unseen(p, hit, at)
    return None


_TEXT = {
    Op.CONTAINS: TextMatch.CONTAINS,
    Op.STARTS: TextMatch.STARTS,
    Op.ENDS: TextMatch.ENDS,
}


def _form_fits(field: Field, s: Segment) -> bool:
    """True for a code written like the column's cells, such as `JFK`."""
    token = s.tokens[0]
    form = "A" * len(token.text)
    return len(s.tokens) == 1 and token.text.isupper() and form in field.letters


def _text_after(p: Parse, at: int) -> int:
    """The position of the text that a cell contains: articles are no part of it."""
    at += 1
    while (s := p.segment(at)) and s.text.lower() in ("the", "a", "an", "word", "text"):
        at += 1
    return at


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
        op = CompareOp(OPS[temporal.arg])
        return compared(p, op, when, column), p.skip(at + 1) + 1, False
    direct = when_at(p, at)
    return (within(p, direct, column), at + 1, False) if direct else None


def _numbered(
    p: Parse, hit: ColumnHit, at: int, equals: bool
) -> tuple[Predicate, int, bool] | None:
    s, column = p.segments[at], Col(hit.field.key)
    if s.sense(Op.BETWEEN):
        low, high = p.segment(p.skip(at + 1)), p.segment(p.skip(at + 3))
        if low and high and low.number is not None and high.number is not None:
            return Between(column, Lit(low.number), Lit(high.number)), p.skip(at + 3) + 1, False
        return None
    op, next_at = operator(s), p.skip(at + 1)
    operand = p.segment(next_at)
    temporal = s.sense(Op.TEMPORAL)
    if op is None and temporal is not None and operand is not None and operand.year:
        op = CompareOp(OPS[temporal.arg])
    if op is not None and hit.field.identifier and not hit.exact:
        return None
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
        return Compare(CompareOp(OPS[trail.arg]), column, Lit(s.number)), at + 2, False
    adjacent = at == p.at + 1 or equals or p.sense(p.at + 1, Op.FILLER)
    return (Compare(CompareOp.EQ, column, Lit(s.number)), at + 1, True) if adjacent else None


def _unseen(p: Parse, hit: ColumnHit, at: int) -> tuple[Predicate, int, bool] | None:
    """`state is Wyoming`: the column was named, so the value may be one the sample lacks."""
    end = at
    while (s := p.segment(end)) and not (s.columns or s.values or s.tables or s.senses):
        end += 1
    tokens = [t for s in p.segments[at:end] for t in s.tokens]
    explicit = {"=", "==", "equals", "called", "named", "equal"}
    before = p.segments[at - 1].tokens[0].lower in explicit
    if not before and not all(t.capital or t.kind is Kind.QUOTED for t in tokens):
        return None
    said = " ".join(t.lower if t.kind is Kind.QUOTED else t.text for t in tokens)
    note = f"took {said!r} for a value of {hit.field.name!r}, which the sample does not show"
    p.frame.note(note, 0.1)
    equal = Compare(CompareOp.EQ, Col(hit.field.key), Lit(said), fold=True)
    return equal, end, True


def text_rule(p: Parse) -> bool:
    """`airports starting with San`: the text of the thing that was named before."""
    s = p.segments[p.at]
    how = next((m for op, m in _TEXT.items() if s.sense(op)), None)
    text = p.segment(_text_after(p, p.at))
    field = _named_before(p)
    if how is None or text is None or field is None or text.number is not None:
        return False
    said = _said(text)
    p.frame.note(f"read {s.text!r} by column {field.name!r}", 0.05)
    p.add(Match(how, Col(field.key), said), field.key)
    p.at = _text_after(p, p.at) + 1
    return True


def _said(s: Segment) -> str:
    """The words of a segment as a text to look for."""
    return " ".join(t.lower for t in s.tokens)


def _named_before(p: Parse) -> Field | None:
    last = p.frame.entities[-1].field if p.frame.entities else None
    if last is not None and not last.numeric and not last.is_date:
        return last
    labels = p.schema.label(p.frame.row_entity) if p.frame.row_entity else []
    texts = [f for f in labels if not f.numeric]
    return texts[-1] if texts else None
