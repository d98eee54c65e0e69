"""Which rules count, and how much: by settings, never by comments in a program.

The settings are `ARCLIGHT_RULES_SELECT`, `_IGNORE` and `_SEVERITY`; `arclight check` has options of
the same meaning. What protects people who read an answer cannot be switched off in passing: an
error of the families in GUARDED only by its own full code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from arclight.contracts.finding import Finding
from arclight.contracts.names import Severity
from arclight.runtime.settings import Settings
from services.validator.rules import ALL, PARSES

GUARDED = ("SEC", "PRV")
"""Security, and that the answer comes from its sources."""

_ENTRY = re.compile(r"[A-Z]{3}\d{0,3}")
_OWN = {rule.code: rule.severity for rule in sorted(ALL, key=lambda rule: rule.code)}


class BadSelection(ValueError):
    """A setting names a rule that does not exist, or one that it may not switch off."""


@dataclass(frozen=True)
class Selection:
    """The rules that are off, and severities other than the rules' own."""

    off: frozenset[str] = frozenset()
    severities: dict[str, Severity] = field(default_factory=dict)

    def active(self, code: str) -> bool:
        return code not in self.off

    def judged(self, finding: Finding) -> Finding:
        """The finding with the severity that it has here."""
        severity = self.severities.get(finding.code)
        if severity is None or severity is finding.severity:
            return finding
        return finding.model_copy(update={"severity": severity})


EVERYTHING = Selection()


def selection(select: str = "", ignore: str = "", severity: str = "") -> Selection:
    """The selection of three comma-separated texts: codes or beginnings of codes, such as `SPK`;
    severities are `SPK005=error`.

    Raises BadSelection.
    """
    return Selection(_selected_off(select) | _ignored(ignore), _severities(severity))


@lru_cache(maxsize=8)
def _of(select: str, ignore: str, severity: str) -> Selection:
    return selection(select, ignore, severity)


def selection_of(settings: Settings) -> Selection:
    """The selection of this installation. Raises BadSelection."""
    return _of(settings.rules_select, settings.rules_ignore, settings.rules_severity)


def _selected_off(select: str) -> frozenset[str]:
    """All rules that are not selected, apart from those that always count."""
    chosen = {code for entry in _entries(select) for code in _codes(entry)}
    if not chosen:
        return frozenset()
    return frozenset(c for c in _OWN if c not in chosen and not _guarded(c) and c != PARSES.code)


def _ignored(ignore: str) -> frozenset[str]:
    return frozenset(c for entry in _entries(ignore) for c in _may_weaken(entry, "ignored"))


def _severities(text: str) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    for part in _entries(text):
        entry, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or name not in tuple(Severity):
            raise BadSelection(
                f"{part!r} is not a severity of a rule; write CODE=error, CODE=warning or"
                " CODE=info, such as SPK005=error."
            )
        error = name == Severity.ERROR
        codes = _codes(entry) if error else _may_weaken(entry, f"lowered to {name}")
        found.update(dict.fromkeys(codes, Severity(name)))
    return found


def _entries(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _codes(entry: str) -> list[str]:
    """The codes that an entry stands for. Raises BadSelection when there are none."""
    codes = [c for c in _OWN if c.startswith(entry)] if _ENTRY.fullmatch(entry) else []
    if not codes:
        families = ", ".join(_families())
        raise BadSelection(
            f"There is no rule {entry!r}. A rule is named by its code, such as SPK005, or by the"
            f" beginning of several codes, such as SPK; the families are {families}."
        )
    return codes


def _families() -> Iterable[str]:
    return dict.fromkeys(code[:3] for code in _OWN)


def _guarded(code: str) -> bool:
    return code.startswith(GUARDED) and _OWN[code] is Severity.ERROR


def _may_weaken(entry: str, done: str) -> list[str]:
    """The codes that an entry may take out of force. Raises BadSelection."""
    codes = _codes(entry)
    if entry == PARSES.code:
        raise BadSelection(
            f"{entry} cannot be {done}: a program that does not parse cannot be checked."
        )
    guarded = [c for c in codes if _guarded(c)]
    if guarded and entry not in _OWN:
        raise BadSelection(
            f"{entry} cannot be {done} as a whole: these protect the data and the answer, and are"
            f" {done} only by their full codes: {', '.join(guarded)}."
        )
    return [c for c in codes if c != PARSES.code]
