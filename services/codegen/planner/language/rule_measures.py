"""Rules for measures: `how many`, `average price`, `maximum and minimum age`."""

from dataclasses import replace

from services.codegen.planner.language.nouns import KINDS, Noun, noun_at
from services.codegen.planner.language.query import Agg, Having, Item
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader, plural
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Col, Compare, CompareOp, Func, Lit
from services.codegen.planner.schema import Field

COMPARE_OPS = {
    "gt": CompareOp.GT,
    "ge": CompareOp.GE,
    "lt": CompareOp.LT,
    "le": CompareOp.LE,
    "eq": CompareOp.EQ,
    "ne": CompareOp.NE,
}


def count_rule(r: Reader) -> bool:
    """`how many students`, `number of distinct names`, `count`."""
    s = r.segments[r.at]
    if not s.sense(Op.COUNT) or s.columns:
        return False
    asked = s.text.lower().startswith(("how many", "how often"))
    if r.zone == TEST and not asked and _counted_test(r):
        return True
    total = r.skip(r.at + 1)
    totalled = "sum" in r.segments[total].args(Op.AGGREGATE) if r.segment(total) else False
    found = counted(r, total + 1 if totalled else r.at + 1, lookup=asked)
    if found is None:
        if not asked and r.zone != SELECT:
            return False
        item: Item = Agg(Func.COUNT)
        r.at += 1
    else:
        item, r.at = found
        if (totalled or s.text.lower().startswith("total")) and isinstance(item, Agg):
            item = replace(item, assumed=False)
    if asked:
        r.wh = r.wh or "many"
        r.counting = True
    if r.zone in (GROUP, ORDER, TEST):
        r.zone = SELECT
    numeric = isinstance(item, Agg) and item.of is not None and _number_said(r)
    if r.pending and isinstance(item, Agg) and (item.func is Func.SUM or numeric):
        # `average number of points`: of the column itself.
        for func in r.pending:
            r.item(replace(item, func=func, assumed=False))
        r.pending = []
        return True
    if r.pending:
        # `average number of students`: over the groups, which only completing can know.
        r.weak += [f.value for f in r.pending]
        r.pending = []
    r.item(item)
    r.asking = False
    return True


def _counted_test(r: Reader) -> bool:
    """`whose number of orders is above 5`."""
    found = counted(r, r.at + 1)
    if found is None:
        return False
    measure, after = found
    after = r.skip(after, Op.EQUALS, Op.RELATIVE)
    s = r.segment(after)
    sense = s.sense(Op.COMPARE) if s else None
    at = r.skip(after + 1) if sense else after
    number = r.number(at)
    if number is None or not isinstance(measure, Agg):
        return False
    op = COMPARE_OPS[sense.arg] if sense else CompareOp.EQ
    if measure.func is Func.SUM and measure.assumed and isinstance(measure.of, Col):
        r.test(Compare(op, measure.of, Lit(number)))
    else:
        r.q.having.append(Having(measure, op, number))
    r.at = at + 1
    return True


_SURER = 0.15


def _value_named(r: Reader, at: int) -> bool:
    """A word that is a cell rather than a column."""
    s = r.segment(at)
    if s is None or not (s.values and s.columns) or s.tables or s.columns[0].exact:
        return False
    return s.values[0].score > s.columns[0].score + _SURER


def counted(r: Reader, at: int, *, lookup: bool = False) -> tuple[Item, int] | None:
    """The count of what is named at `at`, and the position after it."""
    at = r.skip(at)
    if r.sense(at, Op.ROWS) and not r.names_column(at) and not r.names_table(at):
        return Agg(Func.COUNT, noun="rows"), at + 1
    kinds = at
    while r.word(kinds) in KINDS:
        kinds = r.skip(kinds + 1)
    if kinds == at and _value_named(r, at):
        # `number of leads`: the rows with the value, which is read next.
        return Agg(Func.COUNT), kinds
    noun = noun_at(r, kinds)
    if noun is None:
        return None
    if kinds > at:
        noun = replace(noun, distinct=True)
    if noun.table and not noun.distinct:
        if r.names_column(noun.at + 1) and not r.sense(noun.at + 1, Op.EQUALS):
            following = r.segments[noun.at + 1].columns[0]
            if following.field.table.name == noun.table and following.exact:
                # `number of student names`
                r.attach = noun.table
                slot = r.column(noun.at + 1, "counted")
                return Agg(Func.COUNT, slot.expr, noun=noun.text), noun.at + 2
        r.name_table(noun.table)
        r.q.entity = r.q.entity or noun.table
        return Agg(Func.COUNT, None, noun.table, noun.text), noun.after
    if noun.table:
        r.name_table(noun.table)
        if r.segments[noun.at].columns:
            slot = r.column(noun.at, "counted")
            return Agg(Func.COUNT_DISTINCT, slot.expr, noun=noun.text), noun.after
        r.q.entity = r.q.entity or noun.table
        return Agg(Func.COUNT, None, noun.table, noun.text), noun.after
    return _counted_column(r, noun, lookup=lookup)


_MOSTLY = 0.7
"""Share of cells that begin with a number from which on a text column holds amounts."""


def _ordinal(noun: Noun, field: Field) -> bool:
    """`how many seasons` counts them: the column `Season` holds which one, not how many.

    A column of amounts is named in the plural, as `Points` is.
    """
    named = field.words[-1] if field.words else ""
    things = plural(noun.text) and not named.endswith("s")
    return things and not field.textual_number and not _amount(field)


def _amount(field: Field) -> bool:
    """Amounts have names of their own: attendance, population, and what is counted."""
    return not field.stems.isdisjoint(lexicon().counting | lexicon().amounts)


def _counted_column(r: Reader, noun: Noun, *, lookup: bool) -> tuple[Item, int]:
    hit = r.segments[noun.at].columns[0]
    field = hit.field
    slot = r.column(noun.at, "counted")
    if noun.distinct:
        return Agg(Func.COUNT_DISTINCT, slot.expr, noun=noun.text), noun.after
    adds = field.numeric or field.profile.first_number >= _MOSTLY
    if adds and not field.identifier and not _ordinal(noun, field):
        # `how many points`: the number itself, added up where there are several.
        return Agg(Func.SUM, slot.expr, noun=noun.text, assumed=True), noun.after
    return Agg(Func.COUNT, slot.expr, noun=noun.text, assumed=True), noun.after


def _number_said(r: Reader) -> bool:
    """The column that was counted holds numbers: `average number of attendees`."""
    options = r.slots[-1].options if r.slots else ()
    return bool(options) and options[0].field.numeric and not options[0].field.identifier


def measured_test(r: Reader, func: Func, at: int) -> bool:
    """`with an average price above 100`: groups are chosen by their measure."""
    if r.names_table(at):
        at += 1
    if not r.names_column(at):
        return False
    after = r.skip(at + 1, Op.EQUALS, Op.RELATIVE)
    s = r.segment(after)
    sense = s.sense(Op.COMPARE) if s else None
    number = r.number(r.skip(after + 1))
    if sense is None or number is None:
        return False
    slot = r.column(at, "measure", "number")
    op = COMPARE_OPS[sense.arg]
    r.q.having.append(Having(Agg(func, slot.expr), op, number))
    r.at = r.skip(after + 1) + 1
    return True


def aggregate_rule(r: Reader) -> bool:
    """`average`, `total`, `maximum` and the like wait for what they apply to."""
    s = r.segments[r.at]
    senses = s.args(Op.AGGREGATE)
    if not senses or s.columns:
        return False
    func = Func(min(senses))
    at = r.skip(r.at + 1)
    if r.zone == TEST and measured_test(r, func, at):
        return True
    if func is Func.SUM and r.sense(at, Op.COUNT):
        r.at = at
        return True
    if func is Func.SUM and r.names_table(at) and not r.names_column(at + 1):
        found = counted(r, at)
        if found is not None:
            r.item(found[0])
            r.at = found[1]
            return True
    if r.zone in (GROUP, ORDER) and r.link != "":
        r.zone = SELECT
    if r.zone == TEST and r.link and _applies(r, at):
        r.zone = SELECT
    r.link = ""
    r.pending.append(func)
    r.at += 1
    return True


def _applies(r: Reader, at: int) -> bool:
    at = r.skip(at, Op.AND, Op.COMMA, Op.AGGREGATE)
    return r.names_column(at)


def distinct_rule(r: Reader) -> bool:
    """`different`, `distinct`, `unique` before what is listed."""
    s = r.segments[r.at]
    if not s.sense(Op.DISTINCT) or s.columns:
        return False
    if r.zone in (SELECT, GROUP):
        r.q.distinct = r.q.distinct or r.zone == SELECT
    r.at += 1
    return True
