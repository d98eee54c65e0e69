"""`first and last name` is two names: the noun that a list shares is said with each word."""

from collections.abc import Mapping, Sequence
from itertools import permutations

from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import Kind, Token

_LINKS = frozenset({"and", "or", ",", "&"})


def spread(tokens: Sequence[Token], schema: Schema) -> tuple[Token, ...]:
    """The tokens with the shared noun after each word of the list."""
    shared: dict[int, Token] = {}
    for at in reversed(range(len(tokens))):
        noun = _shared(tokens, at, shared, schema)
        if noun is not None:
            shared[at] = noun
    return tuple(t for at, token in enumerate(tokens) for t in (token, shared.get(at)) if t)


def _shared(
    tokens: Sequence[Token], at: int, shared: Mapping[int, Token], schema: Schema
) -> Token | None:
    """The noun that `tokens[at]` shares with the word after the link, if both name columns.

    `shared` has the nouns of the words behind `at`.
    """
    word = tokens[at]
    if word.kind is not Kind.WORD or word.lower in _LINKS or at + 3 >= len(tokens):
        return None
    link = at + 1
    while link < len(tokens) and tokens[link].lower in _LINKS:
        link += 1
    if link == at + 1 or link + 1 >= len(tokens):
        return None
    other, noun = tokens[link], tokens[link + 1]
    if noun.lower in _LINKS or noun.kind is not Kind.WORD:
        # `first, middle and last name`: the noun stands after the last word of the list.
        after = shared.get(link)
        return after if after is not None and _named(schema, word, after) else None
    both = _named(schema, word, noun) and _named(schema, other, noun)
    return noun if both and not _whole(schema, word) else None


def _named(schema: Schema, word: Token, noun: Token) -> bool:
    """True when a column is named by exactly the two words."""
    wanted = (word.stem, noun.stem)
    return any(_both(wanted, [stem(w) for w in f.words]) for f in schema.fields.values())


def _both(said: tuple[str, str], words: Sequence[str]) -> bool:
    """`max temperature` names `temp_max`."""
    alike = lexicon().alike
    pairs = permutations(words) if len(words) == len(said) else ()
    return any(all(a == b or alike(a, b) for a, b in zip(said, p, strict=True)) for p in pairs)


def _whole(schema: Schema, word: Token) -> bool:
    """True when the word alone is a column."""
    return any(f.stems == {word.stem} for f in schema.fields.values())
