"""Cells and stretches of a question in one writing, so that they can be compared."""

import re
from functools import lru_cache

from services.codegen.planner.forms import folded
from services.codegen.planner.words import Kind, Token

_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+\.\d+(?![.\d])|[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_NOTE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"[*†‡#]+$")


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """Words joined by blanks, without case, accents and marks; `1,234` as `1234`, `007` as `7`."""
    plain = _POSSESSIVE.sub("", folded(text.replace("&", " and ")))
    return " ".join(map(_number, _WORD.findall(plain)))


@lru_cache(maxsize=50_000)
def without_notes(text: str) -> str:
    """A cell without its parentheses and footnotes, in `normal` writing."""
    return normal(_MARKS.sub("", _NOTE.sub("", text)).strip())


def swapped(text: str) -> str:
    """`john smith` for a cell `Smith, John`; empty for any other."""
    last, comma, first = text.partition(",")
    plain = comma and "," not in first and first.strip() and not any(map(str.isdigit, text))
    return f"{normal(first)} {normal(last)}" if plain else ""


def acronym(text: str) -> str:
    """`nba` for `National Basketball Association`; empty for fewer than three large words."""
    large = [w for w in text.split() if w[:1].isupper()]
    return "".join(w[0] for w in large).lower() if 3 <= len(large) <= 6 else ""


def spoken(token: Token) -> str:
    """What a token says: the text between quotes, or as it stands."""
    return token.lower if token.kind is Kind.QUOTED else token.text


def _number(word: str) -> str:
    """One writing of a number: no separators, leading zeros or zeros after the point."""
    if not word[0].isdigit():
        return word
    plain = word.replace(",", "")
    if "." in plain:
        return plain.rstrip("0").rstrip(".").lstrip("0") or "0"
    return (plain.lstrip("0") or "0") if plain.isdigit() else plain
