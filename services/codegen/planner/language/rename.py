"""Expressions and predicates over field keys, under the names of the plan."""

from dataclasses import replace

from arclight.catalog.profile import ColumnType
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
                return replace(e, left=self.expr(a, number=True), right=self.expr(b, number=True))
            case Case(branches=branches, otherwise=otherwise):
                tests = tuple((self.predicate(t), self.expr(v)) for t, v in branches)
                return Case(tests, self.expr(otherwise) if otherwise is not None else None)
            case Lit():
                return e

    def _column(self, c: Col, *, number: bool) -> str:
        if c == POSITION:
            return self.source.position(self.source.tables[0])
        name = self.time if c == TIME else c.name
        assert name is not None, "a query with a time has a date column"
        f = self.source.schema.fields[name]
        text = f.profile.type is ColumnType.STRING
        if (
            number
            and text
            and not f.clocked
            and (f.textual_number or f.profile.first_number >= 0.7)
        ):
            return self.source.number(f)
        if number and text and f.profile.date_formats:
            return self.source.date(f)
        return self.source.column(f)

    def predicate(self, p: object) -> Predicate:
        """The predicate under plan-wide names."""
        match p:
            case Compare(op=op, left=a, right=b, fold=fold):
                number = _number(b) or _number(a) or op not in (CompareOp.EQ, CompareOp.NE)
                return Compare(op, self.expr(a, number=number), self.expr(b, number=number), fold)
            case Between(of=of, low=low):
                return replace(p, of=self.expr(of, number=not isinstance(low.value, str)))
            case OneOf(of=of) | Match(of=of) | IsNull(of=of):
                return replace(p, of=self.expr(of))
            case Not(of=inner):
                return Not(self.predicate(inner))
            case AllOf(of=parts):
                return AllOf(tuple(self.predicate(x) for x in parts))
            case AnyOf(of=parts):
                return AnyOf(tuple(self.predicate(x) for x in parts))
        raise TypeError(f"no predicate of the plan: {p!r}")


def _number(e: Expr) -> bool:
    return isinstance(e, Lit) and isinstance(e.value, int | float) and e.value is not True
