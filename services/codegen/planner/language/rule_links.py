"""Rules for the words between things: `that have`, `and`, `not`, `both`, `without any`."""

from services.codegen.planner.language.hints import asked_fields
from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import Agg, Linked, Query, Than
from services.codegen.planner.language.reader import GROUP, ORDER, SELECT, TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col, CompareOp, Func, IsNull


def wh_rule(r: Reader) -> bool:
    """`what`, `who`, `when`: what is asked for. In the middle of a question, a condition."""
    s = r.segments[r.at]
    sense = s.sense(Op.WH)
    if sense is None or s.columns:
        return False
    first = not (r.q.items or r.q.where or r.q.tables or r.q.keys or r.q.order)
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
    if r.at and not (r.link or r.zone == SELECT):
        return False
    if r.at and r.word(r.at - 1) in (".", "?", "!") and r.q.items:
        _said_again(r)
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
        r.q.items = []
        r.fresh = []


def relative_rule(r: Reader) -> bool:
    """`that`, `whose`, `with`, `where`: what follows are conditions."""
    s = r.segments[r.at]
    if not s.sense(Op.RELATIVE) or s.columns or s.values:
        return False
    r.at += 1
    if r.zone in (SELECT, GROUP) and not r.counting and not (r.q.items or r.q.tables or r.q.keys):
        if s.text.lower() in ("with", "have", "has", "had"):
            r.zone = TEST
        return True
    r.zone = TEST
    r.counting = False
    return True


def not_rule(r: Reader) -> bool:
    """`not`, `except`: the next condition is turned around, or another table has no such row."""
    s = r.segments[r.at]
    if not s.sense(Op.NOT) or s.columns:
        return False
    if r.q.entity and _without(r):
        return True
    r.negated = not r.negated
    if r.zone == SELECT and (r.q.items or r.q.tables):
        r.zone = TEST
    r.at += 1
    return True


def no_rule(r: Reader) -> bool:
    """`without orders`, `that have no friends`, `never filed a complaint`: none of another table."""
    s = r.segments[r.at]
    if not s.sense(Op.NO) or s.columns or s.values:
        return False
    if _without(r):
        return True
    at = r.skip(r.at + 1)
    noun = noun_at(r, at)
    r.zone = TEST
    if noun is not None and not noun.table and not r.segments[noun.at].values:
        field = r.segments[noun.at].columns[0].field
        tested = r.sense(noun.at + 1, Op.EQUALS, Op.COMPARE)
        if field.profile.nulls and not tested:
            slot = r.column(noun.at, "test")
            r.test(IsNull(slot.expr))
            r.at = noun.after
            return True
    r.negated = not r.negated
    r.at += 1
    return True


_REACH = 7
"""Segments between a negation and the table that it is about."""


def _without(r: Reader) -> bool:
    """The table of which there is no row, where one is named before the next condition."""
    mine = r.q.entity or (r.q.tables[0] if r.q.tables else "")
    for at in range(r.at + 1, min(r.at + 1 + _REACH, len(r.segments))):
        s = r.segments[at]
        if s.sense(Op.COMPARE, Op.SORT, Op.AND, Op.OR, Op.BETWEEN) and not s.columns:
            return False
        if s.columns and (s.columns[0].exact or r.sense(at + 1, Op.COMPARE)):
            return False
        name = r.names_table(at)
        if name and name != mine:
            query = Query(tables=[name])
            r.test(Linked(query, True, name))
            r.inner = query
            r.zone = TEST
            r.at += 1
            return True
        if s.values and s.values[0].score >= 0.9:
            table = s.values[0].field.table.name
            if table == mine:
                return False
    return False


def both_rule(r: Reader) -> bool:
    """`both A and B`, `neither A nor B`, `either A or B`."""
    s = r.segments[r.at]
    if s.columns or not s.sense(Op.BOTH, Op.EITHER, Op.NEITHER):
        return False
    if s.sense(Op.BOTH):
        r.both = True
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


def than_average(r: Reader) -> bool:
    """`above the average`, `age greater than the average age`, `more than that of X`."""
    at, left = r.at, None
    if r.names_column(at):
        nxt = r.skip(at + 1, Op.EQUALS)
        if r.sense(nxt, Op.COMPARE):
            left, at = at, nxt
    s = r.segments[at]
    sense = s.sense(Op.COMPARE)
    if sense is None or s.columns:
        return False
    start = r.skip(at + 1, Op.AGAIN)
    inner = r.segment(start)
    funcs = inner.args(Op.AGGREGATE) if inner else set()
    supers = inner.sense(Op.SUPERLATIVE) if inner else None
    if supers is not None and not supers.hints and not supers.rows:
        funcs = {"max" if supers.arg == "desc" else "min"}
    if inner is None:
        return False
    if not funcs and left is not None and (found := _quantified(r, left, at, OPS[sense.arg])):
        return found
    if not funcs or inner.columns:
        return False
    return _than(r, left, start, Func(min(funcs)), OPS[sense.arg], sense.hints)


def _than(
    r: Reader, left: int | None, start: int, func: Func, op: CompareOp, hints: tuple[str, ...]
) -> bool:
    from services.codegen.planner.language.hints import hinted_slot

    target = r.skip(start + 1)
    named = r.names_column(target)
    left_slot = r.column(left, "test", "number") if left is not None else None
    right_slot = r.column(target, "measure", "number") if named else None
    if left_slot is None and hints:
        left_slot = hinted_slot(r, hints, "test")
    slot = left_slot or right_slot or _before(r)
    if slot is None:
        return False
    of = right_slot or slot
    query = Query(items=[Agg(func, of.expr)])
    r.test(Than(op, slot.expr, query))
    r.at = target + 1 if named else start + 1
    _same_table(r)
    return True


def _quantified(r: Reader, left: int, at: int, op: CompareOp) -> bool:
    """`greater than all wines of 2006`, `lower than some song`: the extreme of the others."""
    words = [r.word(i) for i in range(at + 1, min(at + 4, len(r.segments)))]
    every = any(w in _EVERY for w in words)
    some = any(w in _SOME for w in words)
    noun = noun_at(r, r.skip(at + 1, Op.BY, Op.OR))
    if not (every or some) or noun is None or not noun.table:
        return False
    above = op in (CompareOp.GT, CompareOp.GE)
    func = Func.MAX if above is every else Func.MIN
    slot = r.column(left, "test", "number")
    query = Query(items=[Agg(func, slot.expr)], tables=[noun.table])
    r.test(Than(op, slot.expr, query))
    r.inner = query
    r.at = noun.after
    r.zone = TEST
    return True


_EVERY = frozenset({"all", "every", "each", "all the"})
_SOME = frozenset({"any", "some", "any of", "some of", "at least one"})


def _same_table(r: Reader) -> None:
    """`the average age of all students` names the table again."""
    at = r.skip(r.at)
    between = r.at != at
    if between and r.names_table(at) and r.names_table(at) in (r.q.entity, *r.q.tables):
        r.at = at + 1


def _before(r: Reader):  # type: ignore[no-untyped-def]
    numbers = [s for s in r.slots if s.kind == "column" and s.options[0].field.numeric]
    return numbers[-1] if numbers else None


def all_rule(r: Reader) -> bool:
    """`all details`: every column of the table."""
    s = r.segments[r.at]
    if not s.sense(Op.ALL) or s.columns or r.zone != SELECT:
        return False
    r.q.whole = True
    r.at += 1
    return True


def asked(r: Reader) -> list[str]:
    """Fields that the question word asks for, where no column was named."""
    tables = [r.q.entity] if r.q.entity else r.q.tables
    return [f.key for f, _ in asked_fields(r, r.wh, tables)]
