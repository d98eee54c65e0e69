"""Expressions and predicates of a plan. Every column stands under its plan-wide name."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
    """Between numbers; a date less a date is a number of days. Division by zero is missing."""

    op: ArithOp
    left: "Expr"
    right: "Expr"


class Fn(StrEnum):
    """Functions of one value. Missing in, missing out."""

    ABS = "abs"
    LENGTH = "length"
    """Characters of a text."""
    LOWER = "lower"
    NUMBER = "number"
    """The first number that stands in a text (`1,234 km (est.)` → 1234), missing without one."""
    FLOOR = "floor"
    """The largest whole number that is not above a number, as a number with a fraction."""


@dataclass(frozen=True)
class Call:
    fn: Fn
    of: "Expr"


@dataclass(frozen=True)
class Case:
    """The first branch whose test holds; else `otherwise`, which is missing when None."""

    branches: tuple[tuple["Predicate", "Expr"], ...]
    otherwise: "Expr | None" = None


Expr = Col | Lit | Bucket | Arith | Call | Case

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
