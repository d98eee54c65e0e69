"""The tables in `docs/performance.md`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from textwrap import fill

from benchmarks.execution.rounds import median, ratio

HEAD = "| what | Arclight | peer | of the peer | ratio | goal |\n|---|---|---|---|---|---|"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def milliseconds(value: float) -> str:
    return f"{1000 * value:.0f} ms"


def gigabytes(value: float) -> str:
    return f"{value / 1e9:.2f} GB"


@dataclass(frozen=True)
class Row:
    """One comparison, a value per round on both sides."""

    what: str
    own: Sequence[float]
    peer: str = ""
    theirs: Sequence[float] = ()
    """Empty where there is no peer, or none could be had."""
    goal: str = "–"
    unit: Callable[[float], str] = seconds

    def text(self) -> str:
        own = self.unit(median(self.own)) if self.own else "–"
        theirs, quotient = "–", "–"
        if self.theirs:
            theirs = self.unit(median(self.theirs))
            quotient = f"{ratio(self.own, self.theirs):.2f}" if self.own else "–"
        elif self.peer:
            theirs = "could not be had"
        return f"| {self.what} | {own} | {self.peer or '–'} | {theirs} | {quotient} | {self.goal} |"


@dataclass
class Section:
    """One part of the benchmark: what was done, the table, what else is to be known."""

    title: str
    about: str
    rows: list[Row]
    rounds: int
    notes: list[str] = field(default_factory=list)

    def text(self, when: str) -> str:
        """Markdown; `when` says when and where it was measured."""
        rounds = f"medians of {self.rounds} rounds" if self.rounds > 1 else "one round only"
        about = fill(f"{self.about} {when}; {rounds}.", 100)
        table = "\n".join([HEAD, *(row.text() for row in self.rows)])
        notes = "".join("\n" + fill(f"- {n}", 100, subsequent_indent="  ") for n in self.notes)
        return f"{about}\n\n{table}\n" + (f"{notes}\n" if notes else "")


def put_section(document: str, title: str, body: str) -> str:
    """The document with the section of this title replaced, or added at its end."""
    section = f"## {title}\n\n{body.strip()}\n"
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", document, re.M | re.S)
    if found is None:
        return f"{document.rstrip()}\n\n{section}"
    rest = document[found.end() :]
    return document[: found.start()] + section + (f"\n{rest}" if rest else "")
