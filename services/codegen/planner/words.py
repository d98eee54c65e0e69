"""From the text of a question to tokens: words, numbers, periods of time, quoted text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from services.codegen.planner.lexicon import stem
from services.codegen.planner.periods import (
    YEARS,
    Period,
    day_period,
    month_number,
    month_period,
    quarter_period,
)


class Kind(StrEnum):
    WORD = "word"
    NUMBER = "number"
    PERIOD = "period"
    QUOTED = "quoted"
    SYMBOL = "symbol"


@dataclass(frozen=True)
class Token:
    """`start` and `end` are positions in the text; `lower` is a quoted text without its quotes."""

    text: str
    lower: str
    kind: Kind
    start: int
    end: int
    number: int | float | None = None
    period: Period | None = None

    @property
    def stem(self) -> str:
        return stem(self.lower)

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def year(self) -> int | None:
        """The year that a bare four-digit number may mean."""
        is_year = self.kind is Kind.NUMBER and self.text.isdigit() and len(self.text) == 4
        return int(self.text) if is_year and int(self.text) in YEARS else None


_MOST_DIGITS = 38
"""Of a number: what the decimals of the engines hold. A longer one is a word without meaning."""
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
_SCALES |= {"millions": 10**6, "thousands": 10**3, "bn": 10**9, "billion": 10**9}
_SCALES |= {"billions": 10**9, "trillion": 10**12, "hundred": 100}
_ROUND = {w: _SCALES[w] for w in ("hundred", "thousand", "million", "billion", "trillion")}
_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {w: i for i, w in enumerate(_UNITS)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
_WORDS |= {"dozen": 12}

_PIECE = re.compile(
    r"""
    "(?P<q1>[^"]+)" | “(?P<q2>[^”]+)” | (?<!\w)'(?P<q3>[^']+)'(?!\w) | ‘(?P<q4>[^’]+)’
  | (?P<iso>(?<![\w-])\d{4}-\d{1,2}(?:-\d{1,2})?(?![\w-]))
  | (?P<ordinal>\d{1,2}(?:st|nd|rd|th)\b)
  | (?P<number>(?<![\w.])-?[$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE]\d+)?)
    (?P<scale>(?:k|m|mn|bn)(?![A-Za-z0-9]))?%?(?![A-Za-z0-9])
  | (?P<symbol>>=|<=|!=|<>|==|[=<>≥≤,?!;:()&+*×÷]|(?<=\s)[-/](?=\s)|\.(?=\s|$))
  | (?P<word>[^\W_]+?(?=['’]s\b)|[^\W_]+(?:['’](?:t|re|ve|ll)\b)?)(?:['’]s\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a question, in order; numbers and dates of several words are one token."""
    raw = [t for m in _PIECE.finditer(text) for t in _token(m)]
    return tuple(_periods(_numbers(raw)))


@lru_cache(maxsize=65_536)
def pieces(name: str) -> tuple[str, ...]:
    """The lower-case words of a column or table name: `tempMax_2` → temp, max, 2."""
    split = _CAMEL.sub(" ", name)
    return tuple(w.casefold() for w in re.findall(r"[^\W_]+", split))


def _token(m: re.Match[str]) -> list[Token]:
    text, start, end = m.group(), m.start(), m.end()
    quoted = m["q1"] or m["q2"] or m["q3"] or m["q4"]
    if quoted:
        return [Token(text, quoted, Kind.QUOTED, start, end)]
    if m["iso"]:
        period = _iso(m["iso"])
        if period is None:
            return [Token(text, text, Kind.WORD, start, end)]
        return [Token(text, text, Kind.PERIOD, start, end, period=period)]
    if (m["ordinal"] or m["number"]) and sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return [Token(text, text.lower(), Kind.WORD, start, end)]
    if m["ordinal"]:
        return [Token(text, text.lower(), Kind.NUMBER, start, end, number=int(text[:-2]))]
    if m["number"]:
        number = _number(m["number"]) * _SCALES.get((m["scale"] or "").lower(), 1)
        return [Token(text, text.lower(), Kind.NUMBER, start, end, number=_whole(number))]
    if m["symbol"]:
        return [Token(text, text, Kind.SYMBOL, start, end)]
    word = m["word"]
    return [Token(word, word.casefold().replace("’", "'"), Kind.WORD, start, start + len(word))]


def _iso(text: str) -> Period | None:
    year, month, *day = map(int, text.split("-"))
    if not 1 <= month <= 12 or year < 1:
        return None
    return day_period(year, month, day[0]) if day else month_period(year, month)


def _number(text: str) -> int | float:
    plain = re.sub(r"[$€£,]", "", text)
    return int(plain) if re.fullmatch(r"-?\d+", plain) else float(plain)


def _whole(number: int | float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _numbers(raw: Sequence[Token]) -> list[Token]:
    """Number words become numbers, and what follows as a scale is multiplied in."""
    out: list[Token] = []
    for token in raw:
        last = out[-1] if out else None
        scale = _SCALES.get(token.lower) if token.kind is Kind.WORD else None
        if last is not None and last.number is not None and scale is not None:
            out[-1] = _grown(last, token, last.number * scale)
            continue
        half = len(out) > 1 and out[-2].lower in ("half", "quarter")
        if last is not None and last.lower == "a" and token.lower in _ROUND and not half:
            # `a million`
            out[-1] = replace(_grown(last, token, _ROUND[token.lower]), kind=Kind.NUMBER)
            continue
        if token.kind is Kind.WORD and token.lower in _WORDS:
            value = _WORDS[token.lower]
            tens = last.number if last is not None and last.lower in _TENS else None
            if last is not None and tens is not None and 0 < value < 10:
                out[-1] = _grown(last, token, tens + value)
                continue
            token = replace(token, kind=Kind.NUMBER, number=value)
        out.append(token)
    return out


def _grown(first: Token, more: Token, number: int | float) -> Token:
    text = f"{first.text} {more.text}"
    return replace(first, text=text, lower=text.lower(), end=more.end, number=_whole(number))


def _periods(raw: Sequence[Token]) -> list[Token]:
    """`March 2015`, `March 5, 2015`, `5 March 2015`, `Q1 2015` become one token."""
    out: list[Token] = []
    at = 0
    while at < len(raw):
        length, period = _period_at(raw[at : at + 5])
        if not length:
            out.append(raw[at])
            at += 1
            continue
        first, last = raw[at], raw[at + length - 1]
        text = " ".join(t.text for t in raw[at : at + length])
        # A day that no month has is a word without meaning.
        kind = Kind.PERIOD if period is not None else Kind.WORD
        out.append(Token(text, text.lower(), kind, first.start, last.end, period=period))
        at += length
    return out


def _period_at(ahead: Sequence[Token]) -> tuple[int, Period | None]:
    words = [t for t in ahead if t.lower not in (",", "of", "the")]
    used = {id(t): i + 1 for i, t in enumerate(ahead)}
    if not words or words[0] is not ahead[0] or len(words) < 2:
        return 0, None
    a, b, *rest = words
    c = rest[0] if rest else None
    month, quarter = month_number(a.lower), re.fullmatch(r"q([1-4])", a.lower)
    if month and c is not None and c.year and _day(b) is not None:
        return used[id(c)], day_period(c.year, month, _day(b) or 0)
    if month and b.year:
        return used[id(b)], month_period(b.year, month)
    if quarter and b.year:
        return used[id(b)], quarter_period(b.year, int(quarter[1]))
    second = month_number(b.lower)
    if _day(a) is not None and second and c is not None and c.year:
        return used[id(c)], day_period(c.year, second, _day(a) or 0)
    return 0, None


def _day(token: Token) -> int | None:
    number = token.number
    return number if isinstance(number, int) and 1 <= number <= 31 else None
