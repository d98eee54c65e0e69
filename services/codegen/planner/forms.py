"""Forms of words, read once from `lexicon_forms.toml`: short, derived, compound and national."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.codegen.planner.lexicon import stem


@dataclass(frozen=True)
class Forms:
    """All tables, in lower case."""

    short: Mapping[str, tuple[tuple[str, ...], ...]]
    """Short form → the phrases it may stand for."""
    tails: frozenset[str]
    whole: frozenset[str]
    """Words that end like a compound and are none."""
    roots: Mapping[str, frozenset[int]]
    """Word or stem → the groups of one root that it belongs to."""
    self_roles: frozenset[str]
    nations: Mapping[str, tuple[str, ...]]
    """A name of a country or of its people → all others, plain; the country first."""
    flag_leads: frozenset[str]
    flag_tails: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


@cache
def forms() -> Forms:
    """The forms of this installation."""
    raw = tomllib.loads(Path(__file__).with_name("lexicon_forms.toml").read_text("utf-8"))
    flags = raw["flags"]
    return Forms(
        short={s: tuple(tuple(p.split()) for p in ps) for s, ps in raw["short"].items()},
        tails=frozenset(raw["compounds"]["tails"]),
        whole=frozenset(raw["compounds"]["whole"]),
        roots=_roots(raw["derived"]["groups"]),
        self_roles=frozenset(map(stem, raw["self_roles"]["words"])),
        nations=_nations(raw["nations"]),
        flag_leads=frozenset(flags["leads"]),
        flag_tails=frozenset(flags["tails"]),
        yes=frozenset(flags["yes"]),
        no=frozenset(flags["no"]),
    )


def same_root(a: str, b: str) -> bool:
    """True for two lower-case words that are derived from one, such as `won` and `winner`."""
    return not root_groups(a).isdisjoint(root_groups(b))


@cache
def root_groups(word: str) -> frozenset[int]:
    """The groups of one root that a lower-case word belongs to, itself or by its stem."""
    roots = forms().roots
    return roots.get(word) or roots.get(stem(word), frozenset())


def folded(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def shortens(short: str, word: str) -> bool:
    """True when `short` is a known or plain (a beginning of 3 letters or more) short form."""
    known = any(len(p) == 1 and p[0] == word for p in forms().short.get(short, ()))
    return known or (3 <= len(short) < len(word) and word.startswith(short))


def initials(words: Iterable[str]) -> str:
    """The first letters of the words."""
    return "".join(w[0] for w in words if w)


def _roots(groups: Iterable[list[str]]) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for word in group:
            found.setdefault(word, set()).add(number)
            # The stem stands for inflections that the table does not list.
            found.setdefault(stem(word), set()).add(number)
    return {w: frozenset(n) for w, n in found.items()}


def _nations(raw: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for country, others in raw.items():
        names = [_bare(n) for n in (country, *others)]
        for name in names:
            found[name] = tuple(n for n in names if n != name)
            if " " not in name and name != _bare(country):
                found.setdefault(f"{name}s", tuple(names))
    return found


def _bare(name: str) -> str:
    return " ".join(folded(name).replace(".", "").split())
