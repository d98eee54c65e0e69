"""Rules for how far extremes are apart: `difference between the highest and the lowest salary`."""

from dataclasses import dataclass

from services.codegen.planner.language.expressions import Said, expression_at
from services.codegen.planner.language.query import Agg, Ratio
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Expr, Func

_APART = frozenset({"and", "minus", "less", "to", "from", "exceed", "exceeds", "over", "above"})
_LESS = frozenset({"minus", "less", "exceed", "exceeds", "over", "above"})


@dataclass(frozen=True)
class _Extreme:
    func: Func
    said: Said | None
    """What it is an extreme of, where that is named with it."""
    after: int


def extremes_rule(r: Reader) -> bool:
    """`gap between the highest and lowest salary`, `max salary minus min salary`."""
    if r.segments[r.at].columns:
        return False
    start, links = r.at, _LESS
    if r.sense(r.at, Op.DIFFERENCE):
        start, links = r.at + 1, _APART
    elif r.word(r.at) == "by" and r.word(r.at + 1).startswith("how much"):
        start = r.at + 2
    first = _extreme_at(r, start)
    if first is None or r.word(first.after) not in links:
        return False
    second = _extreme_at(r, first.after + 1)
    of = _of(r, first, second) if second is not None else None
    if second is None or of is None:
        return False
    left, right = of
    r.q.items.append(Ratio("-", Agg(first.func, left), Agg(second.func, right)))
    r.link, r.asking, r.zone = "", False, SELECT
    r.at = second.after
    return True


def _extreme_at(r: Reader, at: int) -> _Extreme | None:
    """`the highest salary`, `minimum`: a function, and its column where one follows."""
    at = r.skip(at)
    s = r.segment(at)
    if s is None or s.columns:
        return None
    rank = s.sense(Op.SUPERLATIVE)
    funcs = s.args(Op.AGGREGATE)
    if rank is not None and not (rank.hints or rank.rows):
        func = Func.MAX if rank.arg == "desc" else Func.MIN
    elif funcs:
        func = Func(min(funcs))
    else:
        return None
    said = expression_at(r, at + 1) if r.names_column(r.skip(at + 1)) else None
    return _Extreme(func, said, said.after if said is not None else at + 1)


def _of(r: Reader, first: _Extreme, second: _Extreme) -> tuple[Expr, Expr] | None:
    """The columns of both; one that is named once holds for both, or was named before."""
    said, other = first.said or second.said, second.said
    if said is None:
        last = r.slots[-1] if r.slots and r.slots[-1].expr in r.q.items else None
        if last is None or not last.options[0].field.numeric:
            return None
        r.q.items.remove(last.expr)
        last.role, last.want = "measure", "number"
        return last.expr, last.expr
    left = said.make("measure")
    both = first.said is not None and other is not None
    return left, other.make("measure") if both and other is not None else left
