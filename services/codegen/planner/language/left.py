"""A reading, looked at for what it left out."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from services.codegen.planner.language.query import Agg, Query, measures_in
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.plan import Func
from services.codegen.planner.words import pieces

if TYPE_CHECKING:
    from services.codegen.planner.language.choose import Reading

_SAYING = 4
"""Letters of a word that says something in the name of a table; `t`, `tab1` say nothing."""
ARTICLES = frozenset({"the", "a", "an", "this", "that", "these", "those", "our", "all", "any"})


@dataclass(frozen=True)
class Loss:
    """Words that the reading has no place for. `grave`: the answer would be another one."""

    words: tuple[str, ...]
    why: str
    """Follows on the words: `no meaning was found for it`."""
    grave: bool = True
    doubtful: bool = True
    """False for words that most questions of the kind can do without."""
    hollow: bool = False
    """The reading is no answer to anything, so it is not offered as one."""


@dataclass(frozen=True)
class Left:
    """A reading, looked at for what it left out."""

    reading: "Reading"

    @property
    def r(self) -> Reader:
        return self.reading.reader

    @property
    def q(self) -> Query:
        return self.reading.q

    @cached_property
    def passed(self) -> list[Segment]:
        """What no rule took, without the words that say nothing."""
        return [s for s in self.r.passed if not s.filler]

    @cached_property
    def strange(self) -> list[Segment]:
        """Stretches that mean nothing here."""
        known = self.r.unplaced
        return [s for s in self.passed if any(t.text in known for t in s.tokens)]

    @cached_property
    def free(self) -> bool:
        """True when nothing chooses among the rows: the answer is over all of them."""
        q, said = self.q, self.r.q
        ranked = said.order or said.limit is not None or self.r.limit is not None
        return not (q.where or q.having or q.combine or ranked)

    @cached_property
    def saying(self) -> bool:
        """True when the tables' names say what they hold.

        Else a word without meaning may be what the table is about.
        """
        return any(len(w) >= _SAYING for t in self.r.schema.tables for w in pieces(t))

    @cached_property
    def counts(self) -> bool:
        """True when all that is asked for is a number of rows."""
        counted = (isinstance(i, Agg) and i.func is Func.COUNT for i in self.q.items)
        return bool(self.q.items) and all(counted)

    @cached_property
    def measured(self) -> bool:
        """True when a figure is asked for."""
        return any(True for i in self.q.items for _ in measures_in(i))

    @cached_property
    def parts(self) -> list[object]:
        """What is shown or ordered by, with what its measures are of."""
        items = [*self.q.items, *(by for by, _ in self.q.order)]
        inner = [m.of for i in items for m in measures_in(i)]
        where = [getattr(c.cond, "left", None) for c in self.q.where]
        return [*items, *inner, *where]

    def at(self, s: Segment) -> int:
        """Where a stretch stands in the question; -1 when a rule took it out."""
        return next((i for i, x in enumerate(self.r.said) if x is s), -1)

    def before(self, at: int) -> int:
        """The position before `at`, articles left out."""
        at -= 1
        while at >= 0 and self.r.said[at].text.lower() in ARTICLES:
            at -= 1
        return at

    def last_word(self, at: int) -> str:
        """The last word of the stretch at `at`."""
        return self.r.said[at].tokens[-1].lower if 0 <= at < len(self.r.said) else ""
