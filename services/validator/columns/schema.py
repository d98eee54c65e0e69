"""The columns of a frame, as far as they are known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import count

_KEYS = count()


class Kind(StrEnum):
    """What a column holds, where that is certain."""

    NUMBER = "numbers"
    TEXT = "text"
    """Texts that no engine can read as numbers."""
    TRUTH = "true and false"
    TIME = "dates"


@dataclass(frozen=True)
class Column:
    """One column. Its key stays the same while it is only passed on, as an engine sees it."""

    name: str
    kind: Kind | None = None
    qualifiers: frozenset[str] = frozenset()
    """Case-folded aliases of frames that it can be asked for with."""
    key: int = field(default_factory=lambda: next(_KEYS), compare=False)

    def renamed(self, name: str) -> "Column":
        """A new column with the same content."""
        return Column(name, self.kind)


@dataclass(frozen=True)
class Schema:
    """The columns of a frame, in order."""

    columns: tuple[Column, ...]
    folded: bool = False
    """Names match in any case, as in Spark."""
    loose: bool = False
    """There may be more columns: the profile saw a part of the file only."""
    merged: bool = False
    """Several possible schemas in one: how often a name occurs means nothing."""
    vague: bool = False
    """Some columns carry a name that the engine made up from an expression."""
    hidden: frozenset[str] | None = frozenset()
    """Case-folded names of the steps below, which Spark's filter and sort still reach; None: not
    known."""
    beneath: frozenset[str] | None = frozenset()
    """Case-folded names below an aggregation, for aggregates in Spark's filter and sort."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @cached_property
    def _index(self) -> dict[str, list[Column]]:
        index: dict[str, list[Column]] = {}
        for column in self.columns:
            index.setdefault(self.fold(column.name), []).append(column)
        return index

    @cached_property
    def reachable(self) -> frozenset[str] | None:
        """What a filter or sort right above a projection of this frame still sees."""
        if self.hidden is None:
            return None
        return self.hidden | {c.name.casefold() for c in self.columns}

    def fold(self, name: str) -> str:
        return name.casefold() if self.folded else name

    def find(self, name: str) -> list[Column]:
        """The columns of this name."""
        return self._index.get(self.fold(name), [])

    def of(self, columns: Iterable[Column], *, vague: bool | None = None) -> "Schema":
        """A projection of this frame."""
        return replace(
            self,
            columns=tuple(columns),
            vague=self.vague if vague is None else vague,
            hidden=self.reachable if self.folded else frozenset(),
        )

    def closed(self) -> "Schema":
        """The same columns, with nothing below them in reach."""
        return replace(self, hidden=frozenset(), beneath=frozenset())

    def without(self, names: Iterable[str]) -> "Schema":
        gone = {self.fold(n) for n in names}
        return self.of(c for c in self.columns if self.fold(c.name) not in gone)

    def only(self, names: Iterable[str]) -> "Schema":
        """These columns in this order; unknown names are left out."""
        return self.of(c for name in names for c in self.find(name)[:1])

    def put(self, column: Column) -> "Schema":
        """With `column` in place of those of its name, or at the end."""
        wanted = self.fold(column.name)
        if wanted not in self._index:
            return self.of((*self.columns, column))
        kept = [c for c in self.columns if self.fold(c.name) != wanted]
        first = next(i for i, c in enumerate(self.columns) if self.fold(c.name) == wanted)
        return self.of((*kept[:first], column, *kept[first:]))

    def rename(self, new: Callable[[str], str | None]) -> "Schema":
        """`new` says what a column is called from now on; None leaves it."""
        named = ((c, new(self.fold(c.name))) for c in self.columns)
        return self.of(c if n is None else c.renamed(n) for c, n in named)

    def qualified(self, *aliases: str) -> "Schema":
        names = frozenset(a.casefold() for a in aliases)
        columns = tuple(replace(c, qualifiers=names) for c in self.columns)
        return replace(self.closed(), columns=columns)

    def fresh(self) -> "Schema":
        """The same columns as an engine tells them apart from these."""
        return replace(
            self, columns=tuple(Column(c.name, c.kind, c.qualifiers) for c in self.columns)
        )


def either(one: Schema, other: Schema) -> Schema:
    """What holds for both: a name is missing only where it is missing from each."""
    if one is other or one == other:
        return one
    more = tuple(c for c in other.columns if not one.find(c.name))
    mine = (_shared(c, other.find(c.name)) for c in one.columns)
    return Schema(
        columns=(*mine, *more),
        folded=one.folded,
        loose=one.loose or other.loose,
        merged=True,
        vague=one.vague or other.vague,
        hidden=_all(one.hidden, other.hidden),
        beneath=_all(one.beneath, other.beneath),
    )


def _all(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def _shared(column: Column, others: list[Column]) -> Column:
    if not others or others[0] == column:
        return column
    other = others[0]
    kind = column.kind if column.kind == other.kind else None
    return replace(column, kind=kind, qualifiers=column.qualifiers | other.qualifiers)


def schema_of(names: Iterable[str], *, folded: bool = False, vague: bool = False) -> Schema:
    """A schema of plain names; repeated names stand once, for no engine tells them apart."""
    return Schema(tuple(Column(n) for n in dict.fromkeys(names)), folded=folded, vague=vague)
