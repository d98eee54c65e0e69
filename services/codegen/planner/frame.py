"""What a question asks for, before it is settled into a plan.

Columns stand in expressions under their field keys; `TIME` stands for the date column, which is
known only once the tables are.
"""

from dataclasses import dataclass, field

from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.plan import (
    Arith,
    ArithOp,
    Bucket,
    Col,
    CompareOp,
    Expr,
    Func,
    Predicate,
)
from services.codegen.planner.schema import Field

TIME = Col("@time")


@dataclass(frozen=True)
class MeasureAsk:
    """`of` None counts rows of `table` (or of the table in use); `noun` is what the rows are."""

    func: Func
    of: Expr | None = None
    table: str = ""
    noun: str = ""
    assumed: bool = False
    """True when the question did not name the function."""


@dataclass(frozen=True)
class Entity:
    """A column or unit of time that was mentioned without a role of its own."""

    expr: Expr
    field: Field | None
    plural: bool
    text: str
    distinct: bool = False


@dataclass(frozen=True)
class Rank:
    """An order that the question asks for: `by` None is whatever is measured."""

    descending: bool
    by: MeasureAsk | Expr | None = None
    explicit: bool = True
    """False when `by` comes from a word such as `hottest`."""
    rows: bool = False
    """True when whole rows are ranked, as in `the largest order`."""
    text: str = ""
    """The word that asked for it."""


@dataclass(frozen=True)
class Having:
    measure: MeasureAsk | None
    op: CompareOp
    value: int | float


@dataclass(frozen=True)
class Condition:
    """One filter; conditions on one field that follow each other are alternatives."""

    where: Predicate
    field: str | None = None
    value: bool = False
    negated: bool = False
    joined: str = ""
    """The word before it: `and`, `or` or nothing."""


@dataclass
class Frame:
    """The parse of one question under one choice of readings."""

    measures: list[MeasureAsk] = field(default_factory=list)
    keys: list[Entity] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    sort: list[tuple[MeasureAsk | Expr | None, bool]] = field(default_factory=list)
    rank: Rank | None = None
    limit: int | None = None
    cut: str = ""
    """`first` or `last` where these gave the limit: a `by` that follows is an order."""
    tables: list[str] = field(default_factory=list)
    """Tables that were named, in order."""
    table_words: dict[str, str] = field(default_factory=dict)
    """Table → the word that named it."""
    listed: set[str] = field(default_factory=set)
    """Tables named after `and`: further things, no condition on the first."""
    row_entity: str = ""
    """A table whose single rows were asked about."""
    roles: set[str] = field(default_factory=set)
    role_words: dict[str, str] = field(default_factory=dict)
    """Role → the word that named it, such as `arriving`."""
    join_on: list[str] = field(default_factory=list)
    shown: bool = False
    distinct: bool = False
    alphabetical: bool = False
    everything: bool = False
    vague: bool = False
    join: bool = False
    usually: bool = False
    words_of: str = ""
    """Field key of the text whose words are counted."""
    direction: bool | None = None
    notes: list[str] = field(default_factory=list)
    doubts: float = 0.0
    """Taken off the confidence."""
    readings: list[tuple[str, ColumnHit]] = field(default_factory=list)
    """Words and the column they were read as."""
    unplaced: list[str] = field(default_factory=list)
    impossible: tuple[str, str] | None = None
    """Why there is no plan although every word was understood, and what to ask instead."""

    def note(self, text: str, doubt: float = 0.0) -> None:
        """Record an assumption, once."""
        if text not in self.notes:
            self.notes.append(text)
            self.doubts += doubt


def is_ratio(expr: Expr | None) -> bool:
    """True for one thing divided by another."""
    return isinstance(expr, Arith) and expr.op is ArithOp.DIVIDE


def columns_of(expr: Expr | None) -> set[str]:
    """Keys of the fields in an expression, `TIME` included."""
    match expr:
        case Col(name=name):
            return {name}
        case Bucket(of=of):
            return columns_of(of)
        case None:
            return set()
    left, right = getattr(expr, "left", None), getattr(expr, "right", None)
    return columns_of(left) | columns_of(right)
