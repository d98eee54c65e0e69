"""Stretches of a question that stand inside longer cells."""

from collections.abc import Iterator, Sequence

from services.codegen.planner.lexicon import VERB, lexicon
from services.codegen.planner.value_hit import Span, ValueHit
from services.codegen.planner.value_index import Holders, ValueIndex
from services.codegen.planner.value_text import normal, spoken
from services.codegen.planner.words import Kind, Token

_SMALL = frozenset({"of", "in", "the", "a", "an", "and", "by", "for", "to", "per", "on", "at"})
_PART, _COVER, _RARE, _NAME = 0.45, 0.3, 0.1, 0.08
"""A part of cells: at least, for the share of the cell that was said, for standing in one cell
only, and for a capital or quotes."""
_WIDEST = 8
_EVERYWHERE = 6
"""Columns that hold a plain word from which on it names a value of none."""


def part_hits(
    tokens: Sequence[Token], each: Sequence[str], index: ValueIndex
) -> Iterator[tuple[Span, ValueHit]]:
    """The widest windows that stand inside longer cells, per column."""
    reached: dict[str, int] = {}
    for start, first in enumerate(tokens):
        longest: dict[str, tuple[int, Holders]] = {}
        for end in (
            range(start + 1, min(start + _WIDEST, len(tokens)) + 1) if _may_begin(first) else ()
        ):
            holders = index.containing(tuple(" ".join(each[start:end]).split()))
            if not holders:
                break
            last = tokens[end - 1]
            if last.kind is Kind.SYMBOL or last.lower in _SMALL or _ours(tokens, start, end):
                continue
            plain = end == start + 1 and not _named(tokens[start:end])
            if plain and len(holders) >= _EVERYWHERE:
                continue
            longest |= {key: (end, group) for key, group in holders.items()}
        for key, (end, group) in longest.items():
            if end > reached.get(key, 0):
                reached[key] = end
                words = len(" ".join(each[start:end]).split())
                yield (start, end), _part(tokens[start:end], words, group)


def _ours(tokens: Sequence[Token], start: int, end: int) -> bool:
    """True when all words are ones that questions are made of."""
    return all(
        t.kind is Kind.WORD
        and (t.lower,) in lexicon().phrases
        and not (t.capital and at)
        and any(s.arg != VERB for s in lexicon().phrases[t.lower,])
        for at, t in enumerate(tokens[start:end], start)
    )


def _may_begin(token: Token) -> bool:
    words = normal(spoken(token))
    if token.kind is Kind.NUMBER:
        return len(words) > 1
    return token.kind in (Kind.WORD, Kind.QUOTED) and len(words) > 2 and token.lower not in _SMALL


def _part(window: Sequence[Token], words: int, holders: Holders) -> ValueHit:
    cells = holders.cells
    cover = words / holders.shortest
    score = _PART + _COVER * cover + _RARE / len(cells) + (_NAME if _named(window) else 0.0)
    text = _as_written(cells[0].text, window)
    return ValueHit(cells[0].field, text, round(score, 4), part=True, values=holders.texts)


def _named(window: Sequence[Token]) -> bool:
    return any(t.kind is Kind.QUOTED or t.capital for t in window)


def _as_written(cell: str, window: Sequence[Token]) -> str:
    """The stretch as the cell writes it, where it can be seen there."""
    text = " ".join(spoken(t) for t in window)
    at = cell.casefold().find(text.casefold())
    return cell[at : at + len(text)] if at >= 0 else text
