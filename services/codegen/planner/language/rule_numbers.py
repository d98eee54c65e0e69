"""Rules for a number before its column: `over 100 points`, `at least 3 students`."""

from dataclasses import replace

from services.codegen.planner.language.comparing import (
    add_having,
    last_number,
    parted,
    range_at,
    same_column,
    trailing,
    units,
    unknown_things,
)
from services.codegen.planner.language.fitting import fitting_slot
from services.codegen.planner.language.nouns import Noun, noun_at
from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.language.times import years_between
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import (
    Between,
    Compare,
    CompareOp,
    Func,
    Lit,
)


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
        add_having(r, Agg(Func.COUNT), OPS[sense.arg], _TIMES[r.word(at)])
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
        add_having(r, Agg(Func.COUNT), op, number)
        r.at = at + 1
        return True
    rows = r.sense(at, Op.ROWS) and not (r.names_column(at) or r.names_table(at))
    fitting = None if rows or r.names_column(at) else fitting_slot(r, number)
    if fitting is not None:
        r.test(Compare(op, fitting.expr, Lit(number)))
        r.at = end
        return True
    if rows or (at == end and unknown_things(r, at)):
        add_having(r, Agg(Func.COUNT), op, number)
        r.at = at + 1
        return True
    noun = noun_at(r, at)
    if noun is not None and not parted(r, end, at):
        return _about(r, noun, op, number)
    slot = last_number(r)
    if slot is not None:
        r.test(Compare(op, slot.expr, Lit(number)))
        r.at = at if at > end else end
        return True
    return False


def _about(r: Reader, noun: Noun, op: CompareOp, number: int | float) -> bool:
    if noun.table:
        # `8 orders or more`
        op, after = trailing(r, noun.after, op) if op is CompareOp.EQ else (op, noun.after)
        add_having(r, Agg(Func.COUNT, None, noun.table, noun.text), op, number)
        r.name_table(noun.table)
        r.at = after
        return True
    field = r.segments[noun.at].columns[0].field
    op, after = trailing(r, noun.after, op) if op is CompareOp.EQ else (op, noun.after)
    noun = replace(noun, after=after)
    countable = field.identifier or not (field.numeric or field.is_date)
    if countable:
        slot = r.column(noun.at, "counted")
        add_having(r, Agg(Func.COUNT, slot.expr, noun=noun.text), op, number)
    else:
        slot = r.column(noun.at, "test", "number")
        r.test(Compare(op, slot.expr, Lit(number)))
    r.at = noun.after
    return True


def between_test(r: Reader) -> bool:
    """`between 3 and 5 stars`: a range before its column."""
    found = range_at(r, r.at)
    if found is None or not r.sense(r.at, Op.BETWEEN):
        return False
    low, high, end = found
    at = r.skip(units(r, end))
    if not r.names_column(at) and years_between(r, r.at, last_number(r)):
        return False
    if r.names_column(at):
        slot: Slot | None = r.column(at, "test", "number")
        end = at + 1
    else:
        slot = last_number(r)
    if slot is None:
        return False
    r.test(Between(slot.expr, Lit(low), Lit(high)))
    r.at = end
    return True


def amount_next(r: Reader) -> bool:
    """`7 gold medals`: the number belongs to the amount that is named after it."""
    at = r.at + 1
    if not r.names_column(at) or same_column(r, at, r.at):
        return False
    field = r.segments[at].columns[0].field
    return field.numeric and not field.identifier and len(r.schema.tables) == 1


def number_value(r: Reader) -> bool:
    """`155 runs`, `18.73 viewers`, `two beds`: a number and the column that holds it."""
    number = r.number(r.at)
    if number is None or r.segments[r.at].columns:
        return False
    op, end = trailing(r, r.at + 1, CompareOp.EQ)
    at = r.skip(units(r, end))
    testing = r.zone == TEST or r.link or r.q.items or r.wh or r.counting
    if not testing or parted(r, end, at):
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
