"""The logical plan: frozen dataclasses, a tree of nodes over small expressions.

Column names are unique within a plan: a Scan renames on reading where two tables share a name, so
every expression names a column by its plan-wide name only.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from arclight.catalog.profile import ColumnType, TableProfile

# --- expressions -------------------------------------------------------------------------------


class Unit(StrEnum):
    """A time bucket: the first four truncate to a date, a year is its number, the others are
    numbers within the larger unit."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    MONTH_OF_YEAR = "month_of_year"
    QUARTER_OF_YEAR = "quarter_of_year"
    WEEK_OF_YEAR = "week_of_year"
    DAY_OF_WEEK = "day_of_week"
    HOUR_OF_DAY = "hour_of_day"


class ArithOp(StrEnum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


class CompareOp(StrEnum):
    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class TextMatch(StrEnum):
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"


Scalar = int | float | str | bool | date | datetime


@dataclass(frozen=True)
class Col:
    name: str


@dataclass(frozen=True)
class Lit:
    value: Scalar


@dataclass(frozen=True)
class Bucket:
    unit: Unit
    of: "Expr"


@dataclass(frozen=True)
class Arith:
    op: ArithOp
    left: "Expr"
    right: "Expr"


Expr = Col | Lit | Bucket | Arith

# --- predicates --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compare:
    """Text compares without regard to case when `fold` is set."""

    op: CompareOp
    left: Expr
    right: Expr
    fold: bool = False


@dataclass(frozen=True)
class Between:
    """Both ends included unless `half_open`, which leaves the upper end out (for dates)."""

    of: Expr
    low: Lit
    high: Lit
    half_open: bool = False


@dataclass(frozen=True)
class OneOf:
    of: Expr
    values: tuple[Lit, ...]
    fold: bool = False


@dataclass(frozen=True)
class Match:
    """Text match, without regard to case."""

    how: TextMatch
    of: Expr
    text: str


@dataclass(frozen=True)
class IsNull:
    of: Expr


@dataclass(frozen=True)
class Not:
    of: "Predicate"


@dataclass(frozen=True)
class AllOf:
    of: tuple["Predicate", ...]


@dataclass(frozen=True)
class AnyOf:
    of: tuple["Predicate", ...]


Predicate = Compare | Between | OneOf | Match | IsNull | Not | AllOf | AnyOf

# --- nodes -------------------------------------------------------------------------------------


class Clean(StrEnum):
    """How a text cell becomes a value."""

    NONE = "none"
    NUMBER = "number"
    """`1,234`, `$5`, `12 %` and surrounding blanks are numbers; anything else is missing."""
    DATE = "date"
    """A date or timestamp in one of the column's `formats`; anything else is missing."""


@dataclass(frozen=True)
class ReadColumn:
    """One column that a scan reads: its name in the file, its plan-wide name, its type.

    `formats` are strptime formats, tried in order, for `Clean.DATE`.
    """

    name: str
    type: ColumnType
    as_name: str
    clean: Clean = Clean.NONE
    formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    table: TableProfile
    columns: tuple[ReadColumn, ...]


@dataclass(frozen=True)
class Join:
    """`how` is `inner` or `left`; keys are plan-wide names."""

    left: "Node"
    right: "Node"
    left_key: str
    right_key: str
    how: str = "inner"


@dataclass(frozen=True)
class Filter:
    source: "Node"
    where: Predicate


@dataclass(frozen=True)
class Derive:
    """Adds one column."""

    source: "Node"
    name: str
    expr: Expr


class Func(StrEnum):
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    STDDEV = "stddev"


@dataclass(frozen=True)
class Measure:
    """`of` is None for a count of rows. `wide`: a sum that may leave 64 bits, kept as a decimal."""

    func: Func
    of: Expr | None
    name: str
    wide: bool = False


@dataclass(frozen=True)
class Key:
    """A grouping key under its output name."""

    expr: Expr
    name: str


@dataclass(frozen=True)
class Aggregate:
    """No keys: one row over everything."""

    source: "Node"
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class SortKey:
    name: str
    descending: bool = False


@dataclass(frozen=True)
class Sort:
    source: "Node"
    keys: tuple[SortKey, ...]


@dataclass(frozen=True)
class Limit:
    source: "Node"
    rows: int


@dataclass(frozen=True)
class Project:
    """Exactly these columns in this order; `distinct` drops repeated rows."""

    source: "Node"
    columns: tuple[str, ...]
    distinct: bool = False


class Task(StrEnum):
    """Computations without a table. Each docstring names the arguments and the answer's columns."""

    FIRST_PRIMES = "first_primes"
    """(count) → prime"""
    PRIMES_BELOW = "primes_below"
    """(limit, itself left out) → prime"""
    RANGE_SUM = "range_sum"
    """(first, last, step = 1), both ends included → sum"""
    MONTE_CARLO_PI = "monte_carlo_pi"
    """(samples, seed = 42) → samples, pi"""
    FIBONACCI = "fibonacci"
    """(n) or (first n, last n) with F(0) = 0 and F(1) = 1 → n, fibonacci"""
    FACTORIAL = "factorial"
    """(n) → n, factorial"""


@dataclass(frozen=True)
class Compute:
    """A numeric task with its integer arguments, in the order that the task names them."""

    task: Task
    args: tuple[int, ...]


@dataclass(frozen=True)
class WordCount:
    """Words of one text column, lower-cased, most frequent first."""

    source: "Node"
    column: str
    top: int | None = None


Node = Scan | Join | Filter | Derive | Aggregate | Sort | Limit | Project | Compute | WordCount


@dataclass(frozen=True)
class Planned:
    """A plan with what a person must know about it."""

    root: Node
    summary: str
    assumptions: tuple[str, ...]
    confidence: float
    question: str = ""
    """As it was asked; the program's docstring begins with it."""
