"""`first and last name` is two names: the noun that a list shares is said with each word."""

from collections.abc import Sequence

from services.codegen.planner.lexicon import stem
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import Kind, Token

_LINKS = frozenset({"and", "or", ",", "&"})


def spread(tokens: Sequence[Token], schema: Schema) -> tuple[Token, ...]:
    """The tokens with the shared noun after each word of the list."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        out.append(token)
        noun = _shared(tokens, at, schema)
        if noun is not None:
            out.append(noun)
    return tuple(out)


def _shared(tokens: Sequence[Token], at: int, schema: Schema) -> Token | None:
    """The noun that `tokens[at]` shares with the word after the link, if both name columns."""
    if tokens[at].kind is not Kind.WORD or at + 3 >= len(tokens):
        return None
    link = at + 1
    while link < len(tokens) and tokens[link].lower in _LINKS:
        link += 1
    if link == at + 1 or link + 1 >= len(tokens):
        return None
    other, noun = tokens[link], tokens[link + 1]
    if other.lower in _LINKS or noun.lower in _LINKS or noun.kind is not Kind.WORD:
        return _further(tokens, at, link, schema)
    pair = [_named(schema, w, noun) for w in (tokens[at], other)]
    return noun if all(pair) and not _whole(schema, tokens[at]) else None


def _further(tokens: Sequence[Token], at: int, link: int, schema: Schema) -> Token | None:
    """`first, middle and last name`: the noun stands after the last word of the list."""
    after = _shared(tokens, link, schema) if tokens[link].kind is Kind.WORD else None
    return after if after is not None and _named(schema, tokens[at], after) else None


def _named(schema: Schema, word: Token, noun: Token) -> bool:
    """True when a column is named by exactly the two words."""
    wanted = {word.stem, noun.stem}
    return any({stem(w) for w in f.words} == wanted for f in schema.fields.values())


def _whole(schema: Schema, word: Token) -> bool:
    """True when the word alone is a column."""
    return any(f.stems == {word.stem} for f in schema.fields.values())
