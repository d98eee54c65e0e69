"""What a stretch of words may say of one column's cells."""

from dataclasses import dataclass

from services.codegen.planner.schema import Field

Span = tuple[int, int]
"""First token, and the one after the last."""


@dataclass(frozen=True)
class ValueHit:
    """A cell of `field`. `part`: the words are only a part of cells, so the cells contain them."""

    field: Field
    value: str
    score: float
    part: bool = False
    sampled: bool = True
    """False for a value that the sample does not show."""
    values: tuple[str, ...] = ()
    """All cells that the words may mean, as the column writes them."""
    exact: bool = False
    """True for the whole cell in the same words, whatever the case and marks."""
    also: tuple[tuple[Field, str], ...] = ()
    """What else the same words say, of other columns of the table: the first name of a full one."""
    opposite: str = ""
    """For a column of two states: the text of the other one."""
