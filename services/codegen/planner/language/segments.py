"""From tokens to segments: each stretch of a question with everything it may mention."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.language.mentions import (
    TableHit,
    named_columns,
    named_tables,
    operations,
    said_values,
)
from services.codegen.planner.lexicon import ANALYSIS, Op, Sense
from services.codegen.planner.periods import Period, month_number
from services.codegen.planner.schema import Schema
from services.codegen.planner.values import ValueHit
from services.codegen.planner.words import Kind, Token

Span = tuple[int, int]
_CLOSE = 0.3
"""Columns within this score of the best stay as readings."""
_NAMED = 0.9
"""A column that a word of the language may mean as well is meant from this score on."""
_TELLING = 5
"""Letters from which on a word that mostly says nothing may name a column in part."""
_STRICT = frozenset(
    {
        *(Op.EQUALS, Op.RELATIVE, Op.WH, Op.AGGREGATE, Op.COUNT, Op.COMPARE, Op.SUPERLATIVE),
        *(Op.PREPOSITION, Op.AND, Op.OR, Op.BY, Op.NOT, Op.NO, Op.SORT, Op.TEMPORAL, Op.BOTH),
        *(Op.EITHER, Op.NEITHER, Op.BETWEEN, Op.DISTINCT, Op.AGAIN),
        *(Op.MINUS, Op.PLUS, Op.MULTIPLY, Op.OVER, Op.DIFFERENCE, Op.RATIO, *ANALYSIS),
        *(Op.MORE, Op.NEIGHBOUR, Op.LISTED),
    }
)
_LONGER = 0.12
"""Bonus per further token: of two equally good readings the longer one explains more."""


_WORD_OF_TABLE = 0.85
"""Score of a table by a whole word of its name."""
_ARTICLES = frozenset({"the", "a", "an", "each", "all", "every"})


@dataclass(frozen=True)
class Segment:
    """One stretch of the question. Several readings may hold; the grammar takes what fits."""

    tokens: tuple[Token, ...]
    senses: tuple[Sense, ...] = ()
    columns: tuple[ColumnHit, ...] = ()
    values: tuple[ValueHit, ...] = ()
    tables: tuple[TableHit, ...] = ()
    owner: str = ""
    """The table that the columns are said to be of: `details of the events`."""

    @cached_property
    def text(self) -> str:
        return " ".join(t.text for t in self.tokens)

    def sense(self, *ops: Op) -> Sense | None:
        for s in self.senses:
            if s.op in ops:
                return s
        return None

    def args(self, op: Op) -> set[str]:
        return {s.arg for s in self.senses if s.op is op}

    @cached_property
    def filler(self) -> bool:
        return self.sense(Op.FILLER) is not None and not (self.columns or self.values)

    @property
    def number(self) -> int | float | None:
        return self.tokens[0].number if len(self.tokens) == 1 else None

    @property
    def year(self) -> int | None:
        return self.tokens[0].year if len(self.tokens) == 1 else None

    @property
    def period(self) -> Period | None:
        return self.tokens[0].period if len(self.tokens) == 1 else None

    @property
    def month(self) -> int | None:
        """The month that a bare name stands for; `may` and `march` only when capitalised."""
        if len(self.tokens) != 1 or self.tokens[0].kind is not Kind.WORD:
            return None
        token = self.tokens[0]
        return month_number(token.lower) if token.capital or token.lower not in _VERBS else None


_VERBS = frozenset({"may", "march", "mar", "sun"})


@dataclass(frozen=True)
class Split:
    """One way to cut the question; `score` says how much of it the mentions explain."""

    segments: tuple[Segment, ...]
    score: float


@dataclass
class _Readings:
    score: float = 0.0
    senses: tuple[Sense, ...] = ()
    columns: list[ColumnHit] = field(default_factory=list)
    values: list[ValueHit] = field(default_factory=list)
    tables: list[TableHit] = field(default_factory=list)


def splits(tokens: Sequence[Token], schema: Schema, most: int = 6) -> list[Split]:
    """The best ways to cut the question into mentions, best first."""
    found: dict[Span, _Readings] = {}
    columns = list(named_columns(tokens, schema))
    named = {span for span, column in columns if column.exact}
    for span, senses, score in operations(tokens):
        inside = any(span[0] < a and b < span[1] for a, b in named)
        if not (inside and all(s.op is Op.AGGREGATE for s in senses)):
            # `total amount of` gives way to a column `amount`.
            _at(found, span, score).senses = senses
    counts = [span for span, senses, _ in operations(tokens) if _long_count(span, senses)]
    for span, column in columns:
        if any(a <= span[0] and span[1] < b for a, b in counts):
            continue  # `total number of` names no column `total`
        words = span[1] - span[0] - (0.0 if column.exact else _OF * _owned(tokens, span, column))
        whole = _WHOLE * (span[1] - span[0] - 1) if column.exact else 0.0
        _at(found, span, column.score * words + whole).columns.append(column)
    for span, value in said_values(tokens, schema):
        _at(found, span, value.score * (span[1] - span[0])).values.append(value)
    for span, table in named_tables(tokens, schema):
        _at(found, span, table.score * (span[1] - span[0])).tables.append(table)
    return [
        Split(tuple(_segment(tokens, span, found) for span in split), score)
        for score, split in _best_splits(len(tokens), found, most)
    ]


def _owned(tokens: Sequence[Token], span: Span, column: ColumnHit) -> bool:
    """True when `of` stands within the span and not in the column's name."""
    inside = {t.lower for t in tokens[span[0] + 1 : span[1] - 1]}
    return "of" in inside and "of" not in column.field.small


_WHOLE = 0.13
"""Bonus per further token of a column whose whole name is said."""
_OF = 0.4
"""Words by which `codes of apartments` counts less than the same words in a row."""


def _long_count(span: Span, senses: Sequence[Sense]) -> bool:
    return span[1] - span[0] > 2 and any(s.op is Op.COUNT for s in senses)


def _read(found: Mapping[Span, _Readings], span: Span) -> _Readings:
    return found.get(span, _Readings())


def _owners(tokens: Sequence[Token], span: Span, found: Mapping[Span, _Readings]) -> set[str]:
    """Tables at the end of `details of the events`, whose rows the column is of."""
    inside = [t.lower for t in tokens[span[0] + 1 : span[1] - 1]]
    if "of" not in inside:
        return set()
    tail = span[0] + 2 + inside.index("of")
    tail += tokens[tail].lower in _ARTICLES and tail + 1 < span[1]
    readings = _read(found, (tail, span[1]))
    best = max((t.score for t in readings.tables), default=0.0)
    floor = max(best, _WORD_OF_TABLE)
    return {t.table.name for t in readings.tables if t.score >= floor}


def _of_owner(column: ColumnHit, owners: Collection[str], tail: str, *, counted: bool) -> bool:
    """True for a column of the owner, or one whose own name says whose it is.

    `number of invoices` counts them, although an invoice has a number.
    """
    field = column.field
    if counted and (field.identifier or not field.numeric):
        return False
    return column.exact or field.table.name in owners or tail in field.stems


def _at(found: dict[Span, _Readings], span: Span, score: float) -> _Readings:
    readings = found.setdefault(span, _Readings())
    readings.score = max(readings.score, score + _LONGER * (span[1] - span[0] - 1))
    return readings


def _best_splits(
    count: int, found: Mapping[Span, _Readings], most: int
) -> list[tuple[float, tuple[Span, ...]]]:
    """Dynamic programming over positions: the covers with the highest sums of scores."""
    starts: dict[int, list[Span]] = {}
    for span in found:
        starts.setdefault(span[1], []).append(span)
    best: list[list[tuple[float, tuple[Span, ...]]]] = [[(0.0, ())]]
    for end in range(1, count + 1):
        spans = starts.get(end, [])
        if (end - 1, end) not in found:
            spans = [*spans, (end - 1, end)]
        paths = [
            (score + (found[span].score if span in found else 0.0), (*path, span))
            for span in spans
            for score, path in best[span[0]]
        ]
        best.append(sorted(paths, key=lambda p: (-p[0], len(p[1])))[:most])
    return best[count]


def _segment(tokens: Sequence[Token], span: Span, found: Mapping[Span, _Readings]) -> Segment:
    readings = _read(found, span)
    columns = sorted(readings.columns, key=lambda c: -c.score)
    begins = span[0] == 0 and any(s.op is Op.SHOW for s in readings.senses)
    if begins or any(s.op in _STRICT for s in readings.senses):
        # A word of the language names a column only by its whole name.
        columns = [c for c in columns if c.exact or c.score >= _NAMED]
    tables = readings.tables
    if any(s.op in _STRICT or s.op is Op.FILLER for s in readings.senses):
        # … and a table only by its whole name.
        tables = [t for t in tables if t.score > _WORD_OF_TABLE]
    owners = _owners(tokens, span, found)
    if owners:
        tail = tokens[span[1] - 1].stem
        counted = any(s.op is Op.COUNT for s in _read(found, (span[0], span[0] + 2)).senses)
        columns = [c for c in columns if _of_owner(c, owners, tail, counted=counted)]
    owner = columns[0].field.table.name if owners and columns else ""
    short = all(len(t.lower) < _TELLING for t in tokens[span[0] : span[1]])
    if short and any(s.op is Op.FILLER for s in readings.senses):
        columns = [c for c in columns if c.exact or c.score >= _NAMED]
    values = readings.values
    number = span[1] - span[0] == 1 and tokens[span[0]].kind is Kind.NUMBER
    if number or (readings.senses and tokens[span[0]].kind is not Kind.QUOTED):
        values = [v for v in values if not v.part]
    best = columns[0].score if columns else 0.0
    return Segment(
        tokens=tuple(tokens[span[0] : span[1]]),
        senses=readings.senses,
        columns=tuple(c for c in columns if c.score >= best - _CLOSE)[:12],
        values=tuple(sorted(values, key=lambda v: -v.score)[:8]),
        tables=tuple(sorted(tables, key=lambda t: -t.score)[:2]),
        owner=owner if owner in owners else "",
    )
