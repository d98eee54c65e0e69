"""Rules for conditions: `age over 30`, `in New York`, `name contains x`, `between 3 and 5`."""

from dataclasses import replace

from services.codegen.planner.language.fitting import fitting_slot
from services.codegen.planner.language.nouns import Noun, noun_at
from services.codegen.planner.language.query import Agg, Cell, Every, Having, Un
from services.codegen.planner.language.reader import SELECT, TEST, Reader, literal, plural
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.language.times import past_year, time_test
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import (
    AnyOf,
    Between,
    Col,
    Compare,
    CompareOp,
    Expr,
    Func,
    IsNull,
    Lit,
    Match,
    Not,
    Scalar,
    TextMatch,
)
from services.codegen.planner.typed_values import typed_index
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
        or _valued(r, at, after)
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
    if number is None or (not sense.hints and _counts(r, end)):
        return False
    op, end = trailing(r, end + 1, OPS[sense.arg])
    slot = r.column(at, "test", "number")
    where = Compare(op, slot.expr, Lit(number))
    r.test(Un(where) if negated else where)
    r.at = units(r, end)
    return True


def _counts(r: Reader, at: int) -> bool:
    """`more than 3 students`: the number is about what comes right after it."""
    _, at = trailing(r, at + 1, CompareOp.EQ)
    if r.sense(at, Op.MEASURED):
        return False
    if r.sense(at, Op.TIMES, Op.ROWS) and not r.names_column(at):
        return True
    return bool(r.names_table(at)) or _things(r, at) or r.names_column(at)


def _things(r: Reader, at: int) -> bool:
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


def _ranged(r: Reader, at: int, after: int) -> bool:
    found = range_at(r, after)
    if found is None:
        return False
    low, high, end = found
    slot = r.column(at, "test", "number")
    r.test(Between(slot.expr, Lit(low), Lit(high)))
    r.at = units(r, end)
    return True


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
    return not _same(r, at, value)


_WILD = {True: TextMatch.STARTS, False: TextMatch.ENDS}
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


def _missing(r: Reader, at: int, after: int) -> bool:
    s = r.segments[after]
    if not bare(s) or not s.sense(Op.NULL, Op.NOT_NULL):
        return False
    negated = s.sense(Op.NOT_NULL) is not None or r.sense(after - 1, Op.NOT)
    slot = r.column(at, "test")
    r.test(Not(IsNull(slot.expr)) if negated else IsNull(slot.expr))
    r.at = after + 1
    return True


def bare(s: object) -> bool:
    """True when a segment names no column, value or table."""
    return not any(getattr(s, name) for name in ("columns", "values", "tables"))


def _valued(r: Reader, at: int, after: int) -> bool:
    """`status is open`, `production code 7AFF03`, `id 5`, `name is not X`."""
    equals = any(r.sense(i, Op.EQUALS) for i in range(at + 1, after))
    negated = False
    start = after
    if r.sense(start, Op.NOT) or r.sense(start, Op.COMPARE):
        sense = r.segments[start].sense(Op.COMPARE, Op.NOT)
        if sense is not None and sense.op is Op.COMPARE and sense.arg not in ("ne", "eq"):
            return False
        negated = sense is not None and (sense.op is Op.NOT or sense.arg == "ne")
        equals = True
        start = r.skip(start + 1)
    s = r.segment(start)
    if s is None:
        return False
    near = start == at + 1
    named = any(r.word(i) in _NAMING for i in range(at + 1, start))
    own = bool(s.values) and _same(r, at, start) and _value_own(r, at, start)
    testing = (
        own or named or r.zone == TEST or (near and bool(r.q.items or r.q.entity or r.q.tables))
    )
    if not (testing or (near and s.number is not None and _named_number(r, at))):
        return False
    if s.values and (own or equals or near or r.zone == TEST):
        if not (own or equals or near or _same(r, at, start)):
            return False
        slot = r.column(at, "test")
        _cells(r, slot, start, negated)
        return True
    of = r.zone == TEST and all(r.word(i) in _OF for i in range(at + 1, start))
    if s.number is not None and (near or equals or of):
        holder = _holder(r, at, s.number)
        if holder is not None:
            r.test(Compare(CompareOp.EQ, holder.expr, Lit(s.number)))
            r.at = units(r, start + 1)
            return True
        if r.names_table(start + 1) and not near:
            return False
        slot = r.column(at, "test")
        where = Compare(CompareOp.EQ, slot.expr, Lit(s.number))
        op, end = trailing(r, start + 1, CompareOp.EQ)
        where = Compare(op, slot.expr, Lit(s.number))
        r.test(Un(where) if negated else where)
        r.at = units(r, end)
        return _more_numbers(r, slot)
    if literal(s) and (equals or near or s.tokens[0].kind is Kind.QUOTED):
        slot = r.column(at, "test", "text")
        text, end = text_at(r, start)
        unseen = Compare(CompareOp.EQ, slot.expr, Lit(text), fold=True)
        r.note(f"{text!r} was not seen in the data", 0.1)
        r.test(Un(unseen) if negated else unseen)
        r.at = end
        return True
    return False


_NAMING = frozenset({"named", "called", "titled", "equal to", "equals", "=", "is equal to", "as"})
_NAMING |= {"of type", "labeled", "entitled", "with name", "that is"}


_OF = frozenset({"of", "as", "at", "a", "the", "being", "that", "value", "value of"})


def _value_own(r: Reader, at: int, start: int) -> bool:
    """The value is one of the column itself: `managed by Brenden`, `status of Open`."""
    keys = [c.field.key for c in r.segments[at].columns]
    best = [v.field.key for v in r.segments[start].values if v.score >= 0.9]
    return bool(best) and keys[0] in best


def _named_number(r: Reader, at: int) -> bool:
    """`episode 29`, `week 14`: a column right before a number, after something was asked."""
    return at > 0 and bool(r.wh or r.q.items or r.counting)


def _holder(r: Reader, at: int, number: float) -> Slot | None:
    """`a Filipino population of 1474707`: the column before holds it, and this one does not."""
    fields = typed_index(r.schema).numbers.get(float(number), ())
    here = r.segments[at].columns[0].field
    last = r.loose[-1] if r.loose else None
    if here in fields or not here.known or last is None or last.at != r.back(at):
        return None
    if last.options[0].field not in fields:
        return None
    r.loose.remove(last)
    return last


def _same(r: Reader, at: int, start: int) -> bool:
    keys = {c.field.key for c in r.segments[at].columns}
    values = r.segments[start].values
    # A whole cell of another column is meant rather than a part of a cell of this one.
    whole = [v for v in values if not v.part and v.score >= _WHOLE] or values
    return any(v.field.key in keys for v in whole)


_WHOLE = 0.95


def _more_numbers(r: Reader, slot: Slot) -> bool:
    """`id 3 or 5`: further numbers for the same column."""
    while r.sense(r.at, Op.OR, Op.COMMA):
        at = r.skip(r.at + 1, Op.OR)
        number = r.number(at)
        if number is None or r.names_column(at + 1) or r.names_table(at + 1):
            return True
        r.link = "or"
        r.test(Compare(CompareOp.EQ, slot.expr, Lit(number)))
        r.at = at + 1
    return True


def _cells(r: Reader, slot: Slot, at: int, negated: bool) -> None:
    """The value at `at`, and those listed after it, of one column."""
    value = r.value(at, slot)
    r.negated = r.negated or negated
    r.test(Cell(value.number, slot.number))
    r.at = at + 1
    while r.sense(r.at, Op.OR, Op.AND, Op.COMMA):
        word = "or" if r.sense(r.at, Op.OR) else "and"
        nxt = r.skip(r.at + 1, Op.OR, Op.AND, Op.EQUALS)
        s = r.segment(nxt)
        keys = {o.field.key for o in slot.options} & {o.field.key for o in value.options}
        if s is None or not any(v.field.key in keys for v in s.values):
            return
        if s.columns or r.names_column(nxt + 1):
            return
        r.link, r.negated = word, negated
        other = r.value(nxt, slot)
        r.test(Cell(other.number, slot.number))
        r.at = nxt + 1


def operator_test(r: Reader) -> bool:
    """An operator before its column: `over 100 points`, `at least 3 students`, `more than once`."""
    s = r.segments[r.at]
    sense = s.sense(Op.COMPARE) or s.sense(Op.TEMPORAL)
    if sense is None or s.columns:
        return False
    at = r.skip(r.at + 1)
    number = r.number(at)
    timely = sense.op is Op.COMPARE or sense.arg in ("gt", "lt")
    if timely and r.names_column(at) and r.number(at + 1) is not None:
        # `over age 30`, `after season 2010`
        slot = r.column(at, "test", "number")
        r.test(Compare(OPS[sense.arg], slot.expr, Lit(r.number(at + 1) or 0)))
        r.at = at + 2
        return True
    if sense.op is Op.TEMPORAL:
        return False
    if r.word(at) in _TIMES:
        _having(r, Agg(Func.COUNT), OPS[sense.arg], _TIMES[r.word(at)])
        r.at = at + 1
        return True
    if number is None:
        return False
    op, end = trailing(r, at + 1, OPS[sense.arg])
    if sense.hints and _hinted(r, sense.hints, op, number, end):
        return True
    return number_test(r, op, number, end)


_TIMES = {"once": 1, "twice": 2, "thrice": 3}


def _hinted(
    r: Reader, hints: tuple[str, ...], op: CompareOp, number: int | float, end: int
) -> bool:
    """`older than 30`: the column that the word itself asks about."""
    from services.codegen.planner.language.hints import hinted_slot

    slot = hinted_slot(r, hints, "test")
    if slot is None:
        return False
    r.test(Compare(op, slot.expr, Lit(number)))
    r.at = r.skip(end, Op.UNIT)
    if r.names_column(r.at) and r.segments[r.at].columns[0].field.stems & {"year", "age"}:
        r.at += 1
    return True


def number_test(r: Reader, op: CompareOp, number: int | float, end: int) -> bool:
    """What a compared number is about: the noun after it, else the number column before it."""
    at = r.skip(units(r, end))
    if r.sense(at, Op.TIMES) and not r.names_column(at):
        _having(r, Agg(Func.COUNT), op, number)
        r.at = at + 1
        return True
    rows = r.sense(at, Op.ROWS) and not (r.names_column(at) or r.names_table(at))
    fitting = None if rows or r.names_column(at) else fitting_slot(r, number)
    if fitting is not None:
        r.test(Compare(op, fitting.expr, Lit(number)))
        r.at = end
        return True
    if rows or (at == end and _things(r, at)):
        _having(r, Agg(Func.COUNT), op, number)
        r.at = at + 1
        return True
    noun = noun_at(r, at)
    if noun is not None and not _separate(r, end, at):
        return _about(r, noun, op, number)
    slot = _last_number(r)
    if slot is not None:
        r.test(Compare(op, slot.expr, Lit(number)))
        r.at = at if at > end else end
        return True
    return False


def _separate(r: Reader, end: int, at: int) -> bool:
    """A preposition between number and noun parts them: `over 30 in each department`."""
    between = {r.word(i) for i in range(end, at)}
    return bool(between & {"in", "for", "by", "at", "on", "from"})


def _about(r: Reader, noun: Noun, op: CompareOp, number: int | float) -> bool:
    if noun.table:
        # `8 orders or more`
        op, after = trailing(r, noun.after, op) if op is CompareOp.EQ else (op, noun.after)
        _having(r, Agg(Func.COUNT, None, noun.table, noun.text), op, number)
        r.name_table(noun.table)
        r.at = after
        return True
    field = r.segments[noun.at].columns[0].field
    op, after = trailing(r, noun.after, op) if op is CompareOp.EQ else (op, noun.after)
    noun = replace(noun, after=after)
    countable = field.identifier or not (field.numeric or field.is_date)
    if countable:
        slot = r.column(noun.at, "counted")
        _having(r, Agg(Func.COUNT, slot.expr, noun=noun.text), op, number)
    else:
        slot = r.column(noun.at, "test", "number")
        r.test(Compare(op, slot.expr, Lit(number)))
    r.at = noun.after
    return True


def _having(r: Reader, measure: Agg, op: CompareOp, number: Scalar) -> None:
    r.q.having.append(Having(measure, op, number))
    r.link, r.negated = "", False


def _last_number(r: Reader) -> Slot | None:
    """The number column that was said last and stands as a bare item."""
    for slot in reversed(r.slots):
        if slot.kind == "column" and slot.options:
            field = slot.options[0].field
            return slot if field.numeric or field.is_date else None
    return None


def between_test(r: Reader) -> bool:
    """`between 3 and 5 stars`: a range before its column."""
    found = range_at(r, r.at)
    if found is None or not r.sense(r.at, Op.BETWEEN):
        return False
    low, high, end = found
    at = r.skip(units(r, end))
    if r.names_column(at):
        slot: Slot | None = r.column(at, "test", "number")
        end = at + 1
    else:
        slot = _last_number(r)
    if slot is None:
        return False
    r.test(Between(slot.expr, Lit(low), Lit(high)))
    r.at = end
    return True


def _amount_next(r: Reader) -> bool:
    """`7 gold medals`: the number belongs to the amount that is named after it."""
    at = r.at + 1
    if not r.names_column(at) or _same(r, at, r.at):
        return False
    field = r.segments[at].columns[0].field
    return field.numeric and not field.identifier and len(r.schema.tables) == 1


def value_test(r: Reader) -> bool:
    """A value by itself: `in New York`, `Italian restaurants`, `the Monza circuit`."""
    s = r.segments[r.at]
    if not s.values:
        return False
    if s.number is not None and (s.values[0].score < 0.95 or _amount_next(r)):
        return False
    if r.names_table(r.at) and s.tables[0].score >= s.values[0].score:
        return False
    if s.columns and s.columns[0].score > s.values[0].score:
        return False
    if s.columns and s.columns[0].exact and r.zone == SELECT and r.asking:
        return False
    value_at = r.at
    nxt = r.at + 1
    beside: Slot | None = None
    if r.names_column(nxt) and _same(r, nxt, value_at) and not _asked(r, nxt):
        beside = r.column(nxt, "test")
        nxt += 1
    last = r.slots[-1] if r.slots else None
    slot = r.value(value_at, beside)
    cell = Cell(slot.number, beside.number if beside else None)
    if last is not None and _one_name(last, slot):
        where = r.inner.where if r.inner is not None else r.q.where
        where[-1] = replace(where[-1], cond=Every((where[-1].cond, cell)))
    else:
        r.test(cell)
    r.at = nxt
    return True


def _one_name(first: Slot, second: Slot) -> bool:
    """`Lacey Bosco`: first and last name, right after one another, are said of one person."""
    if first.kind != "value" or first.at != second.at - 1 or first.beside is not None:
        return False
    pairs = ((a.field, b.field) for a in first.options for b in second.options)
    named = lexicon().names
    return any(
        a.table is b.table and a is not b and a.stems & named and b.stems & named for a, b in pairs
    )


def _asked(r: Reader, at: int) -> bool:
    """True when the column after the value is compared itself."""
    return r.sense(at + 1, Op.COMPARE, Op.EQUALS) or r.number(at + 1) is not None


def number_value(r: Reader) -> bool:
    """`155 runs`, `18.73 viewers`, `two beds`: a number and the column that holds it."""
    number = r.number(r.at)
    if number is None or r.segments[r.at].columns:
        return False
    op, end = trailing(r, r.at + 1, CompareOp.EQ)
    at = r.skip(units(r, end))
    testing = r.zone == TEST or r.link or r.q.items or r.wh or r.counting
    if not testing or _separate(r, end, at):
        return False
    noun = noun_at(r, at)
    named = r.wh in ("person", "place", "time") and bool(r.q.where)
    if noun is None or (r.zone == SELECT and not (r.q.items or r.link or named)):
        return False
    if (
        r.zone == SELECT
        and noun.table
        and not r.link
        and isinstance(number, int)
        and end == r.at + 1
    ):
        # `the name of three churches`: so many are wanted.
        r.limit = number
        r.at = end
        return True
    return _about(r, noun, op, number)


def state_test(r: Reader) -> bool:
    """A column with nothing to compare it with, in a condition: yes or no, or just there."""
    if r.zone != TEST or not r.names_column(r.at):
        return False
    column = r.segments[r.at].columns[0]
    if column.field.profile.nulls and _had(r):
        slot = r.column(r.at, "test")
        r.test(Not(IsNull(slot.expr)))
        r.at += 1
        return True
    values = {str(v).casefold() for v in column.field.profile.values}
    if not values or not values <= _BOOLEAN:
        return False
    slot = r.column(r.at, "test")
    yes = [v for v in column.field.profile.values if str(v).casefold() in _YES]
    tests = tuple(Compare(CompareOp.EQ, _of(slot), Lit(_scalar(v))) for v in yes)
    r.test(tests[0] if len(tests) == 1 else AnyOf(tests))
    r.at += 1
    return True


def _had(r: Reader) -> bool:
    """`who have a commission`: there is one."""
    have = r.sense(r.at - 2, Op.RELATIVE) and r.word(r.at - 2) in _HAVING
    if not have or r.word(r.at - 1) not in ("a", "an", "any"):
        return False
    following = r.segment(r.skip(r.at + 1))
    return r.ends(r.at + 1) or (
        following is not None and bool(following.sense(Op.AND, Op.COMMA, Op.SHOW))
    )


_HAVING = frozenset({"with", "have", "has", "had", "having"})
_YES = frozenset({"true", "yes", "y", "t", "1"})
_BOOLEAN = _YES | {"false", "no", "n", "f", "0"}


def _of(slot: Slot) -> Expr:
    return Col(slot.expr.name)


def _scalar(value: object) -> Scalar:
    return value if isinstance(value, bool | int | float) else str(value)
