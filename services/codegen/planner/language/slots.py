"""Open places of a question: a mention and everything that it may stand for."""

from dataclasses import dataclass, field

from services.codegen.planner.plan import Col, Expr
from services.codegen.planner.schema import Field
from services.codegen.planner.values import ValueHit


@dataclass(frozen=True)
class Option:
    """One thing that a mention may be. `field` is the column it reads first."""

    expr: Expr
    field: Field
    score: float
    exact: bool = False
    value: ValueHit | None = None
    reversed: bool = False
    """The column runs against the word: the oldest has the highest age, and the earliest birth."""


@dataclass
class Slot:
    """A mention in a role; the roles are hints for the choice among the options."""

    number: int
    text: str
    options: tuple[Option, ...]
    kind: str = "column"
    """`column` or `value`."""
    role: str = ""
    """item, key, order, measure, test, value"""
    want: str = ""
    """`number`, `time` or `text`: what the role needs."""
    tables: tuple[str, ...] = ()
    """Tables whose mention stands beside this one: `name of the student`."""
    beside: int | None = None
    """For a value: the slot of the column named with it."""
    plural: bool = False
    at: int = 0
    """The segment it comes from."""
    hint: str = ""
    """Key of the column that was named after the value."""
    notes: list[str] = field(default_factory=list)

    @property
    def expr(self) -> Col:
        """How the slot stands in expressions while it is open."""
        return Col(f"${self.number}")


def slot_number(name: str) -> int | None:
    """The number of the slot that a column name stands for, if it is an open one."""
    return int(name[1:]) if name.startswith("$") else None
