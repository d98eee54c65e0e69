"""Which cells a stretch of words may name: whole values, other writings, parts, and states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from services.codegen.planner.lexicon import VERB, Op, lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.value_hit import Span, ValueHit
from services.codegen.planner.value_index import Cell, ValueIndex, stems, value_index
from services.codegen.planner.value_parts import part_hits
from services.codegen.planner.value_text import normal, spoken
from services.codegen.planner.words import Kind, Token

Hits = dict[tuple[Span, str], ValueHit]

__all__ = ["Span", "ValueHit", "value_hits"]

_WHOLE, _TIGHT, _OTHER, _STATE = 1.0, 0.93, 0.92, 0.98
_CODED, _STEM, _NATION, _ACRONYM = 0.9, 0.9, 0.88, 0.75
_LOWERED, _BOTH = 0.65, 0.85
_UNSEEN = 0.3


def value_hits(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """Every window of tokens that is a cell of a text column, or a part of some."""
    index = value_index(schema)
    each = [normal(spoken(t)) for t in tokens]
    found: Hits = {}
    for span, words in _windows(tokens, each, index.longest + 1):
        window = tokens[span[0] : span[1]]
        for score, cell in _named(index, window, words):
            _add(found, span, _whole(cell, score))
    for span, hit in (
        *_states(tokens, each, schema),
        *_coded(tokens, schema),
        *_full_names(tokens, each, index),
    ):
        _add(found, span, hit)
    whole: dict[str, list[Span]] = {}
    for span, key in found:
        whole.setdefault(key, []).append(span)
    for (start, end), hit in part_hits(tokens, each, index):
        # A cell that was named as a whole, by these words or more, is no part of another.
        if not any(a <= start and end <= b for a, b in whole.get(hit.field.key, ())):
            _add(found, (start, end), hit)
    for span, hit in _unseen(tokens, schema, found):
        _add(found, span, hit)
    yield from ((span, hit) for (span, _), hit in found.items())


def _add(found: Hits, span: Span, hit: ValueHit) -> None:
    """One hit per span and column: the best, with the cells of equal ones."""
    key = (span, hit.field.key)
    old = found.get(key)
    if old is None or hit.score > old.score:
        found[key] = hit
    elif hit.score == old.score and hit.value not in old.values:
        found[key] = replace(old, values=(*old.values, *hit.values))


def _windows(
    tokens: Sequence[Token], each: Sequence[str], widest: int
) -> Iterator[tuple[Span, str]]:
    """Every window that neither begins nor ends with a mark, with its words."""
    for start, first in enumerate(each):
        words = ""
        for end in range(start + 1, len(tokens) + 1) if first else ():
            word = each[end - 1]
            words = f"{words} {word}" if words and word else words or word
            if words.count(" ") >= widest and end > start + 1:
                break
            if tokens[end - 1].kind is not Kind.SYMBOL:
                yield (start, end), words


def _whole(cell: Cell, score: float) -> ValueHit:
    return ValueHit(cell.field, cell.text, score, values=(cell.text,), exact=score == _WHOLE)


def _named(index: ValueIndex, window: Sequence[Token], words: str) -> Iterator[tuple[float, Cell]]:
    """Cells that the words name as a whole, with the score."""
    for cell in index.whole.get(words, ()):
        if _plausible(window, cell.text):
            yield _WHOLE, cell
        elif _is_code(window, cell.text):
            yield _LOWERED, cell
    yield from ((_OTHER, c) for c in index.other.get(words, ()) if _plausible(window, c.text))
    tight = words.replace(" ", "")
    if len(tight) > 3:
        yield from ((_TIGHT, c) for c in index.tight.get(tight, ()) if c.normal != words)
    yield from ((_NATION, c) for c in index.nation(words) if _plausible(window, words))
    if len(window) == 1:
        yield from _single(index, window[0], words)
    elif len(window) < 6:
        yield from _inflected(index, stems(words), words)


def _single(index: ValueIndex, token: Token, words: str) -> Iterator[tuple[float, Cell]]:
    if token.number is not None and token.kind is Kind.NUMBER:
        number = normal(str(token.number))
        yield from ((_WHOLE, c) for c in index.whole.get(number, ()) if number != words)
    if token.kind is not Kind.WORD:
        return
    if token.text.isupper():
        yield from ((_ACRONYM, c) for c in index.acronyms.get(words, ()))
    if _plausible([token], words):
        for base in (token.stem, *map(stem, _bases(token))):
            yield from _inflected(index, base, words)


def _inflected(index: ValueIndex, base: str, words: str) -> Iterator[tuple[float, Cell]]:
    if max(map(len, base.split()), default=0) > 2:
        yield from ((_STEM, c) for c in index.stems.get(base, ()) if c.normal != words)


def _bases(token: Token) -> list[str]:
    """The nouns that an adjective in -y may come from: rainy → rain, sunny → sun."""
    word = token.lower
    if token.kind is not Kind.WORD or len(word) < 4 or not word.endswith("y"):
        return []
    return [word[:-1], word[:-2], word[:-1] + "e"] if word[-2] == word[-3] else [word[:-1]]


def _plausible(window: Sequence[Token], value: str) -> bool:
    """A word that questions are made of is a value only when written exactly like it."""
    if len(window) > 1 or window[0].kind is Kind.QUOTED:
        return True
    token = window[0]
    senses = lexicon().phrases.get((token.lower,), ())
    common = any(s.arg != VERB for s in senses) or (len(value) <= 2 and not value.isdigit())
    if not common or any(s.op in (Op.UNIT, Op.NULL) for s in senses):
        return True
    return token.text == value and token.capital


def _is_code(window: Sequence[Token], value: str) -> bool:
    """True for a short code that was said in small letters and is no word of ours."""
    return value.isupper() and (window[0].lower,) not in lexicon().phrases


def _full_names(
    tokens: Sequence[Token], each: Sequence[str], index: ValueIndex
) -> Iterator[tuple[Span, ValueHit]]:
    """A quoted name whose parts stand in two columns of one table."""
    for at, token in enumerate(tokens):
        first, _, last = each[at].partition(" ")
        if token.kind is not Kind.QUOTED or not last or each[at] in index.whole:
            continue
        for one in index.whole.get(last, ()):
            for other in index.whole.get(first, ()):
                a, b = one.field, other.field
                if a.table is b.table and a is not b:
                    hit = ValueHit(a, one.text, _BOTH, values=(one.text,), also=((b, other.text),))
                    yield (at, at + 1), hit


@cache
def _state_names() -> Mapping[str, str]:
    return {normal(name): code for code, name in lexicon().states.items()}


def _states(
    tokens: Sequence[Token], each: Sequence[str], schema: Schema
) -> Iterator[tuple[Span, ValueHit]]:
    """States of the USA, as the columns that hold states write them."""
    names = _state_names()
    for span, words in _windows(tokens, each, 3):
        code = names.get(words)
        if code:
            for field in schema.texts:
                hit = _state(field, code)
                if hit:
                    yield span, hit


def _state(field: Field, code: str) -> ValueHit | None:
    states = lexicon().states
    values = [str(v) for v in field.profile.values[:60]]
    if len(values) < 3:
        return None
    for known, name in ((states.keys(), code), (states.values(), states[code])):
        folded = {k.casefold() for k in known}
        # A few outsiders, such as territories, do not make it another column.
        if sum(v.casefold() in folded for v in values) >= 0.8 * len(values):
            written = next((v for v in values if v.casefold() == name.casefold()), None)
            text = written or name
            return ValueHit(field, text, _STATE, sampled=written is not None, values=(text,))
    return None


def _coded(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """`female` in a column of genders that writes it `F`."""
    for coded in lexicon().coded:
        spans = [(i, i + 1) for i, t in enumerate(tokens) if t.lower in coded.words]
        for field in schema.texts if spans else ():
            if field.stems.isdisjoint(coded.columns):
                continue
            values = {str(v).casefold(): str(v) for v in field.profile.values}
            written = values.get(coded.code.casefold())
            if written is not None:
                yield from ((s, ValueHit(field, written, _CODED, values=(written,))) for s in spans)


def _unseen(
    tokens: Sequence[Token], schema: Schema, found: Hits
) -> Iterator[tuple[Span, ValueHit]]:
    """Names and quoted texts that no cell of the sample holds, for columns that look like them."""
    fields = [f for f in schema.texts if not f.known]
    if not fields:
        return
    met = {i for (start, end), _ in found for i in range(start, end)}
    for start, end in _names(tokens):
        if met.isdisjoint(range(start, end)):
            text = " ".join(spoken(t) for t in tokens[start:end])
            coded = [f for f in fields if text.isupper() and text not in f.value_set]
            coded = [f for f in coded if f.written_like(text)]
            for field in coded or fields:
                if field.looks_like(text):
                    yield (
                        (start, end),
                        ValueHit(field, text, _UNSEEN, sampled=False, values=(text,)),
                    )


def _names(tokens: Sequence[Token]) -> Iterator[Span]:
    """Quoted texts, and runs of capitals that are not the question's first word."""
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and end and _is_name(tokens[end]):
            end += 1
        if tokens[start].kind is Kind.QUOTED:
            end = start + 1
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _is_name(token: Token) -> bool:
    return token.kind is Kind.WORD and token.capital and (token.lower,) not in lexicon().phrases
