"""What the programs of computations share: columns of answers, and functions in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.codegen.planner.render.layout import (
    Bracketed,
    Doc,
    Text,
    call,
    listed,
    mapped,
    statement,
)
from services.codegen.planner.render.text import quote

Code = tuple[list[list[str]], list[str]]
"""Functions of the module, statements of main(); the answer is in `result`."""


class Holds(StrEnum):
    """What a column of an answer holds. A whole number beyond 64 bits is written as text."""

    WHOLE = "whole"
    REAL = "real"
    TEXT = "text"
    TRUTH = "truth"


ARROW = {
    Holds.WHOLE: "pa.int64()",
    Holds.REAL: "pa.float64()",
    Holds.TEXT: "pa.string()",
    Holds.TRUTH: "pa.bool_()",
}
SPARK = {
    Holds.WHOLE: "BIGINT",
    Holds.REAL: "DOUBLE",
    Holds.TEXT: "STRING",
    Holds.TRUTH: "BOOLEAN",
}


@dataclass(frozen=True)
class Plain:
    """A computation by one plain function: there is nothing to distribute.

    `given` are statements before the call. The function gives the value of the only column, a
    list of values where `many` is set, or a list of rows where there are several columns.
    """

    function: str
    name: str
    arguments: tuple[Doc, ...]
    columns: tuple[tuple[str, Holds], ...]
    many: bool = False
    given: tuple[str, ...] = ()
    as_text: bool = False
    """The function gives whole numbers that are written as text."""
    constants: tuple[str, ...] = ()
    """Lines of the module above the function."""
    unlimited: bool = False
    """The value has more digits than Python writes by itself."""

    def code(self, remote: bool) -> list[list[str]]:
        """Constants and the function, a remote one for Ray."""
        function = self.function.rstrip("\n").splitlines()
        head = ["@ray.remote"] if remote else []
        return [*([[*self.constants]] if self.constants else []), [*head, *function]]


def lines(*code: str) -> list[str]:
    """Statements of main(), indented."""
    return ["    " + line if line else "" for part in code for line in part.splitlines()]


def values(code: str, holds: Holds) -> Doc:
    """An Arrow array of a list expression."""
    return call("pa.array", Text(code), ARROW[holds])


def arrow(columns: Sequence[tuple[str, str, Holds]]) -> list[str]:
    """`result = pa.table(…)`: name, list expression and type of each column."""
    pairs = [(quote(name), values(code, holds)) for name, code, holds in columns]
    table = mapped(pairs)
    flat = statement("result = ", call("pa.table", table))
    if len(flat) == 1:
        return flat
    return statement("columns = ", table) + lines("result = pa.table(columns)")


def schema(columns: Sequence[tuple[str, Holds]]) -> str:
    """The columns as Spark's DDL, as a literal."""
    names = [f"`{n}`" if not n.isidentifier() else n for n, _ in columns]
    return quote(", ".join(f"{n} {SPARK[h]}" for n, (_, h) in zip(names, columns, strict=True)))


def literals(numbers: Sequence[int | float | str]) -> Bracketed:
    """A list literal."""
    return listed([quote(n) if isinstance(n, str) else repr(n) for n in numbers])


def holds(numbers: Sequence[int | float | str]) -> Holds:
    """What a list holds: fractions make all of it fractions."""
    if any(isinstance(n, str) for n in numbers):
        return Holds.TEXT
    return Holds.WHOLE if all(isinstance(n, int) for n in numbers) else Holds.REAL
