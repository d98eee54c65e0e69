"""Rules for gaps: `with missing speed`, `known price`, `without damage`, `without sick days`."""

from services.codegen.planner.language.query import Some, Un
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col, Compare, CompareOp, IsNull, Lit, Not, Predicate
from services.codegen.planner.schema import Field

_NONE = frozenset({"none", "nil", "no", "n/a", "nothing"})


def missing_rule(r: Reader) -> bool:
    """`missing speed`, `with known speed`: the word stands before its column."""
    s = r.segments[r.at]
    if s.columns or s.values or not s.sense(Op.NULL, Op.NOT_NULL):
        return False
    at = r.skip(r.at + 1)
    if not r.names_column(at) or r.sense(at + 1, Op.COMPARE, Op.EQUALS):
        return False
    if r.zone == SELECT and not (r.q.items or r.q.entity or r.q.tables or r.counting):
        return False
    known = s.sense(Op.NOT_NULL) is not None
    slot = r.column(at, "test")
    r.test(Not(IsNull(slot.expr)) if known else IsNull(slot.expr))
    r.at = at + 1
    return True


def without_rule(r: Reader) -> bool:
    """`without damage`: a gap in the column, or a cell that says none."""
    s = r.segments[r.at]
    if s.columns or s.values or not s.sense(Op.NO) or not s.text.lower().startswith("with"):
        return False
    at = r.skip(r.at + 1)
    named = r.segment(at)
    if named is None or not named.columns or r.names_table(at):
        return False
    if r.sense(at + 1, Op.COMPARE, Op.EQUALS) or r.number(at + 1) is not None:
        return False
    slot = r.column(at, "test")
    field = slot.options[0].field
    nothing = _nothing(field)
    if not field.profile.nulls and not nothing:
        r.slots.remove(slot)
        return False
    slot.options = slot.options[:1]
    tests: list[Predicate] = [IsNull(slot.expr)]
    for value in nothing:
        tests.append(Compare(CompareOp.EQ, Col(slot.expr.name), Lit(value)))
    if nothing:
        said = " or ".join(map(str, nothing))
        what = "count as having none" if field.numeric else "count as missing too"
        r.note(f"{said} or empty {what} in {field.name!r}", 0.03)
    r.test(tests[0] if len(tests) == 1 else Some(tuple(tests)))
    r.at = at + 1
    return True


def with_rule(r: Reader) -> bool:
    """`with damage`, `that caused damage`: any cell but the one that says none."""
    s = r.segments[r.at]
    if s.columns or s.values or s.text.lower() not in _HAVING or not _rows_said(r):
        return False
    at = r.skip(r.at + 1)
    named = r.segment(at)
    if named is None or not named.columns or named.values or r.names_table(at):
        return False
    column = named.columns[0].field
    nothing = _nothing(column) if not column.numeric else []
    following = r.segment(r.skip(at + 1))
    goes_on = following is not None and not following.sense(Op.BY, Op.AND, Op.PREPOSITION, Op.SORT)
    if not nothing or (goes_on and r.at + 1 < len(r.segments) and not r.ends(at + 1)):
        return False
    slot = r.column(at, "test")
    slot.options = slot.options[:1]
    tests = [Compare(CompareOp.EQ, Col(slot.expr.name), Lit(v)) for v in nothing]
    r.test(Un(Some((IsNull(slot.expr), *tests))))
    said = " or ".join(map(str, nothing))
    r.note(f"took {named.text!r} for any {column.name!r} other than {said}", 0.03)
    r.at = at + 1
    return True


_HAVING = frozenset({"with", "have", "has", "had", "having", "caused", "cause", "causing"})


def _rows_said(r: Reader) -> bool:
    return bool(r.q.items or r.q.entity or r.q.tables or r.counting)


def _nothing(field: Field) -> list[int | str]:
    """The values of a column that say that there is none."""
    if field.numeric and not field.textual_number:
        return [0] if any(v == 0 for v in field.profile.values) and not field.identifier else []
    return [v for v in field.profile.values if isinstance(v, str) and v.casefold() in _NONE]
