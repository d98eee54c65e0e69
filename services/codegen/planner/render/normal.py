"""Plans in the form that both renderers read."""

from collections.abc import Iterator, Mapping

from services.codegen.planner import plan as p

_INVERSE: Mapping[p.CompareOp, p.CompareOp] = {
    p.CompareOp.EQ: p.CompareOp.NE,
    p.CompareOp.NE: p.CompareOp.EQ,
    p.CompareOp.LT: p.CompareOp.GE,
    p.CompareOp.GE: p.CompareOp.LT,
    p.CompareOp.GT: p.CompareOp.LE,
    p.CompareOp.LE: p.CompareOp.GT,
}


def positive(where: p.Predicate, negated: bool = False) -> p.Predicate:
    """`where` with each Not pushed down to one test, so that NULL and false drop a row alike.

    SQL knows three truth values; below a Not, "false" and NULL are not the same. Arrow's `isin`
    says false for NULL, so only this form means the same on both frameworks.
    """
    match where:
        case p.Not(of):
            return positive(of, not negated)
        case p.AllOf(of) if not negated:
            return p.AllOf(tuple(positive(w) for w in of))
        case p.AnyOf(of) if not negated:
            return p.AnyOf(tuple(positive(w) for w in of))
        case p.AllOf(of):
            return p.AnyOf(tuple(positive(w, True) for w in of))
        case p.AnyOf(of):
            return p.AllOf(tuple(positive(w, True) for w in of))
        case p.Compare(op, left, right, fold) if negated:
            return p.Compare(_INVERSE[op], left, right, fold)
        case p.Between(of, low, high, half_open) if negated:
            above = p.CompareOp.GE if half_open else p.CompareOp.GT
            outside = (p.Compare(p.CompareOp.LT, of, low), p.Compare(above, of, high))
            return p.AnyOf(outside)
        case _:
            return p.Not(where) if negated else where


def conjuncts(where: p.Predicate) -> Iterator[p.Predicate]:
    """The tests that must all hold, flattened."""
    if isinstance(where, p.AllOf):
        for part in where.of:
            yield from conjuncts(part)
    else:
        yield where


def ties(sort: p.Sort, above: tuple[str, ...], names: tuple[str, ...]) -> tuple[p.SortKey, ...]:
    """The sort's keys, then the other answer columns ascending, so that the order is total.

    `above`: the answer's columns; `names`: those of the sort.
    """
    given = {k.name for k in sort.keys}
    shown = [n for n in above if n in names] or list(names)
    return (*sort.keys, *(p.SortKey(n) for n in shown if n not in given))


def scans(node: p.Node) -> Iterator[p.Scan]:
    """All scans, left to right."""
    match node:
        case p.Scan():
            yield node
        case p.Join(left, right):
            yield from scans(left)
            yield from scans(right)
        case p.Compute():
            return
        case _:
            yield from scans(node.source)
