"""Rules for the words between things: `that have`, `and`, `not`, `both`, `without any`."""

from services.codegen.planner.language.query import Agg, Clause, Linked, Query
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader
from services.codegen.planner.language.rule_items import label_item
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col


def wh_rule(r: Reader) -> bool:
    """`what`, `who`, `when`: what is asked for. In the middle of a question, a condition."""
    s = r.segments[r.at]
    sense = s.sense(Op.WH)
    if sense is None or s.columns:
        return False
    first = not (r.q.items or r.q.where or r.q.tables or r.q.keys or r.q.order)
    # `for each category, who is …`
    first = first or bool(r.link and not (r.q.items or r.q.where or r.q.tables or r.q.order))
    again = bool(r.link) and not s.sense(Op.RELATIVE)
    ending = not first and r.word(r.at) in _LATE and _asks_at_end(r)
    linked = bool(r.link) and r.word(r.at) in ("what", "which")
    if not first and s.sense(Op.RELATIVE) and not (linked or ending):
        return False
    late = not first and not again and r.word(r.at) in _LATE and not s.sense(Op.RELATIVE)
    late = late or ending or (linked and not r.wh)
    if first or again or late or not r.wh:
        plain = all(isinstance(i, Col) for i in r.q.items)
        if late and r.q.items and not r.wh and plain:
            # `X belonged to what team?`: what was named before is not what is asked for.
            r.loose += [x for x in r.slots if x.expr in r.q.items]
            r.q.items = []
        if again and r.q.order and r.q.entity and not r.q.items:
            # `what is the cheapest product and how much does it cost?`
            label_item(r, r.q.entity)
        r.zone = SELECT
        r.link = ""
    r.asking = True
    if not r.wh and sense.arg != "thing":
        r.wh = sense.arg
    elif not r.wh:
        r.wh = "thing"
    r.at += 1
    return True


def _asks_at_end(r: Reader) -> bool:
    """`… was a pick in which round?`: one column, and the question is over."""
    at = r.skip(r.at + 1)
    return r.names_column(at) and r.ends(at + 1)


_LATE = frozenset(
    {
        *("what", "which", "in which", "in what", "on what", "on which", "for what", "to what"),
        *("from what", "from which", "by what", "what type of", "what kind of", "at what"),
        *("at which", "by which", "during which", "under what", "with what", "with which"),
    }
)


def show_rule(r: Reader) -> bool:
    """`show`, `list`, `find`."""
    s = r.segments[r.at]
    if not s.sense(Op.SHOW) or s.columns or s.values:
        return False
    if s.sense(Op.COUNT):
        return False
    sentence = r.word(r.at - 1) in (".", "?", "!", ":", ";")
    if r.at and not (r.link or r.zone == SELECT or sentence):
        return False
    if sentence and r.q.items:
        _said_again(r)
    elif r.at and r.word(0).split()[0] == "for" and r.q.having:
        _those_with(r)
    r.zone = SELECT
    r.link = ""
    r.asking = True
    r.inner = None
    r.at += 1
    return True


def _said_again(r: Reader) -> None:
    """`… ? List the name and the count.`: the second sentence says what to show."""
    rest = [r.segments[i] for i in range(r.at + 1, len(r.segments))]
    if any(s.columns or s.tables or s.sense(Op.COUNT) for s in rest):
        groups = bool(r.q.keys or r.q.group_tables)
        texts = all(not s.columns[0].field.numeric for s in rest if s.columns)
        counted = any(s.sense(Op.COUNT, Op.AGGREGATE) for s in rest)
        kept = groups and texts and not counted
        r.q.items = [i for i in r.q.items if kept and isinstance(i, Agg)]
        r.fresh = []


def _those_with(r: Reader) -> None:
    """`for directors who had more than one film, list …`: the rows of such directors."""
    if not r.q.items and r.q.entity:
        inner = Query(having=r.q.having, where=r.q.where, tables=r.q.tables)
        r.q.having, r.q.where = [], [Clause(Linked(inner, False, r.q.entity))]
        r.q.tables, r.q.entity = [], ""
        return
    if len(r.q.items) != 1 or not isinstance(r.q.items[0], Col):
        return
    key = r.q.items[0]
    inner = Query(items=[key], keys=[key], having=r.q.having, where=r.q.where)
    r.q.items, r.q.having, r.q.where = [], [], [Clause(Linked(inner, False, "", key))]
    r.fresh = []


def relative_rule(r: Reader) -> bool:
    """`that`, `whose`, `with`, `where`: what follows are conditions."""
    s = r.segments[r.at]
    if not s.sense(Op.RELATIVE) or s.columns or s.values:
        return False
    if r.word(r.at) in ("with", "along with", "together with") and _companions(r):
        # `the top 3 with their station`: what follows is shown as well.
        r.zone, r.link, r.asking = SELECT, "and", True
        r.at += 1
        return True
    r.at += 1
    if r.zone in (SELECT, GROUP) and not r.counting and not (r.q.items or r.q.tables or r.q.keys):
        if s.text.lower() in ("with", "have", "has", "had"):
            r.zone = TEST
        return True
    r.zone = TEST
    r.counting = False
    return True


def _companions(r: Reader) -> bool:
    """Columns and nothing else up to the end of the question, none of them compared."""
    at, columns, theirs = r.at + 1, 0, False
    while (s := r.segment(at)) is not None:
        if r.names_column(at):
            columns += 1
        elif s.sense(Op.AGAIN):
            theirs = True
        elif not (s.filler or s.sense(Op.AND, Op.COMMA)):
            return False
        at += 1
    return columns > 0 and (theirs or bool(r.q.order) or not r.q.items)


def both_rule(r: Reader) -> bool:
    """`both A and B`, `neither A nor B`, `either A or B`."""
    s = r.segments[r.at]
    if s.columns or not s.sense(Op.BOTH, Op.EITHER, Op.NEITHER):
        return False
    if s.sense(Op.BOTH):
        r.both = True
        if r.word(r.at) != "both" and r.q.items:
            # `the industries shared by …`
            r.zone = TEST
    elif s.sense(Op.NEITHER):
        r.negated = True
        r.link = "and"
    r.at += 1
    return True


def link_rule(r: Reader) -> bool:
    """`and`, `or`, commas."""
    s = r.segments[r.at]
    if not s.sense(Op.AND, Op.OR, Op.COMMA) or s.columns or s.values:
        return False
    if s.sense(Op.OR):
        r.link = "or"
    else:
        r.link = r.link or "and"
    r.at += 1
    if r.inner is not None and r.sense(r.skip(r.at), *_ENDS):
        r.inner = None
    if r.zone == ORDER:
        r.zone = SELECT
    return True


_ENDS = (Op.RELATIVE, Op.NO, Op.NOT, Op.SHOW, Op.WH, Op.SORT, Op.COUNT, Op.SUPERLATIVE)


def all_rule(r: Reader) -> bool:
    """`all details`: every column of the table."""
    s = r.segments[r.at]
    if not s.sense(Op.ALL) or s.columns or r.zone != SELECT:
        return False
    r.q.whole = True
    r.at += 1
    return True
