"""The shapes of a follow-up that changes the question: each returns the new words, or None."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arclight.catalog.profile import ColumnType, TableProfile


@dataclass(frozen=True)
class Said:
    """A prompt without the words that only say that something follows."""

    core: str
    only: bool = False
    also: bool = False
    about: bool = False
    """`what about`, `the same for`, `and`, `now`, `instead`: something follows for certain."""


Shape = Callable[[str, Said, Sequence[TableProfile]], str | None]

_LEADS = (
    (re.compile(r"(?:what|how) (?:about|if)\b", re.I), "about"),
    (re.compile(r"(?:and|now|then|so|ok(?:ay)?|yes|no|but|well|please)\b", re.I), "about"),
    (re.compile(r"(?:(?:can|could|would) you|let'?s|i (?:want|need|meant?))\b", re.I), ""),
    (
        re.compile(
            r"(?:show|give|list|do|make|see|have|put)(?: me| us)?"
            r" (?:it|that|this|them|those|these|the (?:same|result|results|answer))\b",
            re.I,
        ),
        "about",
    ),
    (re.compile(r"(?:show|give)(?: me| us)? (?=only|just|by|per|as\b)", re.I), "about"),
    (re.compile(r"(?:the )?same(?: thing| question| query| but| again)*\b", re.I), "about"),
    (re.compile(r"instead\b", re.I), "about"),
    (re.compile(r"(?:break|group|split)(?: (?:it|that|them|this))?(?: down)?\b", re.I), "about"),
    (re.compile(r"(?:only|just)\b", re.I), "only"),
    (re.compile(r"(?:also|add|include|plus)\b", re.I), "also"),
)
_TAILS = (
    (re.compile(r"[\s,]+(?:instead|now|again|please|then)$", re.I), "about"),
    (re.compile(r"[\s,]+(?:too|also|as well)$", re.I), "also"),
    (re.compile(r"[\s,]+only$", re.I), "only"),
)

_CLAUSE = (
    r"(?=\s+(?:in|at|on|over|under|above|below|for|where|with|without|since|between|from|during|before|after|sorted|ordered|"
    r"order by|sort by|having|whose|who|that|when|as|excluding|except)\b|[,;.?!]|$)"
)
_GROUP = re.compile(
    r"(?<!sorted)(?<!ordered)(?<!sort)(?<!order)(?<!divided)\s+"
    r"(?:(?:grouped|broken down|split) )?(?:by|per|for each|for every|in each)\s+.+?" + _CLAUSE,
    re.I,
)
_SORTED_BY = r"\s+(?:sorted|ordered) by (?:the )?"
_ADVERB = re.compile(r"\b(?:daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\s*", re.I)
_RANKED = re.compile(r"^((?:the )?(?:top|bottom)(?: \w+)?) .+?(\s+by\s+.+)$", re.I)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:(?:the year )?(?:{_MONTH}\.? |q[1-4] )?(?:19|20)\d\d(?:-\d\d){{0,2}}|"
    r"(?:the )?(?:last|this|previous|past|current) (?:year|quarter|month|week)|"
    r"yesterday|today)"
)
_WHEN = r"(?:in|for|during|since|before|after|from|until|of|on)"
_PERIOD = re.compile(rf"(?:\b{_WHEN}\s+)?\b(?:{_DATE})\b(?:\s+(?:and|to)\s+{_DATE}\b)?", re.I)
_BETWEEN = re.compile(rf"\bbetween\s+{_DATE}\s+and\s+{_DATE}\b", re.I)
_MEASURES = {
    "average": "average", "mean": "average", "avg": "average", "median": "median",
    "total": "total", "sum": "total", "maximum": "maximum", "max": "maximum",
    "highest": "maximum", "minimum": "minimum", "min": "minimum", "lowest": "minimum",
}  # fmt: skip
_MEASURE = re.compile(rf"\b(?:{'|'.join(_MEASURES)})\b", re.I)
_ASKED = re.compile(
    rf"^(?:use |take |with |(?:show|give) (?:me |us )?)?(?:the )?"
    rf"({'|'.join(_MEASURES)})s?(?: of (?:it|them|that|those))?"
    r"(?: instead)?(?: of the \w+)?$",
    re.I,
)
_WITHOUT = re.compile(
    r"^(?:without|exclud(?:e|ing)|except(?: for)?|leav(?:e|ing) out|drop|ignor(?:e|ing)|but not|"
    r"not)\s+(?:the )?(.+)$",
    re.I,
)
_TEST = re.compile(
    r"^(?:the ones |those |that |which |rows )?(?:(?:with|where|whose|having|who|that|over|above|"
    r"under|below|more|less|fewer|at least|at most|between)\b.*)$",
    re.I,
)
_PLACE = re.compile(r"^(?:for|in|at|from|on|of|to|with)\s+(?:the )?(.+)$", re.I)
_WORDS = re.compile(r"[\w.'’-]+")
_LONGEST = 200
"""Characters of a follow-up; a person says one in a few words."""
_LONGEST_ABOUT = 6
"""Words; what is longer than that is a question of its own."""


def without_lead(prompt: str) -> Said:
    """`and now only for Texas please?` is `for Texas`, of kind `only`. A long prompt is nothing."""
    if len(prompt) > _LONGEST:
        return Said("")
    core, kinds = prompt.strip().strip("?!.,;: "), {"only": False, "also": False, "about": False}
    changed = True
    while changed:
        changed = False
        for pattern, kind in _LEADS:
            if (found := pattern.match(core)) and found.end() < len(core):
                core, changed = core[found.end() :].lstrip(" ,:"), True
                kinds[kind or "about"] |= bool(kind)
        for pattern, kind in _TAILS:
            if found := pattern.search(core):
                core, changed = core[: found.start()], True
                kinds[kind] = True
    return Said(core, **kinds)


def _grouped(before: str, said: Said, tables: Sequence[TableProfile]) -> str | None:
    found = re.match(
        r"^(?:grouped |broken down |split |aggregated )?(by|per|for each|for every) (.+)$",
        said.core, re.I,
    )  # fmt: skip
    if found is None or len(found[2].split()) > _LONGEST_ABOUT or _is_measure(found[2]):
        return None
    group = f" by {found[2]}"
    if ranked := _RANKED.match(before):
        return f"{ranked[1]} {found[2]}{ranked[2]}"
    old = list(_GROUP.finditer(before))
    if not old:
        return _insert(_ADVERB.sub("", before), group)
    start, end = old[0].start(), _end_of_name(before, old[-1], tables)
    if said.also:
        return before[:end] + f" and {found[2]}" + before[end:]
    key = re.escape(_key(before[start:end]))
    return before[:start] + group + re.sub(rf"{_SORTED_BY}{key}\b", "", before[end:], flags=re.I)


def _end_of_name(before: str, group: re.Match[str], tables: Sequence[TableProfile]) -> int:
    """Where the clause ends: a column may be called `Speed in knots`."""
    begin = group.end() - len(_key(group[0]))
    said = before[begin:].casefold().replace("_", " ")
    names = (c.name.casefold().replace("_", " ") for t in tables for c in t.columns)
    return max([group.end(), *(begin + len(n) for n in names if said.startswith(n))])


def _key(clause: str) -> str:
    """`per wildlife size` is `wildlife size`."""
    return re.sub(r"^.*?\b(?:by|per|each|every)\s+(?:the )?", "", clause, flags=re.I)


def _is_measure(words: str) -> bool:
    return re.match(r"(?:the )?(?:number|count|total|average|sum) of\b", words, re.I) is not None


def _dated(before: str, said: Said, _: Sequence[TableProfile]) -> str | None:
    core = said.core
    if not (_PERIOD.fullmatch(core) or _BETWEEN.fullmatch(core)):
        return None
    bare = not re.match(rf"(?:{_WHEN}|between)\s", core, re.I)
    period = f"in {core}" if bare else core
    for pattern in (_BETWEEN, _PERIOD):
        if found := pattern.search(before):
            return f"{before[: found.start()]} {period} {before[found.end() :]}"
    return f"{before} {period}"


def _measured(before: str, said: Said, _: Sequence[TableProfile]) -> str | None:
    asked = _ASKED.match(said.core)
    found = _MEASURE.search(before)
    if asked is None or found is None:
        return None
    return before[: found.start()] + _MEASURES[asked[1].lower()] + before[found.end() :]


def _excluded(before: str, said: Said, tables: Sequence[TableProfile]) -> str | None:
    found = _WITHOUT.match(said.core)
    if found is None or len(found[1].split()) > _LONGEST_ABOUT:
        return None
    columns = {column for _, column in _columns_with(found[1], tables)}
    if len(columns) == 1:
        return f"{before} where {columns.pop()} is not {_plain(found[1])}"
    return f"{before} excluding {found[1]}"


def _tested(before: str, said: Said, _: Sequence[TableProfile]) -> str | None:
    """`only with more than 100`, `only where cost is over 5`."""
    if not (said.only or said.about) or not _TEST.match(said.core):
        return None
    return f"{before} {re.sub(r'^(?:the ones|those|rows) ', '', said.core, flags=re.I)}"


def _added(before: str, said: Said, _: Sequence[TableProfile]) -> str | None:
    """`also the average wind` stands beside what was asked for."""
    if not said.also or said.only or len(said.core.split()) > _LONGEST_ABOUT:
        return None
    what = re.sub(r"^(?:the|show|with)\s+(?:column\s+)?", "", said.core, flags=re.I)
    return _insert(before, f" and {what}", _GROUP)


def _about(before: str, said: Said, tables: Sequence[TableProfile]) -> str | None:
    """Another value in the place of the one before: `what about California`, `and for Texas`."""
    place = _PLACE.match(said.core)
    thing = place[1] if place else said.core
    if len(thing.split()) > _LONGEST_ABOUT or not (said.about or said.only or place):
        return None
    columns = _columns_with(thing, tables)
    if (span := _value_in(before, columns, tables)) is not None:
        return before[: span[0]] + _plain(thing) + before[span[1] :]
    if columns or place or said.only:
        word = said.core.split()[0].lower() if place else "for"
        return f"{before} {word} {_plain(thing)}"
    return None


def _insert(before: str, text: str, end: re.Pattern[str] | None = None) -> str:
    """`text` before the first clause that narrows, groups or sorts; at the end without one."""
    clause = end.search(before) if end else None
    clause = clause or re.search(
        r"\s+(?:sorted|ordered|order by|sort by|descending|ascending)\b", before, re.I
    )
    at = clause.start() if clause else len(before)
    return before[:at] + text + before[at:]


def _plain(thing: str) -> str:
    return re.sub(r"^the\s+|\s+(?:ones?|rows)$", "", thing, flags=re.I)


def _columns_with(thing: str, tables: Sequence[TableProfile]) -> set[tuple[str, str]]:
    """(table, column) of every text column that has this value."""
    wanted = {thing.casefold(), _plain(thing).casefold()}
    return {
        (table.name, column.name)
        for table in tables
        for column in table.columns
        if column.type is ColumnType.STRING
        and any(isinstance(v, str) and v.casefold() in wanted for v in column.values)
    }


def _value_in(
    before: str, columns: set[tuple[str, str]], tables: Sequence[TableProfile]
) -> tuple[int, int] | None:
    """Where `before` names a value of one of the columns: the longest, then the last."""
    known = {
        v.casefold()
        for table in tables
        for column in table.columns
        if (table.name, column.name) in columns
        for v in column.values
        if isinstance(v, str)
    }
    words = list(_WORDS.finditer(before))
    for size in range(min(5, len(words)), 0, -1):
        for at in range(len(words) - size, -1, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            if before[start:end].casefold() in known:
                return start, end
    return None


SHAPES: tuple[Shape, ...] = (_grouped, _dated, _measured, _excluded, _tested, _added, _about)
"""Tried in this order."""
