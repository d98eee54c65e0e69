"""A settled question: everything has its role, columns still stand under their field keys."""

from dataclasses import dataclass, field

from services.codegen.planner.frame import Having, MeasureAsk, columns_of
from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Expr,
    IsNull,
    Match,
    Not,
    OneOf,
    Predicate,
)


@dataclass
class Query:
    """What the plan will compute. `columns` is for lists of rows, measures and keys for groups."""

    keys: list[Expr] = field(default_factory=list)
    measures: list[MeasureAsk] = field(default_factory=list)
    columns: list[Expr] = field(default_factory=list)
    where: list[Predicate] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    sort: list[tuple[MeasureAsk | Expr, bool]] = field(default_factory=list)
    limit: int | None = None
    distinct: bool = False
    words_of: str = ""
    tables: list[str] = field(default_factory=list)
    roles: frozenset[str] = frozenset()
    join_on: tuple[str, ...] = ()

    @property
    def grouped(self) -> bool:
        return bool(self.measures)

    def fields(self) -> list[str]:
        """Keys of all fields that the query reads, in order of mention, each once."""
        exprs = [*self.keys, *self.columns, *(m.of for m in self.measures)]
        exprs += [h.measure.of for h in self.having if h.measure]
        exprs += [s.of if isinstance(s, MeasureAsk) else s for s, _ in self.sort]
        found = [k for e in exprs for k in sorted(columns_of(e))]
        found += [k for w in self.where for k in sorted(columns_in(w))]
        found += [self.words_of] if self.words_of else []
        return list(dict.fromkeys(found))


def columns_in(where: Predicate) -> set[str]:
    """Keys of the fields in a predicate."""
    match where:
        case AllOf(of=parts) | AnyOf(of=parts):
            return set().union(*(columns_in(w) for w in parts))
        case Not(of=inner):
            return columns_in(inner)
        case Compare(left=left, right=right):
            return columns_of(left) | columns_of(right)
        case Between(of=expr) | OneOf(of=expr) | Match(of=expr) | IsNull(of=expr):
            return columns_of(expr)
