"""The quotient of two counts: `ratio of flats with a lift to flats without one in Rome`."""

from services.codegen.planner.language.query import Agg, Clause, Every, Ratio, Un
from services.codegen.planner.language.reader import SELECT, Halves, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func

_TO = frozenset({"to", "out of", "versus", "vs", "over", "against"})
_WITHIN = frozenset({"in", "for", "at", "on", "from", "within", "among"})


def halves_rule(r: Reader) -> bool:
    """`ratio of A to B`, where each is a count of rows with conditions of their own."""
    if not r.sense(r.at, Op.RATIO) or r.segments[r.at].columns or r.q.items:
        return False
    to = _second(r)
    if to is None or not _counts(r, r.at + 1, to):
        return False
    r.halves = Halves(to)
    r.at += 1
    r.zone, r.asking = SELECT, False
    return True


def _second(r: Reader) -> int | None:
    """The position of the word between the halves, after which rows are counted too."""
    for at in range(r.at + 2, len(r.segments) - 1):
        if r.word(at) in _TO and _counts(r, at + 1, min(at + 5, len(r.segments))):
            return at
    return None


def _counts(r: Reader, start: int, end: int) -> bool:
    """True when rows of a table are counted there: `restaurants`, `the number of restaurants`."""
    at = r.skip(start, Op.ALL, Op.COUNT, Op.AGGREGATE)
    while at < end and r.segments[at].values and not r.names_table(at):
        at = r.skip(at + 1)
    return at < end and bool(r.names_table(at))


def middle_rule(r: Reader) -> bool:
    """The word between the halves of a quotient."""
    halves = r.halves
    if halves is None or r.at != halves.to:
        return False
    halves.left, halves.where = _measure(r), r.q.where
    r.q.where, r.q.items = [], []
    r.link, r.negated, r.inner = "", False, None
    r.zone = SELECT
    r.named = ""
    r.at += 1
    return True


def _measure(r: Reader) -> Agg:
    """What was counted last: as said, or the rows of the table that was named."""
    counted = next((i for i in r.q.items if isinstance(i, Agg)), None)
    table = r.q.entity or (r.q.tables[0] if r.q.tables else "")
    return counted or Agg(Func.COUNT, None, table, r.nouns.get(table, ""))


def settle_halves(r: Reader) -> None:
    """The quotient from both halves; what is said of neither holds for both."""
    halves = r.halves
    if halves is None or halves.left is None:
        return
    right = _measure(r)
    own = [c for c in r.q.where if halves.where and _own(r, c)]
    r.q.where = [c for c in r.q.where if c not in own]
    left = _only(halves.left, halves.where)
    r.q.items = [Ratio("/", left, _only(right, own))]


def _own(r: Reader, c: Clause) -> bool:
    """`with a rating below 4` is of the second half, `in New York` of both."""
    return r.word(c.at - 1) not in _WITHIN


def _only(measure: Agg, where: list[Clause]) -> Agg:
    conds = tuple(Un(c.cond) if c.negated else c.cond for c in where)
    return Agg(
        measure.func, measure.of, measure.table, measure.noun, Every(conds) if conds else None
    )
