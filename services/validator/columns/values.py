"""What an expression of the program stands for while it is run with schemas in place of rows."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.validator.analysis.scope import Function
from services.validator.columns.miss import Ref
from services.validator.columns.schema import Column, Kind, Schema

MAX_SIZE = 5_000
"""Values in one sequence that are followed: more than a table has columns."""


class Value:
    """Base of all values. This one says nothing: see UNKNOWN and DATA."""

    __slots__ = ()


UNKNOWN = Value()
"""Anything."""
DATA = Value()
"""Something computed from rows: never a frame, and a condition on it is no guard."""


@dataclass(frozen=True)
class Text(Value):
    text: str
    node: ast.Constant | None = field(default=None, compare=False)
    """The literal that spells it; None when it was put together."""


@dataclass(frozen=True)
class Const(Value):
    """A number, a truth value, None or bytes."""

    value: object


def _size(value: Value) -> int:
    while isinstance(value, Promise):
        value = value.value
    return value.size if isinstance(value, Seq) else 1


@dataclass(frozen=True)
class Seq(Value):
    """Elements one after the other."""

    items: tuple[Value, ...] | None
    """None: how many is not known."""
    each: Value = UNKNOWN
    """What every element is like, where `items` is None."""
    size: int = field(default=1, compare=False)
    """Values in it, those of sequences inside counted."""
    schema: Schema | None = field(default=None, compare=False)
    """The frame whose names these are."""

    def __post_init__(self) -> None:
        if self.items is None:
            return
        size = 1 + sum(_size(i) for i in self.items)
        object.__setattr__(self, "size", size)
        if size > MAX_SIZE:
            object.__setattr__(self, "items", None)


@dataclass(frozen=True)
class Rest(Value):
    """Arguments `*values` of which nobody knows how many there are."""

    each: Value


@dataclass(frozen=True)
class Entries(Value):
    """A mapping from texts."""

    items: Mapping[str, tuple[Text, Value]]


@dataclass(eq=False)
class Box(Value):
    """Something that can change: a list, a set, a dictionary or a pandas frame."""

    slot: dict[str, Value]

    @property
    def content(self) -> Value:
        return self.slot["it"]


def box(content: Value) -> Box:
    return Box({"it": content})


class Engine(StrEnum):
    """Who holds a frame, which decides what its methods mean."""

    SPARK = "Spark"
    RAY = "Ray Data"
    ARROW = "Arrow"
    PANDAS = "pandas"
    ROW = "row"
    """A mapping from column names: a row, or a batch of NumPy arrays."""


@dataclass(frozen=True)
class Frame(Value):
    """A table. Without a schema nothing is known of its columns."""

    engine: Engine
    schema: Schema | None


@dataclass(frozen=True)
class Group(Value):
    """The groups of a frame."""

    frame: Frame
    keys: tuple[Column, ...] | None
    vague: bool = False
    """A key carries a name that the engine made up."""
    pivoted: bool = False
    chosen: tuple[str, ...] | None = None
    """pandas: the columns that `groups["x"]` picks."""


@dataclass(frozen=True)
class Expr(Value):
    """A column expression: the names that it needs, and the columns that it would make."""

    refs: tuple[Ref, ...] = ()
    names: tuple[str, ...] = ()
    """Output names; more than one for an explosion. Empty: made up by the engine."""
    guessed: bool = False
    """The engine makes the names up, and they may differ from `names`."""
    kind: Kind | None = None
    column: Column | None = None
    """The column of a frame that it stands for."""
    star: tuple[str, ...] | None = None
    """`*` is (), `a.*` is ("a",); ("?",) makes columns that are not known."""
    plain: bool = False
    """Nothing but a name."""


@dataclass(frozen=True)
class WindowSpec(Value):
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, eq=False)
class Reader(Value):
    """`spark.read` with what was set on it."""

    options: Mapping[str, Value]
    schema: Value | None = None


@dataclass(frozen=True)
class Writer(Value):
    frame: Frame


@dataclass(frozen=True)
class Session(Value):
    """A SparkSession; `ready` is False for its builder."""

    ready: bool = True


@dataclass(frozen=True)
class Names(Value):
    """The schema of an Arrow table as a value."""

    schema: Schema
    texts: tuple[Text, ...] = ()
    """The names as the program writes them."""


@dataclass(frozen=True)
class Promise(Value):
    """Ray's reference to a value elsewhere."""

    value: Value


@dataclass(frozen=True)
class Lib(Value):
    """Something imported or built in, by its dotted name."""

    name: str


@dataclass(frozen=True, eq=False)
class Made(Value):
    """What a call of a library gave, with what it was given."""

    name: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class Bound(Value):
    """A method, or an attribute that is not looked at further."""

    on: Value
    name: str


@dataclass(eq=False)
class Env:
    """The variables of one run of a function, or of the module."""

    names: dict[str, Value]
    outer: "Env | None" = None
    shared: frozenset[str] = frozenset()
    """Names that `global` or `nonlocal` hands to an outer one."""


@dataclass(frozen=True, eq=False)
class Own(Value):
    """A function of the program."""

    node: Function | ast.Lambda
    env: Env
    defaults: tuple[tuple[str, Value], ...] = ()
    remote: bool = False


def content(value: Value) -> Value:
    """What a box holds; anything else is itself."""
    return value.content if isinstance(value, Box) else value
