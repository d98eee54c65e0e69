"""Rules for cleaning: drop rows with gaps, fill them, each row once, text as numbers."""

from services.codegen.planner.language.query import Agg, Query
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Call, Case, Col, Expr, Fn, Func, IsNull, Lit, Not
from services.codegen.planner.schema import Field, snake


def clean_rule(r: Reader) -> bool:
    """`drop rows with missing price`, `fill missing wage with 0`, `remove duplicates`."""
    s = r.segments[r.at]
    sense = s.sense(Op.CLEAN)
    if sense is None or s.columns:
        return False
    match sense.arg:
        case "profile":
            return _missing_counts(r)
        case "drop":
            return _drop(r)
        case "fill":
            return _fill(r)
        case "dedupe":
            return _dedupe(r)
        case "cast":
            return _cast(r)
    return False


def _table(r: Reader) -> str:
    """The table that is cleaned: the one that is named, or the only one."""
    named = [r.names_table(at) for at in range(len(r.segments))]
    found = [n for n in named if n] or list(r.schema.tables)[:1]
    return found[0] if found else ""


def _columns(r: Reader) -> list[Field]:
    """The columns listed from here on; those are passed."""
    found: list[Field] = []
    while True:
        at = r.skip(r.at, Op.AND, Op.OR, Op.COMMA, Op.BY, Op.RELATIVE, Op.NULL)
        if not r.names_column(at):
            return found
        found.append(r.segments[at].columns[0].field)
        r.at = at + 1


def _rows_of(r: Reader) -> list[Field]:
    """All columns of the table are shown."""
    table = _table(r)
    r.name_table(table)
    r.q.entity = r.q.entity or table
    return r.schema.of(table)


def _missing_counts(r: Reader) -> bool:
    r.at += 1
    for f in _rows_of(r):
        missing = Agg(Func.COUNT, None, where=IsNull(Col(f.key)), label=f"missing_{snake(f.name)}")
        r.item(missing)
    r.at = len(r.segments)
    return True


def _drop(r: Reader) -> bool:
    start = r.at
    r.at += 1
    named = _columns(r)
    while r.sense(r.skip(r.at), Op.NULL):
        r.at = r.skip(r.at) + 1
    fields = _rows_of(r)
    if not named and r.q.items:
        r.at = start
        return False
    for f in named or fields:
        r.test(Not(IsNull(Col(f.key))))
    if not named:
        r.note("dropped rows in which any column is missing", 0.02)
    r.q.whole = not r.q.items
    return True


def _fill(r: Reader) -> bool:
    r.at += 1
    named = _columns(r)
    while r.word(r.skip(r.at)) in ("with", "by", "using", "as", "values", "nulls", "missing"):
        r.at = r.skip(r.at) + 1
    s = r.segment(r.skip(r.at))
    value = s.number if s is not None and s.number is not None else (s.text if s else None)
    if not named or value is None:
        return False
    text = s.tokens[0].lower if s is not None and s.number is None else value
    r.at = r.skip(r.at) + 1
    for f in _rows_of(r):
        r.item(_filled(f, text) if f in named else Col(f.key))
    return True


def _filled(f: Field, value: int | float | str) -> Expr:
    column = Col(f.key)
    return Case(((Not(IsNull(column)), column),), Lit(value))


def _dedupe(r: Reader) -> bool:
    r.at += 1
    by = _columns(r)
    fields = _rows_of(r)
    r.q.items = [Col(f.key) for f in fields]
    if not by:
        r.q.distinct = True
        return True
    r.q.per = [Col(f.key) for f in by]
    r.q.order = [(k, False) for k in r.q.per]
    r.q.limit = 1
    names = ", ".join(f.name for f in by)
    r.note(f"kept the first row for each {names}, in the order of the other columns", 0.05)
    return True


_TARGETS = frozenset({"number", "numbers", "numeric", "integer", "integers", "int", "float"})
_TARGETS |= {"double", "decimal", "a number"}


def _cast(r: Reader) -> bool:
    words = {t.lower for s in r.segments for t in s.tokens}
    r.at += 1
    named = _columns(r)
    if not named or not words & _TARGETS:
        return False
    r.at = len(r.segments)
    for f in _rows_of(r):
        r.item(Call(Fn.NUMBER, Col(f.key)) if f in named and not f.numeric else Col(f.key))
    r.note("cells that hold no number become missing", 0.05)
    return True


__all__ = ["Query", "clean_rule"]
