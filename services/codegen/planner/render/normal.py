"""Plans in the form that all renderers read."""

import dataclasses
from collections.abc import Iterator, Mapping, Set

from arclight.catalog.profile import TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of

_INVERSE: Mapping[p.CompareOp, p.CompareOp] = {
    p.CompareOp.EQ: p.CompareOp.NE,
    p.CompareOp.NE: p.CompareOp.EQ,
    p.CompareOp.LT: p.CompareOp.GE,
    p.CompareOp.GE: p.CompareOp.LT,
    p.CompareOp.GT: p.CompareOp.LE,
    p.CompareOp.LE: p.CompareOp.GT,
}
RANKS = frozenset({p.WindowFunc.RANK, p.WindowFunc.DENSE_RANK})
"""Equal rows have equal ranks, so the order of these is left as it is given."""


def positive(where: p.Predicate, negated: bool = False) -> p.Predicate:
    """`where` with each Not pushed down to one test, so that NULL and false drop a row alike.

    SQL knows three truth values; below a Not, "false" and NULL are not the same. Arrow's `isin`
    says false for NULL, so only this form means the same on both frameworks. Tests of a Case and
    of a Measure are read in this form too.
    """
    match where:
        case p.Not(of):
            return positive(of, not negated)
        case p.AllOf(of) | p.AnyOf(of):
            tests = tuple(positive(w, negated) for w in of)
            every = isinstance(where, p.AllOf) is not negated
            return tests[0] if len(tests) == 1 else p.AllOf(tests) if every else p.AnyOf(tests)
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


# --- the order of ties -------------------------------------------------------------------------


def ties(
    sort: p.Sort | p.Window, above: tuple[str, ...], names: tuple[str, ...]
) -> tuple[p.SortKey, ...]:
    """The sort's keys, then others, ascending: the order is total.

    Others are the columns that tell the rows apart, where these are known, else all that matter.
    `above`: what is needed of the columns, from `needed` (at the root, the answer's columns);
    `names`: those of the sort. Ranks keep their keys alone: rows that tie are to share a rank.
    """
    order = sort.keys if isinstance(sort, p.Sort) else sort.order
    if isinstance(sort, p.Window) and (not order or sort.func in RANKS):
        return order
    fixed = sort.partition if isinstance(sort, p.Window) else ()
    given = {*fixed, *(k.name for k in order)}
    apart = unique_by(sort.source)
    shown = apart if apart is not None else [n for n in above if n in names] or list(names)
    return (*order, *(p.SortKey(n) for n in shown if n not in given))


def unique_by(node: p.Node) -> tuple[str, ...] | None:
    """Columns of which no two rows have the same values; None where that is not known."""
    match node:
        case p.Scan(position=position):
            return (position,) if position else None
        case p.Aggregate(_, keys):
            return tuple(k.name for k in keys)
        case p.WordCount():
            return ("word",)
        case p.Join(left, how=p.How.SEMI | p.How.ANTI | p.How.CROSS):
            return unique_by(left)
        case p.Join(left, right) if _single(right, {key for _, key in node.pairs}):
            return unique_by(left)
        case p.Join(left, right, how=p.How.INNER) if _single(left, {k for k, _ in node.pairs}):
            return unique_by(right)
        case p.Project(source, columns, distinct, names):
            below = columns if distinct else unique_by(source)
            shown = dict(zip(columns, names or columns, strict=True))
            return tuple(shown[n] for n in below) if below and set(below) <= set(columns) else None
        case p.Join() | p.SetOperation() | p.Compute():
            return None
        case _:
            return unique_by(node.source)


def _single(node: p.Node, names: Set[str]) -> bool:
    """True when at most one row has the same values in all of `names`."""
    match node:
        case p.Scan(table, columns):
            read = {c.name for c in columns if c.as_name in names and c.clean is p.Clean.NONE}
            return any(_all_differ(table, name) for name in read)
        case p.Aggregate(_, keys):
            return names >= {k.name for k in keys}
        case p.Filter(source) | p.Derive(source) | p.Sort(source) | p.Limit(source):
            return _single(source, names)
        case _:
            return False


def _all_differ(table: TableProfile, name: str) -> bool:
    """True for a column without repetition: all of it was seen, or it is the declared key."""
    column = table.column(name)
    known = table.rows == table.sampled_rows or table.primary_key == (name,)
    # Declared keys are not always kept to.
    return known and column is not None and column.distinct == table.sampled_rows


def needed(node: p.Node, above: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """For each of `children(node)`, the columns that matter when `above` matter of the node.

    Rows that agree in all of these may change places without anyone seeing it.
    """
    match node:
        case p.Filter(source, where):
            return (_of(source, (*above, *names_of(where))),)
        case p.Derive(source, name, expr):
            used = tuple(names_of(expr)) if name in above else ()
            return (_of(source, (*above, *used)),)
        case p.Window(source, _, _, of, partition, order):
            used = (*partition, *(k.name for k in order), *(names_of(of) if of else ()))
            return (_of(source, (*above, *used)),)
        case p.Aggregate(source, keys, measures):
            used = tuple(n for k in keys for n in names_of(k.expr))
            return (_of(source, (*used, *(n for m in measures for n in _measured(m)))),)
        case p.Sort(source, keys):
            return (_of(source, (*above, *(k.name for k in keys))),)
        case p.Project(source, columns):
            return (_of(source, columns),)
        case p.WordCount(source, column):
            return (_of(source, (column,)),)
        case p.Join():
            used = tuple(key for pair in node.pairs for key in pair)
            return tuple(_of(side, (*above, *used)) for side in (node.left, node.right))
        case p.Limit(source):
            return (above,)
        case _:
            return tuple(tuple(columns_of(child)) for child in children(node))


def _of(node: p.Node, wanted: tuple[str, ...]) -> tuple[str, ...]:
    has = columns_of(node)
    return tuple(dict.fromkeys(n for n in wanted if n in has))


def _measured(measure: p.Measure) -> Iterator[str]:
    for part in (measure.of, measure.other, measure.where):
        if part is not None:
            yield from names_of(part)


def names_of(part: p.Expr | p.Predicate) -> Iterator[str]:
    """The columns that an expression or a test reads, in order, repeated as they are."""
    return (inner.name for inner in parts(part) if isinstance(inner, p.Col))


# --- the tree ----------------------------------------------------------------------------------


def children(node: p.Node) -> tuple[p.Node, ...]:
    """The nodes right below, left to right."""
    match node:
        case p.Scan() | p.Compute():
            return ()
        case p.Join(left, right) | p.SetOperation(_, left, right):
            return (left, right)
        case _:
            return (node.source,)


def separate(node: p.Node) -> p.Node:
    """The same plan with a Scan object of its own wherever one stands, even if it is the same."""
    match node:
        case p.Scan():
            return dataclasses.replace(node)
        case p.Compute():
            return node
        case p.Join(left, right) | p.SetOperation(_, left, right):
            return dataclasses.replace(node, left=separate(left), right=separate(right))
        case _:
            return dataclasses.replace(node, source=separate(node.source))


def scans(node: p.Node) -> Iterator[p.Scan]:
    """All scans, left to right."""
    if isinstance(node, p.Scan):
        yield node
    for child in children(node):
        yield from scans(child)


def expressions(node: p.Node) -> Iterator[p.Expr]:
    """All expressions of the plan, with those inside others."""
    for child in children(node):
        yield from expressions(child)
    match node:
        case p.Filter(_, where):
            yield from parts(where)
        case p.Derive(_, _, expr):
            yield from parts(expr)
        case p.Window(of=of) if of is not None:
            yield from parts(of)
        case p.Aggregate(_, keys, measures):
            for key in keys:
                yield from parts(key.expr)
            for m in measures:
                for part in (m.of, m.other, m.where):
                    if part is not None:
                        yield from parts(part)


def parts(part: p.Expr | p.Predicate) -> Iterator[p.Expr]:
    """The expressions in `part`, itself first."""
    if isinstance(part, p.Expr):
        yield part
    match part:
        case p.Arith(_, left, right) | p.Compare(_, left, right):
            yield from parts(left)
            yield from parts(right)
        case p.Case(branches, otherwise):
            for test, value in branches:
                yield from parts(test)
                yield from parts(value)
            if otherwise is not None:
                yield from parts(otherwise)
        case p.AllOf(of) | p.AnyOf(of):
            for test in of:
                yield from parts(test)
        case p.Col() | p.Lit():
            return
        case _:
            yield from parts(part.of)
