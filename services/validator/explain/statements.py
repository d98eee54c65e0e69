"""A SQL statement in sentences, by its clauses: what stands inside a clause stays SQL."""

import re
from collections.abc import Iterator

from services.validator.analysis.fold import HOLE
from services.validator.explain.source import code

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`)
      |(?P<word>[A-Za-z_\0][\w\0]*)|(?P<mark>\S)""",
    re.VERBOSE | re.DOTALL,
)
_CLAUSES = {
    "select": "select",
    "from": "from",
    "where": "where",
    "group": "group",
    "having": "having",
    "order": "order",
    "sort": "order",
    "limit": "limit",
    "qualify": "where",
    "union": "union",
    "intersect": "intersect",
    "except": "except",
    "minus": "except",
}
_SETS = {
    "union": "put this together with the rows of the next query",
    "intersect": "keep what is in the rows of the next query, too",
    "except": "take out the rows of the next query",
}
_JOIN = re.compile(
    r"\b((?:natural\s+)?(?:inner\s+|cross\s+|(?:left|right|full)\s+(?:outer\s+|semi\s+|anti\s+)?"
    r"|semi\s+|anti\s+)?join)\b",
    re.IGNORECASE,
)
_CREATES = re.compile(
    r"^\s*create\b[\w\s]*?\b(view|table)\s+(?:if\s+not\s+exists\s+)?(`?[\w.]+`?)[^(]*?\bas\b",
    re.IGNORECASE | re.DOTALL,
)
_WITH = re.compile(r"^\s*with\s+(?:recursive\s+)?", re.IGNORECASE)
_NAMED = re.compile(r"\s*,?\s*(`?\w+`?)\s*(?:\([^)]*\)\s*)?as\s*\(", re.IGNORECASE)
_MAX_TEXT = 20_000
"""Characters of a statement that is taken apart; no person writes a longer one."""


def statement(text: str) -> Iterator[str]:
    """The statement's clauses as sentences, without capital letter and full stop."""
    if text == HOLE:
        yield "run SQL that only the run knows"
        return
    if HOLE in text:
        text = text.replace(HOLE, "…")
        yield "run SQL of which parts are known to the run only"
    if len(text) > _MAX_TEXT:
        yield "run a SQL statement that is too long to explain"
        return
    text, name = _without_create(text.strip().rstrip(";"))
    yield from (f"by SQL, make {told}" for told in _named_queries(text))
    body = text[_end_of_with(text) :]
    clauses = _clauses(body)
    before = _before_clauses(body)
    if clauses and before.strip("( "):
        yield f"run {code(before)} with the rows of this query"
    if not any(kind == "select" for kind, _ in clauses):
        yield f"run the SQL {code(body)}"
    else:
        for number, told in enumerate(_query(clauses)):
            yield told if number else f"by SQL, {told}"
    if name:
        yield f"call the result {name.strip('`')}"


def _without_create(text: str) -> tuple[str, str]:
    found = _CREATES.match(text)
    return (text[found.end() :], found[2]) if found else (text, "")


def _named_queries(text: str) -> Iterator[str]:
    """The queries of WITH, each under its name."""
    start = _WITH.match(text)
    place = start.end() if start else len(text)
    while found := _NAMED.match(text, place):
        end = _closing(text, found.end())
        inner = _query(_clauses(text[found.end() : end]))
        yield f"{found[1].strip('`')}: {'; '.join(inner)}"
        place = end + 1


def _end_of_with(text: str) -> int:
    start = _WITH.match(text)
    if not start:
        return 0
    place = start.end()
    while found := _NAMED.match(text, place):
        place = _closing(text, found.end()) + 1
    return place


def _closing(text: str, place: int) -> int:
    """Where the parenthesis that is open at `place` closes."""
    depth = 1
    for token in _TOKEN.finditer(text, place):
        depth += {"(": 1, ")": -1}.get(token["mark"] or "", 0)
        if depth == 0:
            return token.start()
    return len(text)


def _clauses(text: str) -> list[tuple[str, str]]:
    """Kind and text of each clause, outside of parentheses."""
    cuts: list[tuple[str, int, int]] = []
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"(": 1, ")": -1}.get(token["mark"] or "", 0)
        kind = _CLAUSES.get((token["word"] or "").lower())
        if kind and depth == 0 and not _part_of_distinct(text, token.start()):
            cuts.append((kind, token.start(), token.end()))
    ends = [*(start for _, start, _ in cuts), len(text)][1:]
    return [
        (kind, _tidy(text[start:end])) for (kind, _, start), end in zip(cuts, ends, strict=True)
    ]


def _before_clauses(text: str) -> str:
    """What stands before the first clause, such as INSERT INTO."""
    for token in _TOKEN.finditer(text):
        if (token["word"] or "").lower() in _CLAUSES:
            return _tidy(text[: token.start()])
    return ""


def _part_of_distinct(text: str, place: int) -> bool:
    """True for the FROM of `IS DISTINCT FROM`."""
    return (
        text[:place].rstrip().lower().endswith("distinct")
        and text[place : place + 4].lower() == "from"
    )


def _tidy(text: str) -> str:
    """On one line, without comments."""
    pieces = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    return " ".join(pieces.split())


def _query(clauses: list[tuple[str, str]]) -> Iterator[str]:
    """In the order in which a query is computed, which is not the order in which it is written."""
    part: dict[str, str] = {}
    for kind, text in clauses:
        if kind in _SETS:
            yield from _select(part)
            part = {}
            yield _SETS[kind]
        else:
            part[kind] = text
    yield from _select(part)


def _select(clause: dict[str, str]) -> Iterator[str]:
    if "from" in clause:
        yield from _from(clause["from"])
    if "where" in clause:
        yield f"keep the rows where {code(clause['where'])}"
    columns = clause.get("select", "")
    distinct = re.match(r"distinct\b", columns, re.IGNORECASE)
    columns = columns[distinct.end() :].strip() if distinct else columns
    if "group" in clause:
        keys = re.sub(r"^by\s+", "", clause["group"], flags=re.IGNORECASE)
        yield f"for each {code(_by_place(keys, columns))}: {code(columns)}"
    elif columns and columns != "*":
        yield f"take {code(columns)}"
    if "having" in clause:
        yield f"keep the groups where {code(clause['having'])}"
    if distinct:
        yield "keep each different row once"
    if "order" in clause:
        yield f"sort by {code(re.sub(r'^by +', '', clause['order'], flags=re.IGNORECASE))}"
    if "limit" in clause:
        yield f"keep the first {clause['limit']} rows"


def _by_place(keys: str, columns: str) -> str:
    """The columns that `GROUP BY 1, 2` means."""
    places = [k.strip() for k in keys.split(",")]
    chosen = _split(columns)
    if not all(p.isdecimal() and 0 < int(p) <= len(chosen) for p in places):
        return keys
    plain = (re.sub(r"\s+as\s+\S+$", "", chosen[int(p) - 1], flags=re.I) for p in places)
    return ", ".join(plain)


def _split(columns: str) -> list[str]:
    """At the commas outside of parentheses."""
    depth, start, out = 0, 0, list[str]()
    for token in _TOKEN.finditer(columns):
        depth += {"(": 1, ")": -1}.get(token["mark"] or "", 0)
        if token["mark"] == "," and depth == 0:
            out.append(columns[start : token.start()].strip())
            start = token.end()
    return [*out, columns[start:].strip()]


def _from(text: str) -> Iterator[str]:
    parts = _JOIN.split(text)
    yield f"take the rows of {_table(parts[0])}"
    for join, other in zip(parts[1::2], parts[2::2], strict=True):
        table, _, condition = re.split(r"\b(on|using)\b", f"{other} on ", maxsplit=1, flags=re.I)
        how = " ".join(join.lower().split()).replace("outer ", "")
        told = condition.strip()
        told = re.sub(r"\s*\bon\s*$", "", told, flags=re.IGNORECASE)
        on = f" on {code(told)}" if told else ""
        yield f"{how} with {_table(table)}{on}"


def _table(text: str) -> str:
    plain = text.strip()
    path = re.fullmatch(r"(\w+)\s*\.\s*`([^`]*[/:][^`]*)`", plain)
    if path:
        return f"{path[2]} as {path[1]}"
    return plain.replace("`", "") if re.fullmatch(r"[\w.` ,]+", plain) else code(plain)
