"""The cheapest way to connect tables over their keys, through other tables where needed."""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from services.codegen.planner.keys import KeyEdge, KeyGraph
from services.codegen.planner.schema import Field

_NEAR = 0.35
"""Edges between two tables whose costs differ by less are rivals, among which roles choose."""
_EXACT_UP_TO = 6
"""Tables to connect for which the exact tree takes milliseconds; beyond, the nearest is added."""
_UNASKED, _HUB = 0.25, 0.35
"""Costs of a table that the question does not name, and more where it refers to nothing: rows that
share a customer are no closer for it than rows that a table of pairs relates."""
_PREFERRED = 0.1
_Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class JoinStep:
    """`right`, a column of a table not yet joined, is matched with `left`, of one that is."""

    left: Field
    right: Field
    edge: KeyEdge
    more: tuple[tuple[Field, Field], ...] = ()
    rivals: tuple[KeyEdge, ...] = ()
    """Other edges between the two tables that would have done as well."""

    @property
    def multiplies(self) -> bool:
        """True when one row on the left may find several on the right."""
        return self.right is not self.edge.one or not self.edge.safe


@dataclass(frozen=True, eq=False)
class JoinTree:
    """Steps in the order of building; `added` are tables that nobody asked for."""

    first: str
    steps: tuple[JoinStep, ...]
    added: tuple[str, ...]
    cost: float

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.first, *(s.right.table.name for s in self.steps))

    @property
    def rivals(self) -> tuple[tuple[JoinStep, KeyEdge], ...]:
        """Every step with each edge that could stand in its place."""
        return tuple((s, r) for s in self.steps for r in s.rivals)


def connect(
    graph: KeyGraph,
    tables: Sequence[str],
    prefer: Collection[str] = (),
    roles: Collection[str] = (),
    avoid: Collection[KeyEdge] = (),
) -> JoinTree | None:
    """The cheapest tree over `tables`, from the first one; None when no keys connect them.

    `prefer` are tables to pass through rather than others, `roles` stems of the question that
    choose between keys to the same table, `avoid` edges not to be used.
    """
    wanted = tuple(dict.fromkeys(tables))
    if not wanted or any(t not in graph.schema.tables for t in wanted):
        return None
    # Only the roles that some key has make a difference, and few questions say one.
    asked = frozenset(roles) & graph.roles
    case = (wanted, frozenset(prefer), asked, frozenset(avoid))
    if case not in graph.trees:
        graph.trees[case] = _connected(_Net(graph, *case))
    tree: JoinTree | None = graph.trees[case]
    return tree


@dataclass(frozen=True, eq=False)
class _Net:
    """The graph as this question sees it."""

    graph: KeyGraph
    wanted: tuple[str, ...]
    prefer: frozenset[str]
    roles: frozenset[str]
    avoid: frozenset[KeyEdge]

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.graph.schema.tables)

    @cached_property
    def links(self) -> Mapping[str, Mapping[str, float]]:
        """Table → its neighbours, with the cost of going there."""
        found: dict[str, dict[str, float]] = {t: {} for t in self.tables}
        extra = self._extra
        for a, near in self.graph.neighbours.items():
            for b in near:
                if a in found[b]:
                    found[a][b] = found[b][a]
                elif edges := self.choices(a, b):
                    # Half from either side: whoever passes through a table pays it twice.
                    found[a][b] = edges[0].cost + (extra[a] + extra[b]) / 2
        return found

    @cached_property
    def _extra(self) -> Mapping[str, float]:
        hubs = set(self.tables) - {e.many.table.name for e in self.graph.edges}
        return {t: self._extra_of(t, t in hubs) for t in self.tables}

    def _extra_of(self, table: str, hub: bool) -> float:
        if table in self.wanted:
            return 0.0
        return _PREFERRED if table in self.prefer else _UNASKED + (_HUB if hub else 0.0)

    def choices(self, a: str, b: str) -> list[KeyEdge]:
        """Edges between two tables, those in a role that was asked for first."""
        edges = [e for e in self.graph.between(a, b) if e not in self.avoid]
        if len(edges) < 2:
            return edges
        return sorted(edges, key=lambda e: (-len(e.roles & self.roles), e.cost, len(e.roles)))


def _connected(net: _Net) -> JoinTree | None:
    wanted = net.wanted
    pairs = _exact(net, wanted) if len(wanted) <= _EXACT_UP_TO else _nearest(net, wanted)
    return None if pairs is None else _tree(net, wanted, pairs)


def _exact(net: _Net, wanted: Sequence[str]) -> frozenset[_Pair] | None:
    """Dreyfus and Wagner: the best tree of every set of tables from those of its parts."""
    best: dict[int, dict[str, tuple[float, frozenset[_Pair]]]] = {}
    for bit, table in enumerate(wanted[1:]):
        best[1 << bit] = _spread(net, {table: (0.0, frozenset())})
    every = (1 << (len(wanted) - 1)) - 1
    for group in range(1, every + 1):
        if group in best:
            continue
        start: dict[str, tuple[float, frozenset[_Pair]]] = {}
        for part in _parts(group):
            one, other = best[part], best[group ^ part]
            for table in (t for t in net.tables if t in one and t in other):
                cost = one[table][0] + other[table][0]
                if table not in start or cost < start[table][0] - 1e-9:
                    start[table] = (cost, one[table][1] | other[table][1])
        best[group] = _spread(net, start)
    if not every:
        return frozenset()
    found = best[every].get(wanted[0])
    return found[1] if found else None


def _parts(group: int) -> Iterator[int]:
    """Every way to split a set in two, once."""
    part = (group - 1) & group
    while part:
        if part >= group ^ part:
            yield part
        part = (part - 1) & group


def _spread(
    net: _Net, start: Mapping[str, tuple[float, frozenset[_Pair]]]
) -> dict[str, tuple[float, frozenset[_Pair]]]:
    """Dijkstra: the cheapest extension of the trees in `start` to every table."""
    done: dict[str, tuple[float, frozenset[_Pair]]] = {}
    turn = count()
    heap = [(cost, next(turn), t, pairs) for t, (cost, pairs) in start.items()]
    heapq.heapify(heap)
    while heap:
        cost, _, table, pairs = heapq.heappop(heap)
        if table in done:
            continue
        done[table] = (cost, pairs)
        for other, step in net.links[table].items():
            if other not in done:
                link = (table, other) if table < other else (other, table)
                heapq.heappush(heap, (cost + step, next(turn), other, pairs | {link}))
    return done


def _nearest(net: _Net, wanted: Sequence[str]) -> frozenset[_Pair] | None:
    """Add the nearest table again and again: at most twice the cost of the best tree."""
    pairs: frozenset[_Pair] = frozenset()
    inside = {wanted[0]}
    while missing := [t for t in wanted if t not in inside]:
        reached = _spread(net, {t: (0.0, frozenset()) for t in net.tables if t in inside})
        near = [(reached[t][0], i, t) for i, t in enumerate(missing) if t in reached]
        if not near:
            return None
        pairs |= reached[min(near)[2]][1]
        inside |= {t for pair in pairs for t in pair} | {min(near)[2]}
    return pairs


def _tree(net: _Net, wanted: Sequence[str], pairs: frozenset[_Pair]) -> JoinTree:
    order = {t: i for i, t in enumerate((*wanted, *net.tables)) if t not in wanted[:i]}
    left = sorted(pairs)
    inside, steps = [wanted[0]], list[JoinStep]()
    while left:
        ready = [
            (p, a, b) for p in left for a, b in (p, p[::-1]) if a in inside and b not in inside
        ]
        if not ready:
            break  # what is left would close a ring
        pair, a, b = min(ready, key=lambda r: (order[r[2]], order[r[1]]))
        left.remove(pair)
        inside.append(b)
        steps.append(_step(net, a, b))
    cost = sum(net.links[s.left.table.name][s.right.table.name] for s in steps)
    added = tuple(t for t in inside if t not in wanted)
    return JoinTree(wanted[0], tuple(steps), added, round(cost, 6))


def _step(net: _Net, a: str, b: str) -> JoinStep:
    edge, *others = net.choices(a, b)
    asked = edge.roles & net.roles
    near = [e for e in others if e.cost <= edge.cost + _NEAR]
    rivals = () if asked and not any(e.roles & net.roles for e in near) else tuple(near)
    from_many = edge.many.table.name == a
    left, right = (edge.many, edge.one) if from_many else (edge.one, edge.many)
    more = tuple(p if from_many else p[::-1] for p in edge.more)
    return JoinStep(left, right, edge, more, rivals)
