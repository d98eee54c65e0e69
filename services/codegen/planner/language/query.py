"""What a question means, before tables are joined.

Columns stand in expressions under their field keys. While a question is being read they are open:
`Col("$3")` is slot 3, which `resolve` fills.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Arith,
    Between,
    Bucket,
    Call,
    Case,
    Col,
    Compare,
    CompareOp,
    Expr,
    Func,
    IsNull,
    Lit,
    Match,
    Not,
    OneOf,
    Predicate,
    Scalar,
    SetOp,
)

TIME = Col("@time")
"""Stands for the date column, which is known only once the tables are."""
POSITION = Col("@position")
"""Stands for the number of a row in its file."""


@dataclass(frozen=True)
class Agg:
    """A measure. `of` None counts rows of `table` (empty: of whatever the query is about)."""

    func: Func
    of: Expr | None = None
    table: str = ""
    noun: str = ""
    where: "Cond | None" = None
    other: Expr | None = None
    fraction: float | None = None
    assumed: bool = False
    """True when the question did not name the function."""
    part: bool = False
    """Only over rows that pass the conditions on the part: `percentage of orders that are …`."""
    label: str = ""
    """Its name in the answer, where that does not follow from the rest."""


@dataclass(frozen=True)
class Ratio:
    """One measure in terms of another: their quotient, difference or share in percent, or `gap`:
    by how much the larger one exceeds the other, or `>` and `<`: `yes` or `no`."""

    op: str
    left: "Item"
    right: "Item"


@dataclass(frozen=True)
class Shift:
    """A measure against the one of the previous group: `change`, `growth` in percent, `lag`."""

    kind: str
    of: "Item"
    back: int = 1
    """How many groups before: 12 for a month against the same month of the year before."""


@dataclass(frozen=True)
class Running:
    """A measure added up over the groups so far, or averaged over the last `rows`."""

    of: "Item"
    rows: int | None = None


@dataclass(frozen=True)
class Share:
    """A measure as part of its total over all groups, in percent unless `fraction`."""

    of: "Item"
    fraction: bool = False


@dataclass(frozen=True)
class Place:
    """The rank of a row or group by a measure."""

    of: "Item"
    descending: bool = True


Item = Expr | Agg | Ratio | Shift | Running | Share | Place


def is_expr(item: Item) -> TypeGuard[Expr]:
    """True for a value of one row: no measure, nor what is made of measures."""
    return not isinstance(item, Agg | Ratio | Shift | Running | Share | Place)


# --- conditions --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Slot `slot` is a value that was said; `column` is the slot of the column named with it."""

    slot: int
    column: int | None = None


@dataclass(frozen=True)
class Than:
    """`left` compared with the one value of another query, such as the average of all."""

    op: CompareOp
    left: Expr
    query: "Query"


@dataclass(frozen=True)
class Beside:
    """`left` compared with the same column of the row that `key` refers to, such as a manager's.

    `one` is what the key refers to, a column of the same table.
    """

    op: CompareOp
    left: Expr
    key: Col
    one: Col


@dataclass(frozen=True)
class Linked:
    """Rows of `table` for which another query has (or has no) row: `customers without orders`.

    `key` None links by the join of the two tables, otherwise by the values of that column.
    """

    query: "Query"
    negated: bool
    table: str = ""
    key: Expr | None = None


@dataclass(frozen=True)
class Every:
    of: tuple["Cond", ...]


@dataclass(frozen=True)
class Some:
    of: tuple["Cond", ...]


@dataclass(frozen=True)
class Un:
    """Not."""

    of: "Cond"


Cond = Predicate | Cell | Than | Beside | Linked | Every | Some | Un


@dataclass(frozen=True)
class Having:
    measure: Agg
    op: CompareOp
    value: "Scalar | Query"


@dataclass(frozen=True)
class Clause:
    """One condition as it was said, with the word that links it to the one before."""

    cond: Cond
    link: str = ""
    """`and`, `or` or nothing."""
    negated: bool = False
    at: int = -1
    """The segment at which it was said."""
    part: bool = False
    """It tells the part from the whole: `percentage of orders that are late`."""
    both: bool = False
    """`both A and B`: the alternatives must all hold, each for some row of the same thing."""


@dataclass
class Query:
    """Rows of `items`, or groups by `keys` where an item is a measure."""

    items: list[Item] = field(default_factory=list)
    where: list[Clause] = field(default_factory=list)
    keys: list[Expr] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    order: list[tuple[Item, bool]] = field(default_factory=list)
    """(by, descending)."""
    limit: int | None = None
    offset: int = 0
    per: list[Expr] = field(default_factory=list)
    """The limit holds within each value of these: the top n per group."""
    ties: bool = False
    """The limit takes all rows that are as good as the last one."""
    totals: bool = False
    """The order is by totals: `top 3 cities by sales`, `the customer with the most points`."""
    distinct: bool = False
    tables: list[str] = field(default_factory=list)
    """Tables that were named: they take part even where no column of them does."""
    group_tables: list[str] = field(default_factory=list)
    """Tables each of whose rows is a group: `for each customer`."""
    combine: "tuple[SetOp, Query] | None" = None
    entity: str = ""
    """The table whose rows are asked for."""
    ranked: str = ""
    """The table that an extreme was said of: `the team with the most points`."""
    whole: bool = False
    """All columns were asked for."""

    def copy(self) -> "Query":
        """The query with lists of its own."""
        return replace(
            self,
            items=[*self.items],
            where=[*self.where],
            keys=[*self.keys],
            having=[*self.having],
            order=[*self.order],
            per=[*self.per],
            tables=[*self.tables],
            group_tables=[*self.group_tables],
        )


# --- walking -----------------------------------------------------------------------------------


def columns_in(thing: object) -> Iterator[str]:
    """Names of the columns in an item or condition, in order; subqueries are left out."""
    match thing:
        case Col(name=name):
            yield name
        case Bucket(of=of) | Call(of=of) | Share(of=of) | Shift(of=of) | Running(of=of):
            yield from columns_in(of)
        case Place(of=of) | Not(of=of) | Un(of=of) | IsNull(of=of) | Match(of=of):
            yield from columns_in(of)
        case Between(of=of) | OneOf(of=of):
            yield from columns_in(of)
        case Arith(left=a, right=b) | Compare(left=a, right=b) | Ratio(left=a, right=b):
            yield from columns_in(a)
            yield from columns_in(b)
        case Case(branches=branches, otherwise=otherwise):
            for test, value in branches:
                yield from columns_in(test)
                yield from columns_in(value)
            yield from columns_in(otherwise)
        case Agg(of=of, where=where, other=other):
            for part in (of, where, other):
                yield from columns_in(part)
        case AllOf(of=parts) | AnyOf(of=parts) | Every(of=parts) | Some(of=parts):
            for part in parts:
                yield from columns_in(part)
        case Than(left=left):
            yield from columns_in(left)
        case Beside(left=left, key=key):
            yield from columns_in(left)
            yield from columns_in(key)
        case Linked(key=key):
            yield from columns_in(key)
        case Having(measure=measure):
            yield from columns_in(measure)
        case Clause(cond=cond):
            yield from columns_in(cond)


def query_columns(q: Query) -> list[str]:
    """Names of all columns that a query reads itself, each once, in order of mention."""
    things: list[object] = [*q.items, *q.keys, *q.where, *q.having, *(by for by, _ in q.order)]
    return list(dict.fromkeys(n for t in (*things, *q.per) for n in columns_in(t)))


def equals_in(thing: object) -> Iterator[tuple[str, Scalar]]:
    """Every column that is compared for equality with a value, subqueries included."""
    match thing:
        case Compare(op=CompareOp.EQ, left=Col(name=name), right=Lit(value=value)):
            yield name, value
        case Query(where=where, combine=combine):
            for clause in where:
                yield from equals_in(clause)
            if combine is not None:
                yield from equals_in(combine[1])
        case Clause(cond=of) | Un(of=of) | Not(of=of) | Than(query=of) | Linked(query=of):
            yield from equals_in(of)
        case Every(of=parts) | Some(of=parts) | AllOf(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from equals_in(part)


def measures_in(item: object) -> Iterator[Agg]:
    """The measures that an item is made of."""
    match item:
        case Agg():
            yield item
        case Ratio(left=a, right=b):
            yield from measures_in(a)
            yield from measures_in(b)
        case Share(of=of) | Shift(of=of) | Running(of=of) | Place(of=of):
            yield from measures_in(of)


def grouped(q: Query) -> bool:
    """True when the answer's rows are groups (or one row over everything)."""
    ordered = any(True for by, _ in q.order for _ in measures_in(by))
    return bool(q.having or ordered or q.group_tables or any(_measured(i) for i in q.items))


def _measured(item: Item) -> bool:
    return next(measures_in(item), None) is not None
