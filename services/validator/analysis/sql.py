"""SQL text, as far as provenance needs it: the tables and paths that a statement reads."""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.validator.analysis.words import words

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      |(?P<string>'(?:[^'\\]|\\.|'')*+(?:'|\Z)|"(?:[^"\\]|\\.|"")*+(?:"|\Z))
      |(?P<name>(?:`[^`]*`|[A-Za-z_\0][\w\0]*)(?:\s*\.\s*(?:`[^`]*`|[A-Za-z_\0][\w\0]*))*)
      |(?P<mark>[(),;])
      |(?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)
_FROM_INSIDE = frozenset({"extract", "trim", "substring", "substr", "overlay", "position"})
"""Functions whose own syntax has a FROM: `extract(year FROM day)`."""
_AFTER_TABLE = frozenset({"join"})
_ENDS_LIST = words(
    "where group order having limit union except intersect on using join inner left right full "
    "cross lateral window select qualify sort cluster distribute pivot unpivot anti semi "
    "natural tablesample when set values"
)
FORMATS = frozenset({"csv", "json", "parquet", "orc", "text", "avro", "binaryfile", "delta"})


@dataclass(frozen=True)
class Sql:
    """What one statement reads; names are lower-cased, without back-quotes."""

    tables: frozenset[str]
    paths: frozenset[str]
    values: bool
    """Rows are written in the statement: VALUES, or a SELECT without any table."""


_QUOTED = re.compile(r"`([^`]*)`")


def _bare(found: re.Match[str]) -> str:
    """A quoted name; one that is no plain word cannot be mistaken for code then."""
    return found[1] if found[1].isidentifier() else "_"


@lru_cache(maxsize=1024)
def code_of(text: str) -> str:
    """The statement without comments and back-quotes, and without what its strings say."""
    parts: list[str] = []
    for found in _TOKEN.finditer(text):
        if found["string"] is not None:
            parts.append("''")
        elif found["comment"] is None:
            parts.append(_QUOTED.sub(_bare, found.group()))
    return " ".join(parts)


def read_sql(text: str) -> Sql:
    """The tables of FROM and JOIN, apart from the statement's own WITH names."""
    tokens = [(str(m.lastgroup), m.group()) for m in _TOKEN.finditer(text) if m["comment"] is None]
    names, defined = _tables(tokens), _defined(tokens)
    paths = {_path(n) for n in names} - {None}
    tables = {_plain(n) for n in names if _path(n) is None}
    words = {value.lower() for kind, value in tokens if kind == "name"}
    named_path = re.findall(r"\b(?:path|location)\s{0,9}=?\s{0,9}['\"]([^'\"]+)['\"]", text, re.I)
    return Sql(
        tables=frozenset(tables - defined),
        paths=frozenset({p for p in paths if p} | set(named_path)),
        values="values" in words or ("select" in words and not names and not named_path),
    )


def _tables(tokens: list[tuple[str, str]]) -> list[str]:
    """Names right after FROM, JOIN, TABLE, and after each comma of a FROM list."""
    found: list[str] = []
    inside: list[tuple[str, bool]] = []
    before, expects, in_list = "", False, False
    for i, (kind, value) in enumerate(tokens):
        word = value.lower()
        if kind == "mark":
            if value == "(":
                inside.append((before, in_list))
                in_list = expects = False
            elif value == ")" and inside:
                _, in_list = inside.pop()
                expects = False
            else:
                expects = value == "," and in_list
        elif kind == "name" and expects and word not in _ENDS_LIST:
            call = i + 1 < len(tokens) and tokens[i + 1][1] == "("
            if not call:
                found.append(value)
            expects = False
        elif kind == "name":
            opens = _opens(word, before, inside[-1][0] if inside else "")
            in_list = (opens and word == "from") or (in_list and word not in _ENDS_LIST)
            expects = opens
        before = word
    return found


def _opens(word: str, before: str, function: str) -> bool:
    if word == "from":
        return before != "distinct" and function not in _FROM_INSIDE
    return word in _AFTER_TABLE


def _defined(tokens: list[tuple[str, str]]) -> set[str]:
    """Names that the statement gives by `name AS (`."""
    words = [value for _, value in tokens]
    named = zip(tokens, words[1:], words[2:], strict=False)
    return {_plain(v) for (k, v), a, b in named if k == "name" and a.lower() == "as" and b == "("}


def _path(name: str) -> str | None:
    """The path of csv.`path`."""
    kind, dot, rest = name.partition(".")
    if dot and kind.strip().lower() in FORMATS and rest.strip().startswith("`"):
        return rest.strip().strip("`")
    return None


def _plain(name: str) -> str:
    return re.sub(r"\s*\.\s*", ".", name).replace("`", "").lower()
