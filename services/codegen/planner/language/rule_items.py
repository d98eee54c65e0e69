"""Rules for what is left: columns to be shown, tables, the pieces that say nothing."""

from dataclasses import replace

from services.codegen.planner.language.labels import label
from services.codegen.planner.language.query import Agg, Cell
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader, plural
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import Op, lexicon, stem
from services.codegen.planner.plan import Col, Func
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
    if r.sense(r.at - 1, Op.AGAIN) and r.q.group_tables:
        # `for each department, its name`
        r.attach = r.attach or r.q.group_tables[-1]
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
    owner = r.segments[r.at].owner
    if owner and not r.pending:
        r.name_table(owner)
        r.q.entity = r.q.entity or owner
        r.fresh = []
    r.link, r.asking = "", False
    r.at += 1
    return True


def _listed(r: Reader) -> bool:
    """True when the column goes on with a list: `name and age`, `name, age`."""
    return bool(r.link) or r.asking


def _unlisted(r: Reader) -> bool:
    """`the score of the player …`: what the rows are, and whose value may be said."""
    if _of_each(r):
        r.q.keys.append(r.column(r.at, "key").expr)
        r.at += 1
        return True
    slot = r.column(r.at, "loose")
    r.loosen(slot)
    r.at += 1
    return True


def _of_each(r: Reader) -> bool:
    """`the median salaries of the job titles`: one for each."""
    s = r.segments[r.at]
    before = r.word(r.at - 1) + " " + r.word(r.at - 2)
    field = s.columns[0].field
    texts = not (field.numeric or field.is_date or field.unique)
    measures = [i for i in r.q.items if isinstance(i, Agg) and i.of is not None and not i.assumed]
    plurals = plural(s.text) and any(x.plural for x in r.slots if x.role == "measure")
    return "of" in before.split() and texts and plurals and len(measures) == len(r.q.items)


_WHOLE = 0.9
"""Score of a column whose name was said as good as whole."""


def better_item(r: Reader) -> None:
    """`the name of the track`, `who drove the fastest lap`: a column that is named without a role
    and named better than the only one that is shown is what was asked for."""
    if len(r.q.items) != 1 or not isinstance(r.q.items[0], Col):
        return
    shown = next((s for s in r.slots if s.expr == r.q.items[0]), None)
    if shown is None or not shown.options:
        return
    whole = shown.options[0].exact
    verb = r.wh in ("person", "time", "place") and r.back(shown.at) >= 0
    verb = verb and r.sense(r.back(shown.at), Op.WH, Op.RELATIVE, Op.EQUALS)
    if not (_only_names(shown) or (verb and not whole)):
        return
    hinted = {s.hint for s in r.slots if s.hint}
    beside = {s.beside for s in r.slots if s.beside is not None}
    for slot in r.loose:
        best = slot.options[0]
        named = _only_names(shown) and slot.at == _after_of(r, shown.at)
        named = named and not (whole and (best.field.numeric or best.field.is_date))
        better = not whole and best.score >= _WHOLE > shown.options[0].score
        free = best.field.key not in hinted and slot.number not in beside
        if free and (named or better) and best.field is not shown.options[0].field:
            r.q.items = [slot.expr]
            r.loose.remove(slot)
            r.loose.append(shown)
            return


def _only_names(slot: Slot) -> bool:
    words = {stem(w) for w in slot.text.lower().split()}
    return words <= lexicon().names


def _after_of(r: Reader, at: int) -> int:
    """The segment after `of the`; -1 when something else follows."""
    return r.skip(at + 1) if r.word(at + 1) == "of" else -1


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
    if r.link == "and" and _same_value(r):
        return True
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
        r.zone, r.asking = SELECT, False
        r.at += 1
        return True
    slot = r.column(r.at, "loose")
    r.loosen(slot)
    r.at += 1
    return True


def _same_value(r: Reader) -> bool:
    """`X had the pole and the fastest lap`: the value is one of the second column too."""
    keys = {c.field.key for c in r.segments[r.at].columns[:1]}
    for value in reversed(r.slots):
        if value.kind == "value" and value.hint and any(o.field.key in keys for o in value.options):
            slot = r.column(r.at, "test")
            again = r.value(value.at, slot)
            r.test(Cell(again.number, slot.number))
            r.at += 1
            return True
    return False


def table_rule(r: Reader) -> bool:
    """A table: what the rows are, where the columns before it belong, or just a part."""
    name = r.names_table(r.at)
    if not name:
        return False
    if r.zone == ORDER:
        r.zone = SELECT
    _once_more(r, name)
    r.name_table(name, r.segments[r.at].text)
    following = r.segment(r.at + 1)
    own = following is not None and any(c.field.table.name == name for c in following.columns)
    if own and r.names_column(r.at + 1) and r.zone in (SELECT, TEST):
        # `student name`
        r.attach = name
        _explained(r, name)
        if r.zone == SELECT and r.inner is None and (not r.q.items or not r.link):
            r.q.entity = r.q.entity or name
        r.at += 1
        return True
    if r.pending and r.zone == SELECT and not r.q.items and Func.SUM in r.pending:
        r.item(Agg(Func.COUNT, None, name, r.segments[r.at].text))
        r.pending = []
    _labelled(r, name)
    _explained(r, name)
    if r.inner is None:
        r.q.entity = r.q.entity or name
    r.link = "" if r.zone == SELECT else r.link
    r.at += 1
    return True


def _once_more(r: Reader, name: str) -> None:
    """`with a book in 1989 and a book in 1990`: two rows of the table, not one with both."""
    where = r.q.where
    if r.zone != TEST or r.link != "and" or not where or r.inner is not None:
        return
    if name in r.q.tables and r.q.items and r.named == name:
        where[-1] = replace(where[-1], both=True)
        r.both = True


def _labelled(r: Reader, name: str) -> None:
    """`the name, department and city`: a table within a list of columns stands for its label."""
    if r.zone != SELECT or not (r.link and r.fresh and r.q.items) or r.pending:
        return
    if not r.sense(r.at + 1, Op.AND, Op.COMMA) or r.word(r.at - 1) == "of":
        return
    label_item(r, name)


def label_item(r: Reader, name: str) -> None:
    """What the rows of a table are called by is shown."""
    fields = label(r.schema, name)[:1]
    if not fields:
        return
    options = tuple(Option(Col(f.key), f, 0.9) for f in fields)
    slot = Slot(len(r.slots), r.segments[r.at].text, options, role="item", at=r.at)
    r.slots.append(slot)
    r.item(slot.expr)


def passed_over(r: Reader) -> bool:
    """Words that carry no meaning of their own here, and words that were not understood."""
    s = r.segments[r.at]
    r.at += 1
    r.passed.append(s)
    if s.filler or s.senses:
        if not s.filler and not s.sense(*_QUIET):
            r.weak.append(s.text)
        return True
    for token in s.tokens:
        if token.kind is Kind.SYMBOL or (token.lower,) in lexicon().phrases:
            continue
        if not r.unplaced and _essential(r, r.at - 1):
            r.essential.append(token.text)
            if not r.pending:
                r.keyless.append(token.text)
        r.unplaced.append(token.text)
    if r.zone == GROUP and r.q.keys:
        r.zone = SELECT
    return True


def _essential(r: Reader, at: int) -> bool:
    """`total moonlight`, `average wind by operator`: without the word nothing is left to answer."""
    before = r.back(at)
    if r.sense(before, Op.AGGREGATE) and not r.segments[before].columns:
        return bool(r.pending) and not r.q.items
    return r.word(before) in ("by", "per", "for each") and bool(r.q.items) and not r.q.where


def _explained(r: Reader, name: str) -> None:
    """The columns said before belong to the table: `name and age of the students`."""
    if r.fresh and r.word(r.at - 1) not in ("and", ","):
        r.explain(name)


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
