"""Which columns refer to which keys: declared, or inferred from names, types and values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from services.codegen.planner.key_names import KeyName, key_names, name_score
from services.codegen.planner.key_values import overlap, same_type, single
from services.codegen.planner.schema import NUMBERS, Field, Schema

FLOOR = 0.55
"""Below this nothing but chance speaks for the pair."""
_UNIQUE = 0.2
_EMPTY = 0.15
"""For a table without rows, of which values say nothing: less than any evidence."""
_SELF = 0.8
_NAMED = 0.3
_PLAIN = 0.36
"""Likeness of names from which on numbers, or columns without values, may be a pair: the latter
for a column that is not named like an identifier."""


@dataclass(frozen=True, eq=False)
class KeyEdge:
    """`many` refers to `one`, whose values do not repeat when `safe`."""

    many: Field
    one: Field
    score: float
    declared: bool
    safe: bool
    roles: frozenset[str] = frozenset()
    """Stems of `many` that tell it from another key to the same table, such as `home`."""
    more: tuple[tuple[Field, Field], ...] = ()
    """The further pairs of a key of several columns."""

    @property
    def tables(self) -> tuple[str, str]:
        return self.many.table.name, self.one.table.name

    @cached_property
    def cost(self) -> float:
        """1 for a declared key; up to about 2 for a doubtful one; more when rows may multiply."""
        doubt = 0.0 if self.declared else 0.1 + 2 * max(0.0, 1 - self.score)
        return 1 + doubt + (0.0 if self.safe or self.declared else 0.6)


@dataclass(frozen=True, eq=False)
class KeyGraph:
    """All edges of a schema, best first; equal ones in the order of the tables."""

    schema: Schema
    edges: tuple[KeyEdge, ...]
    trees: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)
    """The trees that `connect` has found, by what it was asked for."""

    @cached_property
    def _pairs(self) -> Mapping[frozenset[str], tuple[KeyEdge, ...]]:
        found: dict[frozenset[str], list[KeyEdge]] = {}
        for edge in self.edges:
            found.setdefault(frozenset(edge.tables), []).append(edge)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def roles(self) -> frozenset[str]:
        """Stems of all roles of its edges."""
        return frozenset(r for e in self.edges for r in e.roles)

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """Table → the other tables that an edge leads to, in the order of the schema."""
        near: dict[str, set[str]] = {t: set() for t in self.schema.tables}
        for pair in self._pairs:
            for table in pair:
                near[table] |= pair - {table}
        return {t: tuple(o for o in self.schema.tables if o in n) for t, n in near.items()}

    def between(self, a: str, b: str) -> tuple[KeyEdge, ...]:
        """Edges that join two tables, or a table with itself, best first."""
        return self._pairs.get(frozenset((a, b)), ())

    def refers(self, table: str) -> tuple[KeyEdge, ...]:
        """Edges by which rows of `table` refer to others."""
        return tuple(e for e in self.edges if e.many.table.name == table)

    def referred(self, table: str) -> tuple[KeyEdge, ...]:
        """Edges by which others refer to rows of `table`."""
        return tuple(e for e in self.edges if e.one.table.name == table)

    def is_bridge(self, table: str) -> bool:
        """True for a table that mainly pairs others: two keys or more, and few other columns."""
        keys = {e.many.key for e in self.refers(table)}
        others = [f for f in self.schema.of(table) if f.key not in keys]
        targets = {e.one.table.name for e in self.refers(table)}
        return len(targets - {table}) > 1 and len(others) <= 2


@lru_cache(maxsize=16)
def key_graph(schema: Schema) -> KeyGraph:
    """The edges of the schema: declared ones first, inferred ones where none is declared."""
    names = key_names(schema)
    declared = list(_declared(schema, names))
    settled = {e.many.key for e in declared if e.tables[0] != e.tables[1]}
    paired = {frozenset(e.tables) for e in declared}
    inferred = [
        e for e in _inferred(schema, names) if not _superfluous(e, settled, paired, declared)
    ]
    edges = sorted((*declared, *inferred), key=lambda e: (not e.declared, -e.score))
    return KeyGraph(schema, tuple(edges))


def pair_edge(schema: Schema, x: Field, y: Field) -> KeyEdge | None:
    """What joins exactly these two columns, however little speaks for it; None for two types."""
    names = key_names(schema)
    ways = [e for m, o in ((x, y), (y, x)) if (e := _edge(m, o, names))]
    return max(ways, key=lambda e: (e.safe, e.score), default=None)


def _declared(schema: Schema, names: Mapping[str, KeyName]) -> Iterator[KeyEdge]:
    for table in schema.tables.values():
        for key in table.foreign_keys:
            pairs = [
                (m, o)
                for c, r in zip(key.columns, key.referenced, strict=False)
                if (m := _find(schema, table.name, c)) and (o := _find(schema, key.table, r))
            ]
            if pairs and len(pairs) == len(key.columns):
                many, one = pairs[0]
                safe = single(one) if len(pairs) == 1 else _is_primary(schema, pairs)
                roles = names[many.key].roles_to(names[one.key])
                yield KeyEdge(many, one, 1.0, True, safe, roles, tuple(pairs[1:]))


def _is_primary(schema: Schema, pairs: Sequence[tuple[Field, Field]]) -> bool:
    primary = pairs[0][1].table.primary_key
    return bool(primary) and set(primary) <= {o.name for _, o in pairs}


def _find(schema: Schema, table: str, column: str) -> Field | None:
    """The field, by its exact name or else whatever its case."""
    exact = schema.fields.get(f"{table}.{column}")
    wanted = (table.casefold(), column.casefold())
    folded = (
        f for f in schema.fields.values() if (f.table.name.casefold(), f.name.casefold()) == wanted
    )
    return exact or next(folded, None)


def _superfluous(
    edge: KeyEdge, settled: set[str], paired: set[frozenset[str]], declared: Sequence[KeyEdge]
) -> bool:
    """A column refers where its declaration says; a pair that is declared needs no guess."""
    if edge.many.key in settled:
        return True
    if frozenset(edge.tables) not in paired:
        return False
    # A second key in another role may have been left out: then it points at the same column.
    ones = {e.one.key for e in declared if e.tables == edge.tables}
    return edge.one.key not in ones or not edge.roles


def _inferred(schema: Schema, names: Mapping[str, KeyName]) -> Iterator[KeyEdge]:
    fields = list(schema.fields.values())
    ones = [f for f in fields if _may_be_one(f, names[f.key])]
    found: dict[frozenset[str], KeyEdge] = {}
    for one in ones:
        for many in fields:
            if many is one or not same_type(many, one):
                continue
            edge = _edge(many, one, names)
            if edge is None or edge.score < FLOOR:
                continue
            pair = frozenset((many.key, one.key))
            if pair not in found or edge.score > found[pair].score:
                found[pair] = edge
    yield from _telling(list(found.values()), names)


def _telling(edges: Sequence[KeyEdge], names: Mapping[str, KeyName]) -> Iterator[KeyEdge]:
    """One edge of a column to each table, and none to a table that only borrows the same key."""
    best: dict[tuple[str, str], KeyEdge] = {}
    for edge in edges:
        way = (edge.many.key, edge.one.table.name)
        if way not in best or edge.score > best[way].score:
            best[way] = edge
    homes: dict[str, set[str]] = {}
    for edge in best.values():
        if names[edge.one.key].home and edge.safe:
            homes.setdefault(edge.many.key, set()).add(edge.one.key)
    tops: dict[str, float] = {}
    for edge in best.values():
        tops[edge.many.key] = max(edge.score, tops.get(edge.many.key, 0.0))
    for edge in best.values():
        # An initial stands for one table: the one that fits best.
        if names[edge.many.key].letters and edge.score < tops[edge.many.key]:
            continue
        shared = homes.get(edge.many.key, set()) & homes.get(edge.one.key, set())
        if not shared:
            yield edge


def _may_be_one(field: Field, name: KeyName) -> bool:
    """Dates and measures are no keys, whether they repeat or not."""
    return not field.is_date and (name.id or single(field) or field.name in field.table.primary_key)


def _edge(many: Field, one: Field, names: Mapping[str, KeyName]) -> KeyEdge | None:
    if not same_type(many, one):
        return None
    x, y = names[many.key], names[one.key]
    own = many.table.name == one.table.name
    name = name_score(x, y) if not own else _SELF * x.self_score(y)
    if own and (not name or not single(one)):
        return None
    if y.label and not name:
        return None  # people of one name are not one person
    if not x.id and many.profile.type in NUMBERS and name < _PLAIN:
        return None
    empty = not many.profile.values or not one.profile.values
    shared = overlap(many, one, named=name >= _NAMED)
    if shared is None or (empty and name < _NAMED):
        return None
    score = name + shared + (_UNIQUE if single(one) else 0.0) + (_EMPTY if empty else 0.0)
    return KeyEdge(many, one, min(1.0, score), False, single(one), x.roles_to(y))
