"""Cells of columns that hold no plain text: numbers, dates, and columns of two states."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from arclight.catalog.profile import ColumnType
from services.codegen.planner.forms import folded, forms
from services.codegen.planner.lexicon import stem
from services.codegen.planner.periods import Day, month_number, read_day
from services.codegen.planner.schema import NUMBERS, Field, Schema
from services.codegen.planner.value_hit import Span, ValueHit
from services.codegen.planner.words import Kind, Token, pieces

_NUMBER, _SHARP, _DATE, _FLAG = 0.6, 0.8, 0.85, 0.8
"""A number is in many columns; one with a fraction or of four digits and more in few."""
_SCALED = re.compile(r"([\d.,]*\d) (thousand|million|billion)s?")
_SMALL = frozenset({"a", "an", "the", "of", "any", "some", "its", "their"})


class TypedIndex:
    """Numbers, dates and states of a schema, built once."""

    def __init__(self, schema: Schema) -> None:
        self.fields = tuple(schema.fields.values())

    @cached_property
    def numbers(self) -> Mapping[float, tuple[Field, ...]]:
        """Number → the number columns that hold it."""
        found: dict[float, dict[str, Field]] = {}
        for field in self.fields:
            if field.profile.type in NUMBERS:
                for value in field.profile.values:
                    if isinstance(value, int | float):
                        found.setdefault(float(value), {})[field.key] = field
        return {n: tuple(fs.values()) for n, fs in found.items()}

    @cached_property
    def days(self) -> tuple[tuple[Field, tuple[tuple[Day, str], ...]], ...]:
        """The columns that hold dates, with each cell as a date."""
        found: list[tuple[Field, tuple[tuple[Day, str], ...]]] = []
        for field in self.fields:
            if field.is_date or field.profile.type is ColumnType.STRING:
                cells = _days(field)
                if cells:
                    found.append((field, cells))
        return tuple(found)

    @cached_property
    def flags(self) -> tuple[tuple[Field, tuple[str, ...], str, str], ...]:
        """Columns of two states: the stems of what they say, the text for yes, and for no."""
        return tuple(f for field in self.fields for f in _flag(field))


@lru_cache(maxsize=16)
def typed_index(schema: Schema) -> TypedIndex:
    """The index of a schema, built once."""
    return TypedIndex(schema)


def typed_hits(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """Numbers of number columns, dates of date columns (text ones too), states said by name."""
    index = typed_index(schema)
    yield from _number_hits(tokens, index)
    for span, day in _said_days(tokens):
        yield from ((span, hit) for hit in _day_hits(day, index))
    yield from _flag_hits(tokens, index)


def _number_hits(tokens: Sequence[Token], index: TypedIndex) -> Iterator[tuple[Span, ValueHit]]:
    for at, token in enumerate(tokens):
        if token.kind is not Kind.NUMBER or token.number is None:
            continue
        sharp = isinstance(token.number, float) or abs(token.number) >= 1000
        for field in index.numbers.get(float(token.number), ()):
            text = str(token.number)
            score = _SHARP if sharp else _NUMBER
            yield (at, at + 1), ValueHit(field, text, score, values=(text,), exact=True)
        yield from (((at, at + 1), hit) for hit in _scaled(token, index))


def _scaled(token: Token, index: TypedIndex) -> Iterator[ValueHit]:
    """`10.3 million` in a column that is counted in millions holds `10.3`."""
    said = _SCALED.fullmatch(token.lower)
    if said is None:
        return
    number = float(said[1].replace(",", ""))
    for field in index.numbers.get(number, ()):
        if {said[2], f"{said[2]}s", said[2][0]} & set(field.words):
            text = said[1].replace(",", "")
            yield ValueHit(field, text, _SHARP, values=(text,), exact=True)


def _days(field: Field) -> tuple[tuple[Day, str], ...]:
    """Every cell as a date; none for a column of which less than half are dates."""
    cells = [str(v) for v in field.profile.values]
    formats = field.profile.date_formats
    if not field.is_date and not formats and not any(map(_dated, cells[:20])):
        return ()
    read = tuple((day, c) for c in cells if (day := read_day(c, formats)))
    return read if 2 * len(read) >= len(cells) else ()


def _dated(cell: str) -> bool:
    return read_day(cell) is not None


def _said_days(tokens: Sequence[Token]) -> Iterator[tuple[Span, Day]]:
    """Whole dates, months of a year, and days without a year."""
    for at, token in enumerate(tokens):
        if token.kind is Kind.PERIOD and token.period is not None:
            first, end = token.period.first, token.period.end
            days = (end - first).days
            if days <= 31:
                yield (at, at + 1), Day(first.year, first.month, first.day if days == 1 else None)
            continue
        month = month_number(token.lower) if token.kind is Kind.WORD else None
        if month is None:
            continue
        for near, span in (
            (at + 1, (at, at + 2)),
            (at - 1, (at - 1, at + 1)),
            (at - 2, (at - 2, at + 1)),
        ):
            between = near == at - 2
            if 0 <= near < len(tokens) and (not between or tokens[at - 1].lower == "of"):
                number = tokens[near].number
                if isinstance(number, int) and 1 <= number <= 31:
                    yield span, Day(None, month, number)
                    break


def _day_hits(day: Day, index: TypedIndex) -> Iterator[ValueHit]:
    for field, cells in index.days:
        found = tuple(dict.fromkeys(c for d, c in cells if d.fits(day)))
        if found:
            whole = day.day is not None
            yield ValueHit(field, found[0], _DATE if whole else _NUMBER, not whole, values=found)


def _flag(field: Field) -> Iterator[tuple[Field, tuple[str, ...], str, str]]:
    states = _states(field)
    words = list(map(folded, pieces(field.name)))
    while len(words) > 1 and words[0] in forms().flag_leads:
        words.pop(0)
    while len(words) > 1 and words[-1] in forms().flag_tails:
        words.pop()
    if states and words:
        yield field, tuple(map(stem, words)), *states


def _states(field: Field) -> tuple[str, str] | None:
    """The texts for yes and no."""
    if field.profile.type is ColumnType.BOOLEAN:
        return "true", "false"
    if len(field.profile.yes_no) == 2:
        return field.profile.yes_no[0], field.profile.yes_no[1]
    values = {str(v).casefold(): str(v) for v in field.profile.values}
    marked = bool(set(pieces(field.name)[:1]) & forms().flag_leads)
    if not values or len(values) > 2 or not (marked or len(values) == 2):
        return None
    yes = next((v for k, v in values.items() if k in forms().yes), None)
    no = next((v for k, v in values.items() if k in forms().no), None)
    if (yes is None and no is None) or (len(values) == 2 and (yes is None or no is None)):
        return None
    return yes or _COUNTER.get(no or "", "1"), no or _COUNTER.get(yes or "", "0")


_COUNTER = {"0": "1", "1": "0", "Y": "N", "N": "Y", "Yes": "No", "No": "Yes", "T": "F", "F": "T"}
_COUNTER |= {k.lower(): v.lower() for k, v in _COUNTER.items()}


def _flag_hits(tokens: Sequence[Token], index: TypedIndex) -> Iterator[tuple[Span, ValueHit]]:
    """`a paper copy` for `has_paper_copy`: the state that it is so; `opposite` is the other."""
    stems = [t.stem for t in tokens]
    for field, words, yes, no in index.flags:
        for start in (i for i, s in enumerate(stems) if s == words[0]):
            end = _said_on(tokens, stems, words, start)
            if end:
                yield (start, end), ValueHit(field, yes, _FLAG, values=(yes,), opposite=no)


def _said_on(
    tokens: Sequence[Token], stems: Sequence[str], words: Sequence[str], start: int
) -> int:
    """The end of the window from `start` that says all `words` in turn; 0 for none."""
    at, left = start, list(words)
    while left and at < len(tokens):
        if stems[at] == left[0]:
            left.pop(0)
        elif tokens[at].lower not in _SMALL:
            return 0
        at += 1
    return 0 if left else at
