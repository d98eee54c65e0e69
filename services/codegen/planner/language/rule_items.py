"""Rules for what is left: columns to be shown, tables, the pieces that say nothing."""

from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Func
from services.codegen.planner.words import Kind


def column_item(r: Reader) -> bool:
    """A bare column: shown, measured, or a weak condition."""
    if not r.names_column(r.at):
        return False
    if r.zone == ORDER:
        r.zone = SELECT
    if r.zone == TEST:
        return _left_over(r)
    if r.q.items and not r.pending and not _listed(r):
        return _unlisted(r)
    slot = r.column(r.at, "item")
    if r.pending:
        slot.role, slot.want = "measure", "number"
        for func in r.pending:
            r.item(Agg(func, slot.expr))
        if not _more_measures(r):
            r.pending = []
    else:
        r.item(slot.expr)
    r.fresh.append(slot)
    r.link, r.asking = "", False
    r.at += 1
    return True


def _listed(r: Reader) -> bool:
    """True when the column goes on with a list: `name and age`, `name, age`."""
    return bool(r.link) or r.asking


def _unlisted(r: Reader) -> bool:
    """`the score of the player …`: what the rows are, and whose value may be said."""
    slot = r.column(r.at, "loose")
    r.loosen(slot)
    r.at += 1
    return True


def _more_measures(r: Reader) -> bool:
    """`average height and weight`: the function goes on over the next number."""
    at = r.at + 1
    if not r.sense(at, Op.AND, Op.COMMA):
        return False
    at = r.skip(at + 1, Op.AND)
    if not r.names_column(at):
        return False
    field = r.segments[at].columns[0].field
    return field.numeric and not field.identifier


def _left_over(r: Reader) -> bool:
    """A column that no condition took: after `and` it may be shown, else it is passed over."""
    if r.link == "and" and r.at + 1 >= len(r.segments) and not r.q.where:
        slot = r.column(r.at, "item")
        r.item(slot.expr)
        r.link = ""
        r.at += 1
        return True
    if not r.q.items and not r.q.entity and r.wh:
        slot = r.column(r.at, "item")
        r.item(slot.expr)
        r.fresh = [slot]
        r.zone = SELECT
        r.at += 1
        return True
    slot = r.column(r.at, "loose")
    r.loosen(slot)
    r.at += 1
    return True


def table_rule(r: Reader) -> bool:
    """A table: what the rows are, where the columns before it belong, or just a part."""
    name = r.names_table(r.at)
    if not name:
        return False
    if r.zone == ORDER:
        r.zone = SELECT
    r.name_table(name, r.segments[r.at].text)
    following = r.segment(r.at + 1)
    own = following is not None and any(c.field.table.name == name for c in following.columns)
    if own and r.names_column(r.at + 1) and r.zone in (SELECT, TEST):
        # `student name`
        r.attach = name
        _explained(r, name)
        if r.zone == SELECT and r.q.items and not r.link:
            r.q.entity = r.q.entity or name
        r.at += 1
        return True
    if r.pending and r.zone == SELECT and not r.q.items and Func.SUM in r.pending:
        r.item(Agg(Func.COUNT, None, name, r.segments[r.at].text))
        r.pending = []
    _explained(r, name)
    if r.inner is None:
        r.q.entity = r.q.entity or name
    r.link = "" if r.zone == SELECT else r.link
    r.at += 1
    return True


def passed_over(r: Reader) -> bool:
    """Words that carry no meaning of their own here, and words that were not understood."""
    s = r.segments[r.at]
    r.at += 1
    if s.filler or s.senses:
        if not s.filler and not s.sense(*_QUIET):
            r.weak.append(s.text)
        return True
    for token in s.tokens:
        if token.kind is Kind.SYMBOL or (token.lower,) in lexicon().phrases:
            continue
        r.unplaced.append(token.text)
    if r.zone == GROUP and r.q.keys:
        r.zone = SELECT
    return True


def _explained(r: Reader, name: str) -> None:
    """The columns said before belong to the table: `name and age of the students`."""
    if r.fresh and r.word(r.at - 1) not in ("and", ","):
        for slot in r.fresh:
            slot.tables = slot.tables or (name,)
        r.fresh = []


_QUIET = (
    Op.EQUALS,
    Op.RELATIVE,
    Op.PREPOSITION,
    Op.AGAIN,
    Op.SHOW,
    Op.WH,
    Op.AND,
    Op.COMMA,
    Op.BY,
    Op.ROWS,
    Op.SUFFIX,
    Op.TIMES,
    Op.UNIT,
    Op.MEASURED,
    Op.FILLER,
    Op.ALL,
    Op.ROLE,
)
