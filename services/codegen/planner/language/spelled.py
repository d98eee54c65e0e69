"""Names and cells that stand in the question letter by letter, however long and odd they are."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from arclight.catalog.profile import ColumnType
from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.values import ValueHit
from services.codegen.planner.words import Kind, Token, pieces

Span = tuple[int, int]
T = TypeVar("T")
_Pieces = tuple[str, ...]
_LONG = 3
"""Pieces from which on a cell is looked for here; shorter ones are found word by word."""


def spelled_columns(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ColumnHit]]:
    """Columns whose whole name is said, symbols left out: `function / genus`, `power (ps)`."""
    said = _said(tokens)
    for span, field in _found(said, _names(schema)):
        yield span, ColumnHit(field, 1.0, exact=True, head=True)
    for at, token in enumerate(tokens):
        if token.kind is Kind.QUOTED:
            for words, named in _names(schema).get(pieces(token.lower)[:1], ()):
                if words == pieces(token.lower):
                    yield (at, at + 1), ColumnHit(named, 1.0, exact=True, head=True)


def spelled_values(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """Long cells that are said whole: `8.9 (57) – 7.12 (54)`."""
    said = _said(tokens)
    for span, (field, cell) in _found(said, _cells(schema)):
        yield span, ValueHit(field, cell, 1.0)


def _said(tokens: Sequence[Token]) -> list[tuple[str, int]]:
    """Each piece of the question with its token."""
    return [(p, i) for i, t in enumerate(tokens) for p in pieces(t.text)]


def _found(
    said: Sequence[tuple[str, int]], index: Mapping[_Pieces, list[tuple[_Pieces, T]]]
) -> Iterator[tuple[Span, T]]:
    words = [p for p, _ in said]
    for start in range(len(said)):
        for key, thing in index.get((words[start],), ()):
            end = start + len(key)
            if tuple(words[start:end]) != key or _inside(said, start, end):
                continue
            yield (said[start][1], said[end - 1][1] + 1), thing


def _inside(said: Sequence[tuple[str, int]], start: int, end: int) -> bool:
    """True when the match begins or ends in the middle of a token."""
    before = start > 0 and said[start - 1][1] == said[start][1]
    after = end < len(said) and said[end][1] == said[end - 1][1]
    return before or after


@lru_cache(maxsize=16)
def _names(schema: Schema) -> Mapping[_Pieces, list[tuple[_Pieces, Field]]]:
    index: dict[_Pieces, list[tuple[_Pieces, Field]]] = {}
    for field in schema.fields.values():
        words = pieces(field.name)
        if "#" in field.name and words:
            # `pick number` for `Pick #`
            index.setdefault(words[:1], []).append(((*words, "number"), field))
        if len(words) > 1:
            index.setdefault(words[:1], []).append((words, field))
        elif words:
            index.setdefault(words, []).append((words, field))
    return {k: [f for f in v if len(f[0]) > 1 or f[0] == k] for k, v in index.items()}


@lru_cache(maxsize=16)
def _cells(schema: Schema) -> Mapping[_Pieces, list[tuple[_Pieces, tuple[Field, str]]]]:
    index: dict[_Pieces, list[tuple[_Pieces, tuple[Field, str]]]] = {}
    for field in schema.fields.values():
        if field.profile.type is not ColumnType.STRING:
            continue
        for value in field.profile.values:
            words = pieces(str(value))
            if len(words) >= _LONG:
                index.setdefault(words[:1], []).append((words, (field, str(value))))
    return index
