"""What a failure can say about the data, the plan or the way it is run."""

from dataclasses import dataclass

from arclight.catalog.profile import ColumnType


@dataclass(frozen=True)
class BadValue:
    """A cell that does not fit its type; what is unknown is None."""

    value: str | None = None
    columns: tuple[str, ...] = ()
    """Names that the failure points at; more than one when it points at a line."""
    position: int | None = None
    """Index of the column in its file."""
    type: ColumnType | None = None
    cleaned: bool = False
    """The cell was turned from text by the program's own helper."""


@dataclass(frozen=True)
class BrokenRecord:
    """Lines that do not make records: a quoted cell may hold a line break."""


@dataclass(frozen=True)
class UnknownColumn:
    name: str
    proposals: tuple[str, ...]


@dataclass(frozen=True)
class OtherHeader:
    """The first line of a file names other columns than were known, place by place."""

    expected: tuple[str, ...]
    header: tuple[str, ...]


@dataclass(frozen=True)
class AmbiguousColumn:
    name: str


@dataclass(frozen=True)
class Overflow:
    """A whole number left 64 bits; `product` when a multiplication did."""

    product: bool


@dataclass(frozen=True)
class OutOfMemory:
    """The run needed more memory than it may have."""


@dataclass(frozen=True)
class NoMetastore:
    """Hive's metastore could not be opened, as on a disk that nobody may write to."""


Symptom = (
    BadValue
    | BrokenRecord
    | UnknownColumn
    | OtherHeader
    | AmbiguousColumn
    | Overflow
    | OutOfMemory
    | NoMetastore
)
