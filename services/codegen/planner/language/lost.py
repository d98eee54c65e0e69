"""What a reading leaves out of a question, and whether an answer without it would mislead.

Many words of a question say nothing that its answer needs. Those that carry a condition, an order,
a number or an operation do: an answer without them answers another question.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from services.codegen.planner.language.query import Agg, Query, Ratio, Share, measures_in
from services.codegen.planner.language.reader import Reader, plural
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Func
from services.codegen.planner.words import Kind, pieces

if TYPE_CHECKING:
    from services.codegen.planner.language.choose import Reading

_SAYING = 4
"""Letters of a word that says something in the name of a table; `t`, `tab1` say nothing."""
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "these", "those", "our", "all", "any"})
_CONDITION = frozenset(
    "in at on near from during within inside around outside with without for".split()
)
"""Words after which a condition is said, where nothing else can be meant."""


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
        q = self.q
        return not (q.where or q.having or q.order or q.combine or q.limit is not None)

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

    def at(self, s: Segment) -> int:
        """Where a stretch stands in the question; -1 when a rule took it out."""
        return next((i for i, x in enumerate(self.r.said) if x is s), -1)

    def before(self, at: int) -> int:
        """The position before `at`, articles left out."""
        at -= 1
        while at >= 0 and self.r.said[at].text.lower() in _ARTICLES:
            at -= 1
        return at

    def last_word(self, at: int) -> str:
        """The last word of the stretch at `at`."""
        return self.r.said[at].tokens[-1].lower if 0 <= at < len(self.r.said) else ""


def losses(reading: "Reading") -> list[Loss]:
    """All that was left out, each word once, what is grave first."""
    left = Left(reading)
    found = sorted((x for check in CHECKS for x in check(left)), key=lambda x: not x.grave)
    out: list[Loss] = []
    for loss in found:
        met = {w for x in out for w in x.words}
        if not met.issuperset(loss.words):
            out.append(loss)
    return out


def _beyond(left: Left) -> Iterator[Loss]:
    """`predict the cost`, `why did sales fall`: no program over tables does that."""
    for s in left.passed:
        why = lexicon().beyond.get(s.text.lower())
        if why and not s.columns:
            yield Loss((s.text,), why)


def _number(left: Left) -> Iterator[Loss]:
    """`more than 1 inch of rain`, `number of tickets in 2007`: a bound that was not placed."""
    for s in left.strange:
        if any(t.number is not None or t.period is not None for t in s.tokens):
            at = left.at(s)
            said = left.r.said[left.before(at)] if at > 0 else None
            bound = said is not None and said.sense(Op.COMPARE, Op.BETWEEN, Op.TEMPORAL)
            bounded = bool(bound) and said in left.passed
            grave = bounded or (left.free and not _named(left, at))
            # A count above 0 leaves out nothing.
            yield Loss((s.text,), "nothing was found that it limits", grave and s.number != 0)


def _named(left: Left, at: int) -> bool:
    """`the 2010 french open`: a part of a name, which may be that of the whole table."""
    said = left.r.said
    return not left.saying and 0 <= at < len(said) - 1 and said[at + 1] in left.strange


def _compared(left: Left) -> Iterator[Loss]:
    """`with a cost of more than`: a comparison without its end."""
    for s in left.passed:
        sense = s.sense(Op.COMPARE, Op.BETWEEN, Op.TRAILING)
        if sense and sense.arg and s.tokens[0].kind is not Kind.SYMBOL:
            ends = left.at(s) == len(left.r.said) - 1
            yield Loss((s.text,), "nothing was found to compare with", ends)


def _ranked(left: Left) -> Iterator[Loss]:
    """`the worst airport`, `the most dangerous phase`: an order, and nothing says by what."""
    why = "nothing was found to order by"
    for s in left.passed:
        if s.sense(Op.SUPERLATIVE, Op.MORE):
            yield Loss((s.text,), why)
    for s in left.strange:
        at = left.at(s)
        most = left.r.said[at - 1] if at > 0 else None
        if most is not None and most.sense(Op.SUPERLATIVE) and not most.columns:
            by = left.saying or at == len(left.r.said) - 1
            yield Loss((s.text,), why, by and not plural(s.text))


def _denied(left: Left) -> Iterator[Loss]:
    """`airports with no city`: what is denied was not understood, and all rows are shown."""
    if left.free and "not" in left.r.weak:
        said = [s.text for s in left.r.said if s.sense(Op.NOT, Op.NO)]
        yield Loss(tuple(said[-1:]) or ("not",), "what it denies was not understood")


def _condition(left: Left) -> Iterator[Loss]:
    """`in summer`, `at JFK`: a condition, and neither a cell nor a time has the name."""
    for s in left.strange:
        at = left.at(s)
        word = left.last_word(left.before(at)) if at > 0 else ""
        plain = s.text.lower() in lexicon().whole_words or s.text.lower().endswith("ing")
        if word in _CONDITION and not plain:
            yield Loss((s.text,), _NOTHING, left.free and left.saying)


def _quality(left: Left) -> Iterator[Loss]:
    """`delayed flights`, `rainy days`: what tells these rows from the others is not known."""
    for s in left.strange:
        at = left.at(s)
        after = left.r.said[at + 1] if 0 <= at < len(left.r.said) - 1 else None
        if after is None or s.text.lower() in lexicon().plain_words:
            continue
        rows = after.tables or after.sense(Op.ROWS, Op.UNIT)
        asked = left.before(at)
        said = left.r.said[asked] if asked >= 0 else None
        begins = said is None or said.sense(Op.COUNT, Op.AGGREGATE, Op.SHOW, Op.WH)
        of = said is not None and left.last_word(asked) == "of" and left.measured
        if rows and (begins or of):
            yield Loss((s.text,), _NOTHING, left.saying)


def _object(left: Left) -> Iterator[Loss]:
    """`how many strikes involved drones`: which of them, and no cell has the name."""
    for s in left.strange:
        at = left.at(s)
        verb = left.r.said[at - 1] if at > 0 else None
        done = verb is not None and verb.filler and verb.text.lower().endswith(("ed", "hit"))
        if done and at == len(left.r.said) - 1 and left.free and left.saying and left.measured:
            yield Loss((s.text,), _NOTHING)


def _role(left: Left) -> Iterator[Loss]:
    """`departing days` where nothing departs."""
    for s in left.passed:
        sense = s.sense(Op.ROLE)
        if sense is not None and not s.columns:
            stems = lexicon().role_columns[sense.arg]
            if all(f.stems.isdisjoint(stems) for f in left.r.schema.fields.values()):
                yield Loss((s.text,), _NOTHING, left.free and left.saying)


def _computed(left: Left) -> Iterator[Loss]:
    """`what percentage of strikes …`: a share was asked for and a plain number was read."""
    made = any(isinstance(i, Share | Ratio) for i in left.q.items)
    if left.counts and not made and not left.q.keys:
        for s in left.r.said:
            if s.sense(Op.SHARE, Op.RATIO) and not s.columns:
                yield Loss((s.text,), "what it is a part of was not understood")


def _rest(left: Left) -> Iterator[Loss]:
    for s in left.strange:
        yield Loss((s.text,), _NOTHING, grave=False, doubtful=False)


_NOTHING = "no meaning was found for it"
CHECKS: tuple[Callable[[Left], Iterator[Loss]], ...] = (
    _beyond,
    _number,
    _compared,
    _ranked,
    _denied,
    _condition,
    _quality,
    _object,
    _role,
    _computed,
    _rest,
)
