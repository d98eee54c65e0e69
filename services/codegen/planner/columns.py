"""Which columns a stretch of words may name: by name, stem, short form, synonym or likeness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.codegen.planner.column_index import (
    ColumnIndex,
    Near,
    Reading,
    Way,
    column_index,
)
from services.codegen.planner.forms import folded
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import Kind, Token

__all__ = ["ColumnHit", "Way", "best_column", "column_hits"]

FLOOR = 0.45
"""A column of which less than this is named is no reading at all."""
_EXACT = 0.93
"""Stems and compounds are the name itself; short forms and synonyms are not."""
_SMALL = frozenset({"of", "in", "the", "a", "an", "and", "by", "for", "to", "per"})
_FILLER = 0.5
"""What `of` between two words of a name takes from it, against a word of the name."""
_WIDEST = 7
"""Tokens. The longest window that is tried for one column."""
_ORDER = tuple(Way)

Span = tuple[int, int]


@dataclass(frozen=True)
class ColumnHit:
    """`exact` when all words of the column's name were said."""

    field: Field
    score: float
    exact: bool
    head: bool
    covered: float = 1.0
    """Share of the name that was said; its table's name, units and notes count little."""
    way: Way = Way.EXACT
    """The least sure of the ways in which the said words stand for the name's."""
    owned: bool = False
    """True when the name of the column's table was said in front."""


def column_hits(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ColumnHit]]:
    """Every window of tokens that names a column, whole or in part."""
    index = column_index(schema)
    said = [_said(t) for t in tokens]
    near = [index.near(w) if w else {} for w in said]
    best: dict[tuple[Span, str], ColumnHit] = {}
    for reading, touched in _touched(index, said, near):
        of_table = index.of_table[reading.field.table.name]
        for start in _starts(touched, tokens, of_table):
            for end, hit in _walk(reading, tokens, near, said, start, of_table):
                key = ((start, end), reading.field.key)
                if key not in best or hit.score > best[key].score:
                    best[key] = hit
    yield from ((span, hit) for (span, _), hit in best.items())


def best_column(phrase: str, schema: Schema, tables: Sequence[str] = ()) -> ColumnHit | None:
    """The column that best fits all words of `phrase`, if any fits at all."""
    said = [Token(w, w, Kind.WORD, 0, 0) for w in phrase.split()]
    hits = [h for span, h in column_hits(said, schema) if span == (0, len(said))]
    hits = [h for h in hits if not tables or h.field.table.name in tables]
    return max(hits, key=lambda h: h.score, default=None)


def _said(token: Token) -> str:
    """The word to look up; empty for what names no column."""
    if token.kind is Kind.QUOTED or token.kind is Kind.SYMBOL or token.lower in _SMALL:
        return ""
    return folded(token.lower)


def _touched(
    index: ColumnIndex, said: Sequence[str], near: Sequence[Near]
) -> Iterator[tuple[Reading, list[int]]]:
    """Every reading of which a word was said, with the places."""
    places: dict[int, tuple[Reading, list[int]]] = {}
    for at, words in enumerate(near):
        for word in words:
            for reading in index.by_word[word]:
                spots = places.setdefault(id(reading), (reading, []))[1]
                if not spots or spots[-1] != at:
                    spots.append(at)
    yield from places.values()
    for at, word in enumerate(said):
        if word:
            yield from ((r, [at]) for r in index.spelt_out(word))
            if at + 1 < len(said) and said[at + 1]:
                yield from ((r, [at, at + 1]) for r in index.joined(word, said[at + 1]))


def _starts(touched: Sequence[int], tokens: Sequence[Token], table: frozenset[str]) -> list[int]:
    before = [i - 1 for i in touched if i and tokens[i - 1].stem in table]
    return sorted({*touched, *before})


def _walk(
    reading: Reading,
    tokens: Sequence[Token],
    near: Sequence[Near],
    said: Sequence[str],
    start: int,
    table: frozenset[str],
) -> Iterator[tuple[int, ColumnHit]]:
    """Every window from `start` whose words are the column's, its table's, or small ones."""
    left = list(reading.words)
    scores: list[float] = []
    ways: list[Way] = []
    fillers, owned = 0.0, False
    for at in range(start, min(start + _WIDEST, len(tokens))):
        token = tokens[at]
        word, score, way = _match(left, near[at], said[at])
        if word:
            left.remove(word)
            scores.append(score)
            ways.append(way)
            # `members joined` are the members, and what they did.
            hit = _hit(reading, left, scores, ways, fillers, owned)
            if hit.score >= FLOOR and not (owned and token.lower.endswith("ed")):
                yield at + 1, hit
        elif scores and reading.noted and token.lower in ("(", ")"):
            if token.lower == ")" and ways:
                yield at + 1, _hit(reading, left, scores, ways, fillers, owned)
        elif token.lower in _SMALL and scores:
            free = token.lower in reading.field.small or (reading.noted and not reading.open(left))
            fillers += 0 if free else _FILLER
        elif token.stem in table and not scores:
            fillers, owned = fillers + 0.1, True
        else:
            return


def _match(left: Sequence[str], near: Near, said: str) -> tuple[str, float, Way]:
    """The word of the name that the said one stands for best; empty for none."""
    if said and said in left:
        return said, 1.0, Way.EXACT
    found = [(near[w][0], w) for w in left if w in near]
    if not found:
        return "", 0.0, Way.EXACT
    score, word = max(found, key=lambda f: f[0])
    return word, score, near[word][1]


def _hit(
    reading: Reading,
    left: Sequence[str],
    scores: Sequence[float],
    ways: Sequence[Way],
    fillers: float,
    owned: bool,
) -> ColumnHit:
    covered = 1 - sum(reading.weights[w] for w in left) / reading.whole
    head = reading.head.isdisjoint(left)
    score = reading.factor * sum(scores) / len(scores)
    score *= 0.5 + 0.42 * covered + (0.08 if head else 0.0)
    score *= (len(scores) + 0.5 * fillers) / (len(scores) + fillers)
    exact = not left and min(scores) * reading.factor >= _EXACT
    way = max(ways, key=_ORDER.index)
    return ColumnHit(reading.field, score, exact, head, covered, way, owned)
