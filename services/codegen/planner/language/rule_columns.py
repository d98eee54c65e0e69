"""Rules for a column and what it is compared with: `age over 30`, `name contains x`."""

from services.codegen.planner.language.comparing import (
    bare,
    counts_next,
    range_at,
    same_column,
    text_at,
    trailing,
    units,
)
from services.codegen.planner.language.query import Un
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.times import past_year, time_test, years_between
from services.codegen.planner.language.valued import valued_test
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import (
    Between,
    Compare,
    IsNull,
    Lit,
    Match,
    Not,
    TextMatch,
)
from services.codegen.planner.words import Kind

_TEXT = {Op.CONTAINS: TextMatch.CONTAINS, Op.STARTS: TextMatch.STARTS, Op.ENDS: TextMatch.ENDS}


def column_test(r: Reader) -> bool:
    """A column, what it is compared with, and how."""
    if not r.names_column(r.at) and not _doubtful(r):
        return False
    at = r.at
    named = at + 1 if _own_name(r, at) else at
    after = r.skip(named + 1, Op.EQUALS, Op.RELATIVE, Op.TIMES, Op.PREPOSITION)
    if r.sense(after, Op.BY) and r.segments[after].text.lower() == "by":
        after = r.skip(after + 1)
    if after >= len(r.segments):
        return False
    return (
        _compared(r, at, after)
        or _ranged(r, at, after)
        or _matched(r, at, after)
        or _missing(r, at, after)
        or time_test(r, at, after)
        or valued_test(r, at, after)
    )


def _own_name(r: Reader, at: int) -> bool:
    """`the city name starts with`: the name of a city is the city."""
    s = r.segments[at]
    named = r.word(at + 1) in ("name", "names") and r.names_column(at + 1)
    return named and s.columns[0].exact and r.sense(at + 2, Op.STARTS, Op.ENDS, Op.CONTAINS)


def _doubtful(r: Reader) -> bool:
    """A word that may be a table or a column is a column where it is compared."""
    s = r.segments[r.at]
    return bool(s.columns) and s.columns[0].score >= 0.75


def _compared(r: Reader, at: int, after: int) -> bool:
    s = r.segments[after]
    sense = s.sense(Op.COMPARE)
    if sense is None or s.columns:
        return False
    if sense.hints and not r.segments[at].columns[0].field.numeric:
        # `names of boats longer than 12` compares no names.
        return False
    negated = r.sense(after - 1, Op.NOT) if after - 1 > at else False
    end = past_year(r, r.skip(after + 1))
    number = r.number(end)
    if number is None and not sense.hints and r.names_column(end) and r.zone == TEST:
        left, right = r.column(at, "test", "number"), r.column(end, "test", "number")
        where = Compare(OPS[sense.arg], left.expr, right.expr)
        r.test(Un(where) if negated else where)
        r.at = end + 1
        return True
    if number is None or (not sense.hints and counts_next(r, end)):
        return False
    op, end = trailing(r, end + 1, OPS[sense.arg])
    slot = r.column(at, "test", "number")
    where = Compare(op, slot.expr, Lit(number))
    r.test(Un(where) if negated else where)
    r.at = units(r, end)
    return True


def _ranged(r: Reader, at: int, after: int) -> bool:
    found = range_at(r, after)
    if found is None:
        return False
    field = r.segments[at].columns[0].field
    if (r.pending or not field.ranked) and years_between(r, after):
        # `total cost between 1995 and 1998`: the cost is what is measured.
        return False
    low, high, end = found
    slot = r.column(at, "test", "number")
    r.test(Between(slot.expr, Lit(low), Lit(high)))
    r.at = units(r, end)
    return True


def _matched(r: Reader, at: int, after: int) -> bool:
    negated = r.sense(after, Op.NOT)
    start = r.skip(after + 1) if negated else after
    s = r.segment(start)
    sense = s.sense(*_TEXT) if s else None
    if s is None or sense is None:
        return False
    text, end = text_at(r, start + 1)
    if not text or _holds(r, at, r.skip(start + 1)):
        return False
    how = _TEXT[sense.op]
    if "%" in text and how is TextMatch.CONTAINS and text.strip("%"):
        # `like 'a%'`
        how = TextMatch.CONTAINS if text[0] == text[-1] == "%" else _WILD[text[-1] == "%"]
        text = text.strip("%")
    slot = r.column(at, "test", "text")
    if r.zone == SELECT and not r.q.items and r.wh and r.asking:
        # `which names contain x`: what is tested is what is asked for.
        r.item(slot.expr)
    match = Match(how, slot.expr, text)
    r.test(Un(match) if negated else match)
    r.at = end
    return True


def _holds(r: Reader, at: int, value: int) -> bool:
    """`orders that contain the Keyboard`: a cell of another column, not a part of a text."""
    s = r.segment(value)
    if s is None or not s.values or s.values[0].score < 0.95 or s.tokens[0].kind is Kind.QUOTED:
        return False
    return not same_column(r, at, value)


_WILD = {True: TextMatch.STARTS, False: TextMatch.ENDS}


def _missing(r: Reader, at: int, after: int) -> bool:
    s = r.segments[after]
    if not bare(s) or not s.sense(Op.NULL, Op.NOT_NULL):
        return False
    negated = s.sense(Op.NOT_NULL) is not None or r.sense(after - 1, Op.NOT)
    slot = r.column(at, "test")
    r.test(Not(IsNull(slot.expr)) if negated else IsNull(slot.expr))
    r.at = after + 1
    return True
