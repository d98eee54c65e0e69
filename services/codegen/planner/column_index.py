"""Words of column names, indexed once per schema: which ones a said word may stand for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TypeVar

from rapidfuzz import fuzz

from services.codegen.planner.forms import folded, forms, initials, root_groups
from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import pieces


class Way(StrEnum):
    """How a said word stands for a word of a name, the surest first."""

    EXACT = "exact"
    STEM = "stem"
    SHORT = "short"
    SYNONYM = "synonym"
    DERIVED = "derived"
    CUT = "cut"
    LIKE = "like"


WORTH: Mapping[Way, float] = {
    Way.EXACT: 1.0,
    Way.STEM: 0.97,
    Way.SHORT: 0.92,
    Way.SYNONYM: 0.82,
    Way.DERIVED: 0.78,
    Way.CUT: 0.72,
    Way.LIKE: 0.75,
}
_LIKE = 86
"""Similarity in percent from which on a word of five letters or more is a misspelling."""
_TAKEN = 0.88
"""A word that another column has as it was said hardly stands for a different one."""
_OWN, _QUALIFIER = 0.35, 0.3
"""What the table's own name and a unit or note count in a column's name: they are rarely said."""
_WHOLE, _SPLIT, _SPELT, _INITIALS = 1.0, 0.97, 0.96, 0.9
_SHORTEST_CUT = 4
_WORDS = 20_000
"""Said words whose likeness is remembered, per schema."""

K = TypeVar("K")
V = TypeVar("V")
Near = Mapping[str, tuple[float, Way]]


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to take a column's name as words."""

    field: Field
    words: tuple[str, ...]
    weights: Mapping[str, float]
    head: frozenset[str]
    factor: float

    @cached_property
    def whole(self) -> float:
        return sum(self.weights[w] for w in self.words)

    @cached_property
    def noted(self) -> bool:
        """True for a name with a unit or note, such as `price (net)`."""
        return len(self.field.main) < len(self.field.words)

    def open(self, left: Sequence[str]) -> bool:
        """True while words of the name proper are among those not yet said."""
        return any(self.weights[w] != _QUALIFIER for w in left)


class ColumnIndex:
    """All readings of a schema's columns, found by their words."""

    def __init__(self, schema: Schema) -> None:
        names = [folded(w) for f in schema.fields.values() for w in f.words]
        self.readings = tuple(
            r for f in schema.fields.values() for r in _readings(f, frozenset(names))
        )
        self.by_word: dict[str, list[Reading]] = defaultdict(list)
        for reading in self.readings:
            for word in dict.fromkeys(reading.words):
                self.by_word[word].append(reading)
        self.of_table = {
            n: frozenset(map(stem, pieces(n))) | schema.nouns[n] for n in schema.tables
        }
        self._stems = _group((stem(w), w) for w in self.by_word)
        self._synonyms = _group((g, w) for w in self.by_word for g in _synonym_groups(w))
        self._roots = _group((g, w) for w in self.by_word for g in root_groups(w))
        self._shorts = _group((stem(p), w) for w in self.by_word for p in _single_phrases(w))
        self._starts = _group((w[:4], w) for w in self.by_word if len(w) >= _SHORTEST_CUT)
        self._firsts = _group((w[0], w) for w in self.by_word if len(w) >= 5)
        self._spelt = _group((frozenset(map(stem, r.words)), r) for r in self.readings)
        self._known: dict[str, Near] = {}

    def near(self, said: str) -> Near:
        """Words of names that a said word, in lower case, may stand for."""
        known = self._known.get(said)
        if known is None:
            if len(self._known) >= _WORDS:
                self._known.clear()
            known = self._known[said] = self._near(said)
        return known

    def _near(self, said: str) -> Near:
        found: dict[str, tuple[float, Way]] = {}
        for way, word in self._ways(said):
            if word not in found:
                found[word] = (WORTH[way], way)
        taken = any(way in (Way.EXACT, Way.STEM) for _, way in found.values())
        if taken:
            sure = (Way.EXACT, Way.STEM, Way.SHORT)
            return {w: (s if y in sure else s * _TAKEN, y) for w, (s, y) in found.items()}
        for word in self._firsts.get(said[:1], ()) if len(said) >= 5 else ():
            ratio = _ratio(said, word)
            if word not in found and ratio >= _LIKE:
                found[word] = (WORTH[Way.LIKE] * ratio / 100, Way.LIKE)
        return found

    def _ways(self, said: str) -> Iterator[tuple[Way, str]]:
        """The surest first."""
        if said in self.by_word:
            yield Way.EXACT, said
        base = stem(said)
        yield from ((Way.STEM, w) for w in self._stems.get(base, ()))
        yield from ((Way.SHORT, w) for w in self._shorts.get(base, ()))
        for phrase in _single_phrases(said):
            yield from ((Way.SHORT, w) for w in self._stems.get(stem(phrase), ()))
        for group in _synonym_groups(said):
            yield from ((Way.SYNONYM, w) for w in self._synonyms.get(group, ()))
        for number in root_groups(said):
            yield from ((Way.DERIVED, w) for w in self._roots.get(number, ()))
        yield from ((Way.CUT, w) for w in self._starts.get(said[:4], ()) if _cut(said, w))

    def spelt_out(self, said: str) -> Iterator[Reading]:
        """Readings of columns whose words are what the short form `said` stands for: `dob`."""
        for phrase in forms().short.get(said, ()):
            if len(phrase) > 1:
                wanted = frozenset(stem(w) for w in phrase if w not in _JOINING)
                for r in self._spelt.get(wanted, ()):
                    yield Reading(r.field, (said,), {said: 1.0}, frozenset({said}), _SPELT)

    def joined(self, a: str, b: str) -> Iterator[Reading]:
        """Readings of columns that write two said words as one: `birth date` of `birthdate`."""
        for word in dict.fromkeys((a + b, a + stem(b))):
            for r in self.by_word.get(word, ()):
                if a not in r.weights and b not in r.weights and a != b:
                    yield _replaced(r, word, (a, b), _SPLIT)


@lru_cache(maxsize=16)
def column_index(schema: Schema) -> ColumnIndex:
    """The index of a schema, built once."""
    return ColumnIndex(schema)


_MARKED = ("name", "id", "no", "num", "number", "title", "date", "code", "type")
_JOINING = frozenset({"of", "the", "and", "for", "in", "per"})


def _readings(field: Field, names: frozenset[str]) -> Iterator[Reading]:
    words = tuple(map(folded, field.words))
    if not words:
        return
    weights = _weights(field, words)
    plain = Reading(field, words, weights, _head(field, words, weights), _WHOLE)
    yield plain
    for word in dict.fromkeys(words):
        parts = _marked(word, field) or _parts(word, names)
        if parts and not set(parts) & set(words):
            yield _replaced(plain, word, parts, _SPLIT)
        for phrase in forms().short.get(word, ()):
            spelt = tuple(w for w in phrase if w not in _JOINING)
            if len(spelt) > 1 and not set(spelt) & set(words) - {word}:
                yield _replaced(plain, word, spelt, _SPELT)
    if len(words) == 2 and len("".join(words)) >= 6:
        yield _single(field, "".join(words), _SPLIT)
    short = initials(words)
    if 3 <= len(short) <= 5 and short.isalpha():
        yield _single(field, short, _INITIALS)


def _single(field: Field, word: str, factor: float) -> Reading:
    return Reading(field, (word,), {word: 1.0}, frozenset({word}), factor)


def _replaced(reading: Reading, word: str, parts: Sequence[str], factor: float) -> Reading:
    words = tuple(p for w in reading.words for p in (parts if w == word else (w,)))
    table = {folded(p) for p in pieces(reading.field.table.name)}
    weights = {w: reading.weights.get(w, reading.weights[word]) for w in words}
    if len(words) > 1:
        weights |= {w: _OWN for w in words if w in table}
    head = reading.head
    if word in head:
        proper = [p for p in parts if weights[p] != _OWN] or list(parts)
        plain = [p for p in proper if stem(p) not in lexicon().names] or proper
        head = (head - {word}) | {plain[-1]}
    return Reading(reading.field, words, weights, head, factor)


def _head(field: Field, words: Sequence[str], weights: Mapping[str, float]) -> frozenset[str]:
    """What says what the column is: `name` of `student_name` in a table of students."""
    head = frozenset(map(folded, field.head))
    proper = [w for w in words if weights[w] == 1.0]
    own = bool(proper) and all(weights.get(w) == _OWN for w in head)
    return frozenset(proper[-1:]) if own else head


def _weights(field: Field, words: Sequence[str]) -> Mapping[str, float]:
    table = {stem(folded(w)) for w in pieces(field.table.name)}
    marks = {w[0] for w in pieces(field.table.name)}  # `r_id` of `riders`
    main = set(map(folded, field.main)) or set(words)
    weights = {w: 1.0 if w in main else _QUALIFIER for w in words}
    own = {w for w in words if stem(w) in table or w in marks}
    if main - own:
        weights |= dict.fromkeys(own, _OWN)
    return weights


def _parts(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """`airdate` as `air date`; none for a word that is not put together."""
    if len(word) < 6 or word in forms().whole:
        return ()
    for tail in forms().tails:
        first = word.removesuffix(tail)
        if first != word and len(first) >= 3:
            return first, tail
    for name in names:
        if len(name) >= 4 and word != name:
            first, last = word.removesuffix(name), word.removeprefix(name)
            if 3 <= len(first) < len(word) and first in names:
                return first, name
            if 3 <= len(last) < len(word) and last in names:
                return name, last
    return ()


def _marked(word: str, field: Field) -> tuple[str, ...]:
    """`sname` of table `shop` as `shop name`."""
    for table in pieces(field.table.name):
        for tail in _MARKED:
            first = word.removesuffix(tail)
            if first != word and len(first) in (1, 3) and table.startswith(first):
                return table, tail
    return ()


def _single_phrases(word: str) -> list[str]:
    return [p[0] for p in forms().short.get(word, ()) if len(p) == 1]


def _synonym_groups(word: str) -> frozenset[int]:
    return lexicon().groups.get(stem(word), frozenset())


def _cut(said: str, word: str) -> bool:
    """True when one is the beginning of the other, as `lang` of language."""
    short, long = sorted((said, word), key=len)
    return (
        _SHORTEST_CUT <= len(short) <= len(long) - 3
        and long.startswith(short)
        and short[-1] not in "aeiouy"
    )


@lru_cache(maxsize=100_000)
def _ratio(a: str, b: str) -> float:
    # Two letters in each other's place count twice in the ratio, and are one slip.
    return max(fuzz.ratio(a, b), 90.0 if sorted(a) == sorted(b) else 0.0)


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
