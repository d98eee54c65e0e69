"""Rules for comparisons with a computed value: `above the average`, `more than any of 2006`."""

from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import Agg, Cell, Clause, Query, Than
from services.codegen.planner.language.reader import TEST, Reader
from services.codegen.planner.language.rule_measures import COMPARE_OPS as OPS
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import CompareOp, Func


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
    if not funcs and _than_row(r, left, at, OPS[sense.arg], sense.hints):
        return True
    if not funcs or inner.columns:
        return False
    return _than(r, left, start, Func(min(funcs)), OPS[sense.arg], sense.hints)


def _than(
    r: Reader, left: int | None, start: int, func: Func, op: CompareOp, hints: tuple[str, ...]
) -> bool:
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
    _same_table(r, query)
    return True


def _than_row(r: Reader, left: int | None, at: int, op: CompareOp, hints: tuple[str, ...]) -> bool:
    """`a salary higher than Clara Rossi`, `older than Tom`: the same column of a named row."""
    start = r.skip(at + 1, Op.AGAIN)
    if r.word(start) in _THAT:
        start = r.skip(start + 1)
    s = r.segment(start)
    text = s is not None and bool(s.values) and s.number is None and not s.columns
    if s is None or not text or s.values[0].score < 0.9 or not (left is not None or hints):
        return False
    slot = r.column(left, "test", "number") if left is not None else hinted_slot(r, hints, "test")
    if slot is None:
        return False
    func = Func.MAX if op in (CompareOp.GT, CompareOp.GE) else Func.MIN
    value = r.value(start)
    query = Query(items=[Agg(func, slot.expr)], where=[Clause(Cell(value.number))])
    r.test(Than(op, slot.expr, query))
    r.at = start + 1
    r.zone = TEST
    return True


_THAT = frozenset({"that", "that of", "those of", "the one of", "what"})


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


def _same_table(r: Reader, query: Query) -> None:
    """`the average age of all students` names the table again; what follows is about those."""
    at = r.skip(r.at)
    between = r.at != at
    if between and r.names_table(at) and r.names_table(at) in (r.q.entity, *r.q.tables):
        query.tables = [r.names_table(at)]
        r.at = at + 1
        if not r.sense(r.at, Op.AND, Op.OR, Op.COMMA) and not r.ends(r.at):
            r.inner, r.zone = query, TEST


def _before(r: Reader) -> Slot | None:
    numbers = [s for s in r.slots if s.kind == "column" and s.options[0].field.numeric]
    return numbers[-1] if numbers else None
