"""Rules for what is shown, said at the end: `…: name, price`, `… with name and salary`."""

from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op

_OPENING = frozenset({":", "("})
_ONE = frozenset({"a", "an", "any", "some"})


def listing_rule(r: Reader) -> bool:
    """From here on there is nothing but names of columns: they are shown."""
    word = r.word(r.at)
    ranked = bool(r.q.order or r.limit or r.q.keys or r.q.group_tables)
    if word not in _OPENING and not (word == "with" and ranked):
        return False
    if r.segments[r.at].columns or not (r.q.items or r.q.entity or r.q.tables or r.q.where):
        return False
    if r.word(r.at + 1) in _ONE or not _only_columns(r, r.at + 1):
        return False
    if r.pending or not _new(r):
        return False
    r.zone, r.link, r.asking, r.inner = SELECT, "and", True, None
    r.at += 1
    return True


def _only_columns(r: Reader, at: int) -> bool:
    named = False
    for i in range(at, len(r.segments)):
        s = r.segments[i]
        if r.names_column(i):
            named = True
        elif r.names_table(i) and r.names_column(i + 1):
            continue
        elif not (s.filler or s.sense(Op.AND, Op.COMMA, Op.AGAIN)):
            return False
    return named


def _new(r: Reader) -> bool:
    """True unless the list before is already one of plain columns, which it only explains."""
    return not r.q.items or bool(r.q.order or r.limit or r.q.keys or r.q.where)
