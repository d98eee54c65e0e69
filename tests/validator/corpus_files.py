"""The corpus: programs whose head comments say how they are judged and what is expected."""

import re
from dataclasses import dataclass
from pathlib import Path

from arclight.contracts.names import Framework
from services.validator.context import Context, Declared

FOLDER = Path(__file__).parent / "corpus"
_HEAD = re.compile(
    r"^# (framework|sources|prompt|brought|generated|expect|warn|also): ?(.*)$", re.M
)


@dataclass(frozen=True)
class Entry:
    """One program of the corpus."""

    name: str
    text: str
    context: Context
    expected: frozenset[str]


def entries(kind: str) -> list[Entry]:
    """All programs of `good` or `bad`, by name."""
    return [_entry(p) for p in sorted((FOLDER / kind).glob("*.py"))]


def _entry(path: Path) -> Entry:
    text = path.read_text()
    head = dict(_HEAD.findall(text))
    context = Context(
        framework=Framework(head["framework"]),
        sources=tuple(Declared(*s.split("=", 1)) for s in _listed(head.get("sources", ""))),
        prompt=head.get("prompt", ""),
        generated_data="generated" in head,
        brought="brought" in head,
    )
    codes = [c for key in ("expect", "warn", "also") for c in _listed(head.get(key, ""))]
    return Entry(path.stem, text, context, frozenset(codes))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
