"""A name that a program uses, and what is wrong with it."""

import ast
from dataclasses import dataclass
from enum import StrEnum

from services.validator.columns.schema import Schema


class Style(StrEnum):
    """How a name stands in the program, which decides how another one would be written there."""

    PLAIN = "plain"
    """A string that is the name, as in pandas, Arrow and Ray."""
    SPARK = "spark"
    """A string in which dots divide and back-quotes hold together."""
    SQL = "sql"
    """A stretch of an SQL text."""
    PYTHON = "python"
    """A stretch of a Python expression in a string."""
    ATTRIBUTE = "attribute"
    """`frame.name`."""


@dataclass(frozen=True, eq=False)
class Ref:
    """One use of a name."""

    parts: tuple[str, ...]
    """The name without its quotes, cut at its dots."""
    at: ast.AST
    """Where it is reported."""
    style: Style = Style.PLAIN
    literal: ast.Constant | None = None
    """The string that holds it; None when it was put together or is no string."""
    span: tuple[int, int] | None = None
    """Its stretch of the literal's text; None: the whole."""
    aggregated: bool = False
    """It stands inside an aggregate function."""
    needs: str = ""
    """The function that takes it as it is and needs numbers."""

    @property
    def name(self) -> str:
        return ".".join(self.parts)


class Problem(StrEnum):
    """Which rule a miss belongs to."""

    COLUMN = "COL001"
    TABLE = "COL002"
    AMBIGUOUS = "COL003"
    KIND = "COL004"


@dataclass(frozen=True)
class Miss:
    """One name that cannot be right."""

    problem: Problem
    ref: Ref
    schema: Schema | None = None
    choices: tuple[str, ...] = ()
    """What could stand there instead, in any order."""
    sure: bool = True
    message: str = ""
    """Empty: the rule's own words."""
    hint: str = ""
