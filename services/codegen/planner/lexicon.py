"""Our own words about questions, read once from `lexicon.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")


VERB = "verb"
"""Argument of a filler that may well be a cell's value, such as `paid`."""


@cache
def stem(word: str) -> str:
    """The English stem of a lower-case word."""
    return str(_STEMMER.stemWord(word))


class Op(StrEnum):
    """What a phrase of the lexicon does in a question."""

    AGGREGATE = "aggregate"
    COUNT = "count"
    DISTINCT = "distinct"
    BY = "by"
    SORT = "sort"
    ALPHABETICAL = "alphabetical"
    NULL = "null"
    NOT_NULL = "not_null"
    NOT = "not"
    OR = "or"
    AND = "and"
    COMMA = "comma"
    BETWEEN = "between"
    SHOW = "show"
    ROWS = "rows"
    VAGUE = "vague"
    JOIN = "join"
    USUALLY = "usually"
    MINUS = "minus"
    PLUS = "plus"
    MULTIPLY = "multiply"
    TIMES = "times"
    NO = "no"
    RELATIVE = "relative"
    BOTH = "both"
    EITHER = "either"
    NEITHER = "neither"
    ALL = "all"
    AGAIN = "again"
    WH = "wh"
    OVER = "over"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    WORDS = "words"
    DESC = "desc"
    ASC = "asc"
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"
    EQUALS = "equals"
    CALENDAR = "calendar"
    COMPARE = "compare"
    TRAILING = "trailing"
    TEMPORAL = "temporal"
    TOP = "top"
    NEIGHBOUR = "neighbour"
    """Before or after a row: in the order of the file."""
    LISTED = "listed"
    MORE = "more"
    """A comparison without `than`: which of two."""
    SUPERLATIVE = "superlative"
    UNIT = "unit"
    PER_UNIT = "per_unit"
    ROLE = "role"
    PREPOSITION = "preposition"
    MEASURED = "measured"
    SUFFIX = "suffix"
    SHARE = "share"
    CHANGE = "change"
    AGAINST = "against"
    RUNNING = "running"
    STATISTIC = "statistic"
    SPREAD = "spread"
    PIVOT = "pivot"
    CONTRAST = "contrast"
    CLEAN = "clean"
    TREND = "trend"
    FILLER = "filler"


@dataclass(frozen=True)
class Sense:
    """One meaning of a phrase: `arg` is the function, operator, unit, role or direction."""

    op: Op
    arg: str = ""
    hints: tuple[str, ...] = ()
    rows: bool = False
    size: bool = False
    """True for a word of size: the largest order is the one that is worth most."""


@dataclass(frozen=True)
class Derived:
    """A measure that is computed from two others when no column carries it."""

    words: frozenset[str]
    op: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Coded:
    """A value that a column of codes writes as `code` and people call by `words`."""

    columns: frozenset[str]
    code: str
    words: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """All words, indexed for look-up."""

    phrases: Mapping[tuple[str, ...], tuple[Sense, ...]]
    longest: int
    groups: Mapping[str, frozenset[int]]
    """Stem → synonym groups it belongs to."""
    derived: tuple[Derived, ...]
    averaged: frozenset[str]
    row_counts: frozenset[str]
    """Names of a column that says for how many things its row stands."""
    counting: frozenset[str]
    """What a column's name says when the rest of it is the thing it counts."""
    amounts: frozenset[str]
    """What a column's name says when it holds how much or how many."""
    names: frozenset[str]
    whole: frozenset[str]
    role_columns: Mapping[str, frozenset[str]]
    wh_columns: Mapping[str, tuple[str, ...]]
    """Kind of question word → stems of the columns that it asks for, the likeliest first."""
    coded: tuple[Coded, ...]
    whole_words: frozenset[str]
    """Words for all that the tables hold: `the products in the store`."""
    plain_words: frozenset[str]
    """Qualities that every row has."""
    no_extremes: frozenset[str]
    """Words in -est that are no superlatives."""
    beyond: Mapping[str, str]
    """Word → why no program over tables does what it asks for."""
    states: Mapping[str, str]
    """Code → name of a state of the USA."""

    def alike(self, a: str, b: str) -> bool:
        """True when two stems are synonyms."""
        return not self.groups.get(a, frozenset()).isdisjoint(self.groups.get(b, frozenset()))


_ARGS = (
    *(Op.WH, Op.AGGREGATE, Op.COMPARE, Op.TRAILING, Op.TEMPORAL, Op.TOP, Op.UNIT, Op.PER_UNIT),
    Op.NEIGHBOUR,
)
_ROLES = (Op.ROLE, Op.PREPOSITION)
ANALYSIS: tuple[Op, ...] = (
    *(Op.SHARE, Op.CHANGE, Op.AGAINST, Op.RUNNING, Op.STATISTIC, Op.SPREAD, Op.PIVOT),
    *(Op.CONTRAST, Op.CLEAN, Op.TREND),
)
"""What the words of `lexicon_analysis.toml` do."""


@cache
def lexicon() -> Lexicon:
    """The lexicon of this installation."""
    raw = _file("lexicon.toml")
    phrases: dict[tuple[str, ...], list[Sense]] = {}
    for phrase, sense in (*_senses(raw), *_analysis(_file("lexicon_analysis.toml"))):
        phrases.setdefault(tuple(phrase.split()), []).append(sense)
    groups: dict[str, set[int]] = {}
    for number, group in enumerate(raw["synonyms"]["groups"]):
        for word in group:
            groups.setdefault(stem(word), set()).add(number)
    synonyms, limits = raw["synonyms"], _file("lexicon_limits.toml")
    return Lexicon(
        phrases={k: tuple(v) for k, v in phrases.items()},
        longest=max(map(len, phrases)),
        groups={k: frozenset(v) for k, v in groups.items()},
        derived=tuple(_derived(d) for d in raw["derived"]),
        averaged=_stems(synonyms["averaged"]),
        row_counts=_stems(synonyms["row_counts"]),
        counting=_stems(synonyms["counting"]),
        amounts=_stems(synonyms["amounts"]),
        names=_stems(synonyms["names"]),
        whole=_stems(synonyms["whole"]),
        role_columns={role: _stems(words) for role, words in raw["role_columns"].items()},
        wh_columns={k: tuple(map(stem, words)) for k, words in raw["wh_columns"].items()},
        coded=tuple(
            Coded(_stems(c["columns"]), c["code"], frozenset(c["words"])) for c in raw["coded"]
        ),
        whole_words=frozenset(limits["whole"]),
        plain_words=frozenset(limits["plain"]),
        no_extremes=frozenset(limits["no_extremes"]),
        beyond={w: entry["says"] for entry in limits["beyond"] for w in entry["words"]},
        states=raw["us_states"],
    )


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def _analysis(raw: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    for op in ANALYSIS:
        for arg, words in raw[op].items():
            yield from ((w, Sense(op, arg)) for w in words)


def _senses(raw: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    for name, words in raw["simple"].items():
        yield from ((w, Sense(Op(name))) for w in words)
    for op in (*_ARGS, *_ROLES):
        for arg, words in raw[op].items():
            yield from ((w, Sense(op, arg)) for w in words)
    for op in (Op.SUPERLATIVE, Op.MORE):
        for entry in raw[op.value]:
            arg = "desc" if entry["descending"] else "asc"
            hints = tuple(entry.get("hints", ()))
            flags = (entry.get("rows", False), entry.get("size", False))
            sense = Sense(op, arg, hints, *flags)
            yield from ((w, sense) for w in entry["words"])
    for entry in raw["comparative"]:
        sense = Sense(Op.COMPARE, entry["op"], tuple(entry["hints"]))
        yield from ((w, sense) for w in entry["words"])
    yield from ((w, Sense(Op.FILLER)) for w in raw["filler"]["words"])
    yield from ((w, Sense(Op.FILLER, VERB)) for w in raw["filler"]["verb"])


def _derived(raw: Mapping[str, Any]) -> Derived:
    return Derived(_stems(raw["words"]), raw["op"], tuple(raw["left"]), tuple(raw["right"]))


def _stems(words: list[str]) -> frozenset[str]:
    return frozenset(stem(w) for w in words)
