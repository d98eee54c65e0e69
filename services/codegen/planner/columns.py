"""Which columns a stretch of words may name: by name, stem, synonym or likeness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import Kind, Token, pieces

FLOOR = 0.45
"""A column of which less than this is named is no reading at all."""
_EXACT, _STEM, _SYNONYM = 1.0, 0.97, 0.82
_LIKE = 86
"""Similarity in percent from which on a word of five letters or more is a misspelling."""
_SMALL = frozenset({"of", "in", "the", "a", "an", "and", "by", "for", "to", "per"})
_WIDEST = 7
"""Tokens. The longest window that is tried for one column."""


@dataclass(frozen=True)
class ColumnHit:
    """`exact` when all words of the column's name were said."""

    field: Field
    score: float
    exact: bool
    head: bool


def column_hits(
    tokens: Sequence[Token], schema: Schema
) -> Iterator[tuple[tuple[int, int], ColumnHit]]:
    """Every window of tokens that names a column, whole or in part."""
    vocabulary = frozenset(w for f in schema.fields.values() for w in f.words)
    near = [_near(t, vocabulary) for t in tokens]
    tables = {n: frozenset(map(stem, pieces(n))) | schema.nouns[n] for n in schema.tables}
    for field in schema.fields.values():
        touched = [i for i, n in enumerate(near) if any(w in n for w in field.words)]
        of_table = tables[field.table.name]
        for start in _starts(touched, tokens, of_table):
            for end in range(start + 1, min(start + _WIDEST, len(tokens)) + 1):
                if end - 1 in touched:
                    hit = _hit(field, tokens[start:end], near[start:end], of_table)
                    if hit:
                        yield (start, end), hit


def best_column(phrase: str, schema: Schema, tables: Sequence[str] = ()) -> ColumnHit | None:
    """The column that best fits all words of `phrase`, if any fits at all."""
    said = [Token(w, w, Kind.WORD, 0, 0) for w in phrase.split()]
    hits = [h for span, h in column_hits(said, schema) if span == (0, len(said))]
    hits = [h for h in hits if not tables or h.field.table.name in tables]
    return max(hits, key=lambda h: h.score, default=None)


def _starts(touched: Sequence[int], tokens: Sequence[Token], table: frozenset[str]) -> list[int]:
    before = [i - 1 for i in touched if i and tokens[i - 1].stem in table]
    return sorted({*touched, *before})


def _near(token: Token, vocabulary: frozenset[str]) -> Mapping[str, float]:
    """Words of column names that the token may stand for, with the likeness."""
    if token.kind is Kind.NUMBER:
        text = token.lower
        return {text: _EXACT} if text in vocabulary else {}
    if token.kind is Kind.QUOTED:
        return {}
    if token.lower in _SMALL:
        return {}
    return {w: s for w in vocabulary if (s := _likeness(token.lower, w))}


@lru_cache(maxsize=200_000)
def _likeness(said: str, word: str) -> float:
    if said == word:
        return _EXACT
    a, b = stem(said), stem(word)
    if a == b:
        return _STEM
    if lexicon().alike(a, b):
        return _SYNONYM
    if min(len(said), len(word)) >= 5 and said[0] == word[0]:
        ratio = fuzz.ratio(said, word)
        if ratio >= _LIKE:
            return 0.75 * ratio / 100
    return 0.0


def _hit(
    field: Field,
    window: Sequence[Token],
    near: Sequence[Mapping[str, float]],
    table: frozenset[str],
) -> ColumnHit | None:
    """None unless every word of the window is one of the column, its table, or a small word."""
    left = list(field.words)
    scores: list[float] = []
    fillers = 0.0
    for token, words in zip(window, near, strict=True):
        best = max((w for w in left if w in words), key=words.__getitem__, default=None)
        if best is not None:
            left.remove(best)
            scores.append(words[best])
        elif token.lower in _SMALL and scores:
            fillers += 0 if token.lower in field.small else 1
        elif token.stem in table and not scores and not window[-1].lower.endswith("ed"):
            # `members joined` are the members, and what they did.
            fillers += 0.1
        else:
            return None
    if not scores:
        return None
    covered = (len(field.words) - len(left)) / len(field.words)
    head = field.head.isdisjoint(left)
    mean = sum(scores) / len(scores)
    score = mean * (0.5 + 0.42 * covered + (0.08 if head else 0.0))
    score *= (len(scores) + 0.5 * fillers) / (len(scores) + fillers)
    return (
        ColumnHit(field, score, not left and min(scores) >= _STEM, head) if score >= FLOOR else None
    )
