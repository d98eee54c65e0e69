"""Slips of the pen: `Texs`, `avrage`. A word that means nothing, one letter from one that does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.codegen.planner.lexicon import Op, lexicon, stem
from services.codegen.planner.schema import Schema
from services.codegen.planner.value_index import value_index
from services.codegen.planner.words import Kind, Token, pieces

_SHORT, _COMMON, _LONG = 4, 6, 7
"""Letters from which on a name, any word may be a slip, and one in which a letter is a wrong one:
`teach` is no slip of `tech`, nor `winter` of `winner`."""
_INFLECTED = frozenset({"s", "d", "r", "y"})
"""Letters by which a word is longer than another without being a slip of it."""


def respelled(tokens: Sequence[Token], words: Sequence[str], schema: Schema) -> dict[str, str]:
    """Each of `words` that is a slip, with the one that must be meant."""
    said = {t.text: t for t in tokens if t.kind is Kind.WORD}
    found = {w: _meant(said[w], schema) for w in words if w in said}
    return {w: _cased(meant, w) for w, meant in found.items() if meant}


def _cased(meant: str, said: str) -> str:
    return meant.capitalize() if said[:1].isupper() else meant


def corrected(tokens: Sequence[Token], slips: Mapping[str, str]) -> tuple[Token, ...]:
    """The question without the slips."""
    return tuple(_right(t, slips.get(t.text, "")) for t in tokens)


def _right(token: Token, meant: str) -> Token:
    if not meant:
        return token
    return replace(token, text=meant, lower=meant.casefold())


def _meant(token: Token, schema: Schema) -> str:
    """The one word that is meant; empty where none or several can be."""
    word = token.lower
    if len(word) < (_SHORT if token.capital else _COMMON) or not word.isalpha():
        return ""
    near = [w for w in _near(word, _cells(schema)) if _shifted(word, w)]
    if len(word) >= _COMMON:
        near += [w for w in _near(word, _names(schema)) if _slip(word, w)]
        near = near or [w for w in _near(word, _language()) if _slip(word, w)]
    return near[0] if len(set(near)) == 1 else ""


def _near(word: str, known: Sequence[str]) -> Iterator[str]:
    for other, _, _ in process.extract(word, known, scorer=OSA.distance, score_cutoff=1):
        longer, shorter = sorted((word, other), key=len, reverse=True)
        inflected = longer[:-1] == shorter and longer[-1] in _INFLECTED
        if other[0] == word[0] and not inflected and stem(other) != stem(word):
            yield other


def _shifted(word: str, meant: str) -> bool:
    """A letter too many, too few, or two in the wrong order."""
    return len(word) != len(meant) or sorted(word) == sorted(meant)


def _slip(word: str, meant: str) -> bool:
    """In a long word a letter may also be a wrong one."""
    return _shifted(word, meant) or len(word) >= _LONG


@lru_cache(maxsize=16)
def _names(schema: Schema) -> tuple[str, ...]:
    """The words in the names of tables and columns."""
    columns = {w for f in schema.fields.values() for w in f.words}
    return _sayable(columns | {w for t in schema.tables for w in pieces(t)})


@lru_cache(maxsize=16)
def _cells(schema: Schema) -> tuple[str, ...]:
    """The words of cells, and the states that cells may stand for."""
    states = {w.casefold() for name in lexicon().states.values() for w in name.split()}
    cells = value_index(schema).cells
    return _sayable(states | {w for c in cells for w in c.normal.split() if c.size <= _CELL})


def _sayable(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(w for w in words if len(w) >= _SHORT and w.isalpha()))


_CELL = 4
"""Words of a cell; longer ones are prose."""
_MEANING = (Op.AGGREGATE, Op.COUNT, Op.SUPERLATIVE, Op.BY, Op.SORT, Op.UNIT, Op.PER_UNIT, Op.SHARE)


@lru_cache(maxsize=1)
def _language() -> tuple[str, ...]:
    """The words that say what to do."""
    phrases = lexicon().phrases.items()
    found = {k[0] for k, senses in phrases if len(k) == 1 and any(s.op in _MEANING for s in senses)}
    return _sayable(found)
