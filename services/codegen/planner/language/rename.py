"""Expressions and predicates over field keys, under the names of the plan."""

import re
from collections.abc import Sequence
from dataclasses import replace

from arclight.catalog.profile import ColumnType
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import POSITION, TIME
from services.codegen.planner.language.source import Source
from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Arith,
    Between,
    Bucket,
    Call,
    Case,
    Col,
    Compare,
    CompareOp,
    Expr,
    IsNull,
    Lit,
    Match,
    Not,
    OneOf,
    Predicate,
)
from services.codegen.planner.schema import MOSTLY_FIRST, NUMBERS, Field

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\b")


class Renaming:
    """Asks the source for each column as text or number, as its place needs it."""

    def __init__(self, source: Source, time: str | None) -> None:
        self.source, self.time = source, time

    def expr(self, e: Expr, *, number: bool = False) -> Expr:
        """The expression under plan-wide names; `number` where it is calculated with."""
        match e:
            case Col():
                return Col(self._column(e, number=number))
            case Bucket(of=of):
                return replace(e, of=self.expr(of, number=True))
            case Call(of=of):
                return replace(e, of=self.expr(of))
            case Arith(left=a, right=b):
                return replace(e, left=self.calculated(a), right=self.calculated(b))
            case Case(branches=branches, otherwise=otherwise):
                tests = tuple((self.predicate(t), self.expr(v)) for t, v in branches)
                return Case(tests, self.expr(otherwise) if otherwise is not None else None)
            case Lit():
                return e

    def calculated(self, e: Expr, *, dates: bool = True) -> Expr:
        """The expression as a number or a date. Raises CannotBuild for text."""
        if isinstance(e, Col) and e.name in self.source.schema.fields:
            f = self.source.schema.fields[e.name]
            text = f.profile.type is ColumnType.STRING
            dated = dates and bool(f.profile.date_formats)
            if text and (f.clocked or not (_counted(f) or dated)):
                raise _no_numbers(f, "text")
            if f.is_date and not dates:
                raise _no_numbers(f, "dates")
        if isinstance(e, Case):
            for value in (*(v for _, v in e.branches), e.otherwise):
                if value is not None:
                    self.calculated(value, dates=dates)
        if isinstance(e, Lit) and isinstance(e.value, str):
            raise CannotBuild(f"{e.value!r} is text.", "Give a number to calculate with.")
        return self.expr(e, number=True)

    def _comparable(self, e: Expr, *values: object) -> None:
        """Raises CannotBuild for numbers compared with words, and for dates with either."""
        if not isinstance(e, Col) or e.name not in self.source.schema.fields:
            return
        f = self.source.schema.fields[e.name]
        wrong = [v for v in values if not _comparable(f, v)]
        if wrong:
            raise _never(f, wrong)

    def _column(self, c: Col, *, number: bool) -> str:
        if c == POSITION:
            return self.source.position(self.source.tables[0])
        name = self.time if c == TIME else c.name
        assert name is not None, "a query with a time has a date column"
        f = self.source.schema.fields[name]
        text = f.profile.type is ColumnType.STRING
        if number and text and not f.clocked and _counted(f):
            return self.source.number(f)
        if number and text and f.profile.date_formats:
            return self.source.date(f)
        return self.source.column(f)

    def predicate(self, p: object) -> Predicate:
        """The predicate under plan-wide names."""
        match p:
            case Compare(op=op, left=a, right=b, fold=fold):
                self._comparable(a, *([b.value] if isinstance(b, Lit) else ()))
                number = _number(b) or _number(a) or op not in (CompareOp.EQ, CompareOp.NE)
                return Compare(op, self.expr(a, number=number), self.expr(b, number=number), fold)
            case Between(of=of, low=low):
                return replace(p, of=self.expr(of, number=not isinstance(low.value, str)))
            case OneOf(of=of, values=values):
                self._comparable(of, *(v.value for v in values))
                return replace(p, of=self.expr(of))
            case Match(of=of) | IsNull(of=of):
                return replace(p, of=self.expr(of))
            case Not(of=inner):
                return Not(self.predicate(inner))
            case AllOf(of=parts):
                return AllOf(tuple(self.predicate(x) for x in parts))
            case AnyOf(of=parts):
                return AnyOf(tuple(self.predicate(x) for x in parts))
        raise TypeError(f"no predicate of the plan: {p!r}")


def _no_numbers(f: Field, held: str) -> CannotBuild:
    reason = f"Column {f.name!r} of {f.table.name} holds {held}, which cannot be calculated with."
    return CannotBuild(reason, "Name a column of numbers, or count instead.")


def _never(f: Field, values: Sequence[object]) -> CannotBuild:
    said = ", ".join(map(repr, values))
    held = "dates" if f.dated else "numbers"
    reason = f"Column {f.name!r} of {f.table.name} holds {held} and is never {said}."
    return CannotBuild(reason, f"Name the column that {said} stands in.")


def _comparable(f: Field, value: object) -> bool:
    """True when the engines can compare a cell with the value."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if f.profile.type in NUMBERS:
        return not isinstance(value, str)
    if f.is_date:
        return not number and (not isinstance(value, str) or bool(_ISO.match(value)))
    # Text that holds dates is read as dates where it is compared with anything but text.
    return not (number and f.profile.date_formats and not _counted(f))


def _counted(f: Field) -> bool:
    """True for text whose cells are read as numbers."""
    return f.textual_number or f.profile.first_number >= MOSTLY_FIRST


def _number(e: Expr) -> bool:
    return isinstance(e, Lit) and isinstance(e.value, int | float) and e.value is not True
