"""How the conditions of a question go together: alternatives, and what no row can fulfil."""

from collections.abc import Callable
from dataclasses import replace

from services.codegen.planner.language.query import Clause, Cond, Every, Some, Un, columns_in
from services.codegen.planner.plan import Between, Compare, CompareOp, Expr, Lit, Match, OneOf


def conditions(
    clauses: list[Clause], many: Callable[[str], bool] = lambda name: False
) -> list[Clause]:
    """Alternatives joined: `A or B`, and values of one column, of which no row has two."""
    out: list[Clause] = []
    for c in clauses:
        cond: Cond = Un(c.cond) if c.negated else c.cond
        last = out[-1] if out else None
        if last is not None and _neither(last, c):
            assert isinstance(last.cond, Un)
            out[-1] = replace(last, cond=Un(_either(last.cond.of, c.cond)))
            continue
        if last is not None and _alternative(last, c, many):
            out[-1] = replace(last, cond=_either(last.cond, cond))
            continue
        out.append(replace(c, cond=cond))
    return out


def _neither(last: Clause, c: Clause) -> bool:
    """`not in Texas or California`: neither of them."""
    if not isinstance(last.cond, Un) or not last.negated or c.negated:
        return False
    return c.link == "or" and _same_cell(last.cond.of, c.cond)


def _alternative(last: Clause, c: Clause, many: Callable[[str], bool]) -> bool:
    if last.both or c.both:
        return False
    several = any(many(n) for n in columns_in(c.cond))
    if several and c.link == "and" and _same_cell(last.cond, c.cond):
        return False
    if c.negated or last.negated or c.part != last.part:
        return False
    if c.link == "or":
        return True
    return _same_cell(last.cond, c.cond)


def contradiction(where: list[Clause]) -> tuple[Clause, Clause] | None:
    """Two conditions that no row fulfils together."""
    for i, a in enumerate(where):
        for b in where[i + 1 :]:
            if excludes(a.cond, b.cond):
                return a, b
    return None


def excludes(a: Cond, b: Cond) -> bool:
    """True when no row fulfils both."""
    match a, b:
        case Between(of=x), Between(of=y):
            return x == y and (_ends_before(a, b) or _ends_before(b, a))
        case Every(of=parts), other:
            return any(excludes(p, other) for p in parts)
        case other, Every(of=parts):
            return any(excludes(other, p) for p in parts)
        case Compare(op=CompareOp.EQ, left=x, right=v), Compare(op=CompareOp.EQ, left=y, right=w):
            return x == y and v != w
        case Compare(left=x, right=Lit(value=v)), Compare(left=y, right=Lit(value=w)) if x == y:
            low = a.op in _ABOVE and b.op in _BELOW
            high = a.op in _BELOW and b.op in _ABOVE
            comparable = isinstance(v, int | float) and isinstance(w, int | float)
            comparable = comparable or type(v) is type(w)
            return comparable and ((low and v >= w) or (high and v <= w))  # type: ignore[operator]
    return False


def _ends_before(a: Between, b: Between) -> bool:
    high, low = a.high.value, b.low.value
    if isinstance(high, str) or type(high) is not type(low):
        return False
    return high < low or (a.half_open and high == low)  # type: ignore[operator]


_ABOVE = (CompareOp.GT, CompareOp.GE)
_BELOW = (CompareOp.LT, CompareOp.LE)


def _same_cell(a: Cond, b: Cond) -> bool:
    """Two values of one column: the rows that have either."""
    parts = a.of if isinstance(a, Some) else (a,)
    return all(_equal(p) is not None and _equal(p) == _equal(b) for p in parts)


def _equal(c: Cond) -> Expr | None:
    match c:
        case Compare(op=CompareOp.EQ, left=left):
            return left
        case OneOf(of=of) | Match(of=of):
            return of
    return None


def _either(a: Cond, b: Cond) -> Cond:
    return Some((*(a.of if isinstance(a, Some) else (a,)), b))
