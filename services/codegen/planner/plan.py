"""The logical plan: frozen dataclasses, a tree of nodes over small expressions.

Column names are unique within a plan: a Scan renames on reading where two tables share a name, so
every expression names a column by its plan-wide name only.
"""

from dataclasses import dataclass
from enum import StrEnum

from arclight.catalog.profile import ColumnType, TableProfile
from services.codegen.planner.plan_terms import (
    AllOf,
    AnyOf,
    Arith,
    ArithOp,
    Between,
    Bucket,
    Call,
    Case,
    Col,
    Compare,
    CompareOp,
    Expr,
    Fn,
    IsNull,
    Lit,
    Match,
    Not,
    OneOf,
    Predicate,
    Scalar,
    TextMatch,
    Unit,
)
from services.codegen.planner.task import Task

__all__ = [
    "AllOf",
    "AnyOf",
    "Arith",
    "ArithOp",
    "Between",
    "Bucket",
    "Call",
    "Case",
    "Col",
    "Compare",
    "CompareOp",
    "Expr",
    "Fn",
    "IsNull",
    "Lit",
    "Match",
    "Not",
    "OneOf",
    "Predicate",
    "Scalar",
    "Task",
    "TextMatch",
    "Unit",
]
"""The terms of `plan_terms`, so that a plan is written with one import."""

# --- nodes -------------------------------------------------------------------------------------


class Clean(StrEnum):
    """How a text cell becomes a value."""

    NONE = "none"
    NUMBER = "number"
    """`1,234`, `$5`, `12 %` and surrounding blanks are numbers; anything else is missing."""
    DATE = "date"
    """A date or timestamp in one of the column's `formats`; anything else is missing."""
    FIRST_NUMBER = "first_number"
    """The first number in the cell (`23 (3 draws)` → 23, `US$1.5 million` → 1.5), else missing."""


@dataclass(frozen=True)
class ReadColumn:
    """One column that a scan reads: its name in the file, its plan-wide name, its type.

    `formats` are strptime formats, tried in order, for `Clean.DATE`. `counted`: the program says
    how many cells became missing because they could not be read, and what stood in them.
    """

    name: str
    type: ColumnType
    as_name: str
    clean: Clean = Clean.NONE
    formats: tuple[str, ...] = ()
    counted: bool = False


@dataclass(frozen=True)
class Scan:
    """One table is scanned as often as the plan needs it; each scan has names of its own.

    A column may be read twice, cleaned and as it stands. `position` names a further column: the
    number of the row in the file, from 1; empty when the order of the file does not matter.
    Without `numbered` it only has to rise with the rows, which costs next to nothing: it then
    breaks ties and is never calculated with.
    """

    table: TableProfile
    columns: tuple[ReadColumn, ...]
    position: str = ""
    numbered: bool = True


class How(StrEnum):
    """`semi` keeps the left rows that have a partner, `anti` those that have none, and neither
    shows a column of the right side. `cross` pairs all rows and has no keys: it is only used
    with a right side of one row, such as a total."""

    INNER = "inner"
    LEFT = "left"
    SEMI = "semi"
    ANTI = "anti"
    CROSS = "cross"


@dataclass(frozen=True)
class Join:
    """Keys are plan-wide names; `more` are further pairs (left, right) that must be equal too.

    Missing keys match nothing: an `anti` join keeps a left row whose key is missing.
    """

    left: "Node"
    right: "Node"
    left_key: str = ""
    right_key: str = ""
    how: How = How.INNER
    more: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs of keys; empty for a cross join."""
        return ((self.left_key, self.right_key), *self.more) if self.left_key else ()


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
    """Of a sample."""
    VARIANCE = "variance"
    """Of a sample."""
    PERCENTILE = "percentile"
    """At `fraction`, with linear interpolation."""
    CORRELATION = "correlation"
    """Pearson's, of `of` and `other`."""
    SLOPE = "slope"
    """Of the straight line by least squares of `of` over `other`."""


@dataclass(frozen=True)
class Measure:
    """`of` is None for a count of rows. `wide`: a sum that may leave 64 bits, kept as a decimal.

    `where`: only rows that pass are measured (a count of none is 0). `fraction`: 0 to 1.
    """

    func: Func
    of: Expr | None
    name: str
    wide: bool = False
    where: Predicate | None = None
    other: Expr | None = None
    fraction: float | None = None


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


class WindowFunc(StrEnum):
    ROW_NUMBER = "row_number"
    RANK = "rank"
    DENSE_RANK = "dense_rank"
    LAG = "lag"
    LEAD = "lead"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


@dataclass(frozen=True)
class Window:
    """Adds one column, computed over the rows that share the values of `partition`.

    The ranks and LAG, LEAD need an `order`. An aggregate without order is over the whole
    partition; with one it runs from the partition's first row to this one, or over `rows` rows
    that end with this one. LAG and LEAD look `rows` rows back or ahead (1 when None). COUNT with
    `of` None counts rows. Ties of the order are broken as in Sort, so the answer is always one.
    """

    source: "Node"
    name: str
    func: WindowFunc
    of: Expr | None = None
    partition: tuple[str, ...] = ()
    order: tuple[SortKey, ...] = ()
    rows: int | None = None


class SetOp(StrEnum):
    UNION = "union"
    INTERSECT = "intersect"
    EXCEPT = "except"
    UNION_ALL = "union_all"
    """The only one that keeps repeated rows."""


@dataclass(frozen=True)
class SetOperation:
    """Columns go together by position; the answer has the names of the left side."""

    op: SetOp
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Project:
    """Exactly these columns in this order; `distinct` drops repeated rows.

    `names` are their names in the answer, one each; empty keeps the plan-wide names.
    """

    source: "Node"
    columns: tuple[str, ...]
    distinct: bool = False
    names: tuple[str, ...] = ()


Argument = int | float | str | tuple[int | float | str, ...]


@dataclass(frozen=True)
class Compute:
    """A computation with its arguments, in the order that the task names them."""

    task: Task
    args: tuple[Argument, ...]


@dataclass(frozen=True)
class WordCount:
    """Words of one text column, lower-cased, most frequent first."""

    source: "Node"
    column: str
    top: int | None = None


Node = (
    Scan
    | Join
    | Filter
    | Derive
    | Aggregate
    | Window
    | SetOperation
    | Sort
    | Limit
    | Project
    | Compute
    | WordCount
)


@dataclass(frozen=True)
class Trace:
    """One decision of one pass, in words."""

    step: str
    text: str


@dataclass(frozen=True)
class Planned:
    """A plan with what a person must know about it."""

    root: Node
    summary: str
    assumptions: tuple[str, ...]
    confidence: float
    question: str = ""
    """As it was asked; the program's docstring begins with it."""
    certainty: str = "sure"
    """`sure`, or `assumed` where the answer rests on the assumptions."""
    runners_up: tuple[str, ...] = ()
    """What else the question may mean, in words, the likeliest first."""
    not_understood: tuple[str, ...] = ()
    """Words that nothing was made of."""
    trace: tuple[Trace, ...] = ()
    """Every decision, where it was asked for."""
    sparing: bool = False
    """Written for little memory: smaller parts, nothing sent whole to every task."""
    settings: tuple[tuple[str, str], ...] = ()
    """What Spark's session must be told besides what the executor tells it."""
