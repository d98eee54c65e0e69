"""Pieces that conditions share: numbers and their units, ranges, texts."""

from services.codegen.planner.language.query import Agg, Having
from services.codegen.planner.language.reader import Reader, plural
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import (
    CompareOp,
    Scalar,
)
from services.codegen.planner.words import Kind


def counts_next(r: Reader, at: int) -> bool:
    """`more than 3 students`: the number is about what comes right after it."""
    _, at = trailing(r, at + 1, CompareOp.EQ)
    if r.sense(at, Op.MEASURED):
        return False
    if r.sense(at, Op.TIMES, Op.ROWS) and not r.names_column(at):
        return True
    return bool(r.names_table(at)) or unknown_things(r, at) or r.names_column(at)


def unknown_things(r: Reader, at: int) -> bool:
    """A plural that nothing is known of: the rows are meant by it."""
    s = r.segment(at)
    unknown = s is not None and not s.senses and bare(s) and s.tokens[0].kind is Kind.WORD
    return unknown and plural(s.text) if s is not None else False


def trailing(r: Reader, at: int, op: CompareOp) -> tuple[CompareOp, int]:
    """`5 or more`: an operator that comes after its number."""
    s = r.segment(at)
    sense = s.sense(Op.TRAILING) if s else None
    return (OPS[sense.arg], at + 1) if sense else (op, at)


def units(r: Reader, at: int) -> int:
    """The position after a unit of measurement."""
    while r.sense(at, Op.MEASURED) and not r.names_column(at) and not r.names_table(at):
        at += 1
    return at


def range_at(r: Reader, at: int) -> tuple[int | float, int | float, int] | None:
    """`between 3 and 5`, `from 3 to 5`: both ends, and the position after."""
    opened = r.sense(at, Op.BETWEEN) or r.word(at) == "from"
    if not opened and not (r.number(at) is not None and r.word(at + 1) == "to"):
        return None
    first = r.skip(at + 1) if opened else at
    second = r.skip(r.skip(first + 1, Op.MEASURED), Op.AND)
    if r.word(second) in ("to", "and"):
        second = r.skip(second + 1)
    low, high = r.number(first), r.number(second)
    if low is None or high is None or second == first:
        return None
    return low, high, second + 1


_WORDY = frozenset({"the", "a", "an", "word", "letter", "string", "text", "phrase", "substring"})
_WORDY |= {"letters", "characters", "prefix", "character", "with", "in", "suffix", "keyword", "of"}


def text_at(r: Reader, at: int) -> tuple[str, int]:
    """The text that is said at `at`: quoted, or the next word; with the position after."""
    while (s := r.segment(at)) and s.text.lower() in _WORDY:
        at += 1
    s = r.segment(at)
    if s is None:
        return "", at
    if s.filler and not s.values and at + 1 < len(r.segments):
        return "", at
    texts = [t.lower if t.kind is Kind.QUOTED else t.text for t in s.tokens]
    return " ".join(texts), at + 1


def bare(s: object) -> bool:
    """True when a segment names no column, value or table."""
    return not any(getattr(s, name) for name in ("columns", "values", "tables"))


def same_column(r: Reader, at: int, start: int) -> bool:
    keys = {c.field.key for c in r.segments[at].columns}
    values = r.segments[start].values
    # A whole cell of another column is meant rather than a part of a cell of this one.
    whole = [v for v in values if not v.part and v.score >= _WHOLE] or values
    return any(v.field.key in keys for v in whole)


_WHOLE = 0.95


def parted(r: Reader, end: int, at: int) -> bool:
    """A preposition between number and noun parts them: `over 30 in each department`."""
    between = {r.word(i) for i in range(end, at)}
    return bool(between & {"in", "for", "by", "at", "on", "from"})


def add_having(r: Reader, measure: Agg, op: CompareOp, number: Scalar) -> None:
    r.q.having.append(Having(measure, op, number))
    r.link, r.negated = "", False


def last_number(r: Reader) -> Slot | None:
    """The number column that was said last and stands as a bare item."""
    for slot in reversed(r.slots):
        if slot.kind == "column" and slot.options:
            field = slot.options[0].field
            return slot if field.numeric or field.is_date else None
    return None
