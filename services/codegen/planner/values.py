"""Which cells a stretch of words may name: whole values, their stems, parts, and states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from arclight.catalog.profile import ColumnType
from services.codegen.planner.lexicon import VERB, Op, lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import Kind, Token, pieces

Span = tuple[int, int]
_WIDEST = 7
_CATEGORY = 80
"""Distinct values up to which a column is a category, whose values people inflect (`rainy`)."""


@dataclass(frozen=True)
class ValueHit:
    """A cell of `field`. `part`: the words are only a part of cells, so the cells contain them."""

    field: Field
    value: str
    score: float
    part: bool = False
    sampled: bool = True
    """False for a value of a known class (a state) that the sample does not show."""


def value_hits(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """Every window of tokens that is a cell of a text column."""
    exact, joined, stems = _windows(tokens)
    states = _state_windows(joined)
    parts = [i for i, t in enumerate(tokens) if _may_be_part(t, i)]
    for field in schema.fields.values():
        if field.profile.type is not ColumnType.STRING:
            continue
        found = dict(_whole(field, tokens, exact, joined))
        if field.profile.distinct <= _CATEGORY:
            for span, hit in _inflected(field, stems):
                found.setdefault(span, hit)
        for span, code in states:
            state = _state(field, code)
            if state:
                found[span] = state
        for span, hit in _coded(field, joined):
            found.setdefault(span, hit)
        yield from found.items()
        yield from _parts(field, tokens, parts, found)


def _windows(
    tokens: Sequence[Token],
) -> tuple[Mapping[str, list[Span]], Mapping[str, list[Span]], Mapping[tuple[str, ...], Span]]:
    """Windows by their text, by their words joined with blanks, and by their stems."""
    exact: dict[str, list[Span]] = {}
    joined: dict[str, list[Span]] = {}
    stems: dict[tuple[str, ...], Span] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + _WIDEST, len(tokens)) + 1):
            window = tokens[start:end]
            if end - start == 1:
                exact.setdefault(window[0].lower.casefold(), []).append((start, end))
            joined.setdefault(" ".join(p for t in window for p in pieces(t.lower)), []).append(
                (start, end)
            )
            stems.setdefault(tuple(t.stem for t in window), (start, end))
        for base in _bases(tokens[start]):
            stems.setdefault((stem(base),), (start, start + 1))
    return exact, joined, stems


def _bases(token: Token) -> list[str]:
    """The nouns that an adjective in -y may come from: rainy → rain, sunny → sun."""
    word = token.lower
    if token.kind is not Kind.WORD or len(word) < 4 or not word.endswith("y"):
        return []
    return [word[:-1], word[:-2], word[:-1] + "e"] if word[-2] == word[-3] else [word[:-1]]


def _whole(
    field: Field,
    tokens: Sequence[Token],
    exact: Mapping[str, list[Span]],
    joined: Mapping[str, list[Span]],
) -> Iterator[tuple[Span, ValueHit]]:
    for value in field.profile.values:
        text = str(value)
        folded = text.casefold()
        spans = exact.get(folded)
        if spans is None and (len(text) > 1):
            spans = joined.get(_plain(folded))
        for span in spans or ():
            if _plausible(tokens[span[0] : span[1]], text):
                yield span, ValueHit(field, text, 1.0)


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    return " ".join(pieces(text)) or text


def _plausible(window: Sequence[Token], value: str) -> bool:
    """A word that questions are made of is a value only when written exactly like it."""
    if len(window) > 1 or window[0].kind is Kind.QUOTED:
        return True
    token = window[0]
    senses = lexicon().phrases.get((token.lower,), ())
    common = any(s.arg != VERB for s in senses) or len(value) <= 2
    if not common or any(s.op in (Op.UNIT, Op.NULL) for s in senses):
        return True
    return token.text == value and token.capital


def _inflected(
    field: Field, stems: Mapping[tuple[str, ...], Span]
) -> Iterator[tuple[Span, ValueHit]]:
    for value in field.profile.values:
        words = _stems_of(str(value))
        span = stems.get(words) if words else None
        if span is not None and any(len(w) > 2 for w in words):
            yield span, ValueHit(field, str(value), 0.9)


@lru_cache(maxsize=50_000)
def _stems_of(text: str) -> tuple[str, ...]:
    return tuple(map(stem, pieces(text)))


def _may_be_part(token: Token, at: int) -> bool:
    """A name or quoted text that may stand inside a longer cell."""
    if token.kind is Kind.QUOTED:
        return True
    known = (token.lower,) in lexicon().phrases
    return (
        token.kind is Kind.WORD and token.capital and len(token.text) > 3 and not known and at > 0
    )


def _parts(
    field: Field, tokens: Sequence[Token], names: Sequence[int], found: Mapping[Span, ValueHit]
) -> Iterator[tuple[Span, ValueHit]]:
    if not names:
        return
    cells = [_plain(str(v).casefold()) for v in field.profile.values]
    for start in names:
        end = start + 1
        while end in names and tokens[start].kind is Kind.WORD:
            end += 1
        text = " ".join(p for t in tokens[start:end] for p in pieces(t.lower))
        if (start, end) not in found and any(f" {text} " in f" {c} " for c in cells):
            said = " ".join(t.lower if t.kind is Kind.QUOTED else t.text for t in tokens[start:end])
            yield (start, end), ValueHit(field, said, 0.6, part=True)


def _state_windows(joined: Mapping[str, list[Span]]) -> list[tuple[Span, str]]:
    return [
        (span, code)
        for code, name in lexicon().states.items()
        for span in joined.get(name.casefold(), ())
    ]


def _state(field: Field, code: str) -> ValueHit | None:
    """The state as this column writes it, when the column holds states of the USA."""
    states = lexicon().states
    values = [str(v) for v in field.profile.values[:60]]
    if len(values) < 3:
        return None
    for known, said in ((states.keys(), code), (states.values(), states[code])):
        folded = {k.casefold(): k for k in known}
        # A few outsiders, such as territories, do not make it another column.
        if sum(v.casefold() in folded for v in values) >= 0.8 * len(values):
            written = next((v for v in values if v.casefold() == said.casefold()), None)
            return ValueHit(field, written or said, 0.98, sampled=written is not None)
    return None


def _coded(field: Field, joined: Mapping[str, list[Span]]) -> Iterator[tuple[Span, ValueHit]]:
    """`female` in a column of genders that writes it `F`."""
    values = {str(v).casefold(): str(v) for v in field.profile.values}
    for coded in lexicon().coded:
        written = values.get(coded.code.casefold())
        if written is None or field.stems.isdisjoint(coded.columns):
            continue
        for word in coded.words:
            yield from ((span, ValueHit(field, written, 0.9)) for span in joined.get(word, ()))
