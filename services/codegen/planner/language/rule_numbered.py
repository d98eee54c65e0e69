"""The rule for things that are called by a number: `episode 94`, `test #4`, `no. 23`."""

from services.codegen.planner.language.query import Item
from services.codegen.planner.language.reader import SELECT, Reader, bare
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col, Compare, CompareOp, Lit
from services.codegen.planner.schema import Field
from services.codegen.planner.typed_values import typed_index

_MARKS = frozenset({"no", "number", "num", "nr", "#", "id", "code", "index", "rank", "pick"})
_SAYS = frozenset({"number", "no", "#", "num", "nr", "numbered", "no."})


def numbered_rule(r: Reader) -> bool:
    """A number right after a noun that no column of numbers is named by."""
    number = r.number(r.at)
    if number is None or not isinstance(number, int) or r.sense(r.at + 1, Op.COMPARE):
        return False
    before = r.segment(r.at - 1)
    if before is None or r.sense(r.at - 1, Op.TOP, Op.COMPARE, Op.SUPERLATIVE, Op.SHOW, Op.BETWEEN):
        return False
    nxt = r.segment(r.at + 1)
    ahead = before.filler and nxt is not None and not nxt.senses and bare(nxt) and bool(r.wh)
    said = before.senses and r.word(r.at - 1) not in _SAYS
    if (before.filler or said) and not ahead:
        # `episode 113` and `the 113 episode`
        return False
    if r.zone == SELECT and not (r.wh or r.counting or r.q.items):
        return False
    following = r.segment(r.at + 1)
    if following is not None and (following.columns or following.tables):
        return False
    options = _options(r, number)
    if not options:
        return False
    slot = Slot(len(r.slots), str(number), options, role="test", want="number", at=r.at)
    r.slots.append(slot)
    r.test(Compare(CompareOp.EQ, slot.expr, Lit(number)))
    if before.text in r.unplaced:
        r.unplaced.remove(before.text)
    r.at += 1
    return True


def _options(r: Reader, number: int) -> tuple[Option, ...]:
    """Columns that hold the number and may number things, best first."""
    said = {t.stem for s in r.segments[max(0, r.at - 2) : r.at] for t in s.tokens}
    used: set[Item] = set(r.q.items)
    out = []
    for field in typed_index(r.schema).numbers.get(float(number), ()):
        marked = not _MARKS.isdisjoint(w for w in field.words) or field.unique
        named = bool(field.stems & said)
        shown = any(s.expr in used and s.options[0].field is field for s in r.slots)
        score = 0.6 + 0.15 * marked + 0.1 * named + 0.05 * _first(field) - 0.3 * shown
        if marked or named:
            out.append(Option(Col(field.key), field, score))
    return tuple(sorted(out, key=lambda o: -o.score)[:4])


def _first(field: Field) -> bool:
    """The first column of a table often numbers its rows."""
    return field.table.columns[0].name == field.name
