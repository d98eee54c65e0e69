"""The state of one reading of a question, and the looks ahead that all rules share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from services.codegen.planner.language.labels import label
from services.codegen.planner.language.listing import Listing
from services.codegen.planner.language.query import Agg, Clause, Cond, Item, Query
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Col, Func, Unit
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import Kind

SELECT, TEST, GROUP, ORDER = "select", "test", "group", "order"
"""Zones: what a bare column that comes next is for."""
_DETERMINERS = frozenset({"of", "for", "all", "each", "every", "any", "in", "by", "how many"})
_DETERMINERS |= {"number of", "for each", "list all", "show all", "of each", "by each", "of all"}
_NAMES = frozenset({"name", "names", "title", "titles"})
_LABEL = 0.62
"""Score of what the rows of a table are called by, for the word `name`."""
_SINGULAR_S = ("ss", "us", "is", "species", "series")


@dataclass(frozen=True)
class Wrap:
    """`apply` makes the item out of the measure; `item` is its place among the items."""

    kind: str
    item: int
    at: int
    """The segment at which it was said."""
    apply: Callable[[Item], Item]


@dataclass
class Halves:
    """A quotient that is being read: where its second half begins, and what the first says."""

    to: int
    left: Agg | None = None
    where: list[Clause] = field(default_factory=list)


class Reader:
    """Rules read at `at`, write to `q` and move `at` on."""

    def __init__(self, segments: Sequence[Segment], schema: Schema) -> None:
        self.segments = list(segments)
        self.said = self.segments
        """The segments as they were, though a rule may take some out."""
        self.schema = schema
        self._known: list[Segment] = []
        self._solid: list[int] = []
        """Position → the next one that is no filler, of the segments in `_known`."""
        self.q = Query()
        self.slots: list[Slot] = []
        self.at = 0
        self.zone = SELECT
        self.pending: list[Func] = []
        """Functions that were named before what they apply to."""
        self.distinct = False
        self.link = ""
        self.negated = False
        self.both = False
        self.halves: Halves | None = None
        self.lead = ""
        """The table that the question begins with: `for each department, …`."""
        self.keyed = False
        """A key was said since the word that groups."""
        self.wh = ""
        """The kind of the question word, such as `person`."""
        self.shows_rank = False
        """What the rows are ranked by is shown as well."""
        self.alphabetical = False
        """An order by name was asked for before anything was named."""
        self.asking = False
        """A word that asks for something was said, and nothing has been named since."""
        self.sorting = False
        """`sort` was said before what is sorted; `by` is still to come."""
        self.sorted = False
        self.counting = False
        """`how many` or `number of` was said and not yet used."""
        self.limit: int | None = None
        """A number that stood before what is ranked: `top 3`, `3 youngest`."""
        self.attach = ""
        """A table named right before a column: `student name`."""
        self.fresh: list[Slot] = []
        """Slots of the list that is being said, which a table named next explains."""
        self.loose: list[Slot] = []
        """Columns that were named without a role; a value of theirs may follow."""
        self.inner: Query | None = None
        """The query of another table that conditions go to: `without orders in 2014`."""
        self.listing = Listing()
        self.nouns: dict[str, str] = {}
        """Table → the word that named it."""
        self.named = ""
        """The table that was named last."""
        self.notes: list[str] = []
        self.wraps: list[Wrap] = []
        """What is made of a measure once everything has been said: its share, its growth."""
        self.nth = 0
        """`second highest`: the place that is asked for."""
        self.ranked = False
        """`rank … by`: the place in the order is shown."""
        self.texts: dict[str, str] = {}
        """Field key → the words that were read as it, once that is settled."""
        self.seasonal = False
        """`usually`: a month is one of any year."""
        self.topped: bool | None = None
        """`top 10` at the end: largest first, or smallest, by what was measured."""
        self.cut = False
        """`…, top 10` ends the question: so many of its groups."""
        self.vague = self.trend = False
        """`analyse`, `over time`: what is shown is chosen when all has been read."""
        self.joins: list[str] = []
        """Tables of a bare `join A and B`."""
        self.problem: tuple[str, str] | None = None
        """Why what was understood makes no plan, and what to do."""
        self.contrast = False
        """`compare`: the values that are said become groups."""
        self.pivot = ""
        """`as columns`: the last key makes the columns."""
        self.period: Unit | None = None
        """The unit of time that was named without a group: `7-day moving average`."""
        self.doubts = 0.0
        self.steps: list[str] = []
        """Each rule that fitted, with the words that it took."""
        self.passed: list[Segment] = []
        """What no rule took, fillers included."""
        self.unplaced: list[str] = []
        self.keyless: list[str] = []
        """Those of `essential` that stand where a group is named."""
        self.essential: list[str] = []
        """Words that were not understood and without which there is no answer."""
        self.weak: list[str] = []
        """Words that were passed over, although they may mean something."""

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all words of the question, which choose between keys in several roles."""
        roles = (
            lexicon().role_columns[x.arg] for s in self.said for x in s.senses if x.op is Op.ROLE
        )
        return frozenset(t.stem for s in self.said for t in s.tokens).union(*roles)

    # --- looking -------------------------------------------------------------------------------

    def segment(self, at: int) -> Segment | None:
        return self.segments[at] if 0 <= at < len(self.segments) else None

    def sense(self, at: int, *ops: Op) -> bool:
        s = self.segment(at)
        return s is not None and s.sense(*ops) is not None

    def skip(self, at: int, *ops: Op) -> int:
        """The next position whose segment is neither filler nor one of `ops`."""
        at = self._beyond_filler(at)
        while ops and (s := self.segment(at)) and s.sense(*ops) and bare(s):
            at = self._beyond_filler(at + 1)
        return at

    def _beyond_filler(self, at: int) -> int:
        """The first position from `at` on that is no filler; looked up, as all rules look ahead."""
        if self._known is not self.segments:
            self._known, self._solid = self.segments, [*range(len(self.segments) + 1)]
            for i in reversed(range(len(self.segments))):
                if self.segments[i].filler:
                    self._solid[i] = self._solid[i + 1]
        return self._solid[at] if 0 <= at < len(self._solid) else at

    def back(self, at: int) -> int:
        """The position before `at` that is no filler; -1 when there is none."""
        at -= 1
        while at >= 0 and self.segments[at].filler:
            at -= 1
        return at

    def word(self, at: int) -> str:
        """The text at `at` in lower case; empty beyond the ends."""
        s = self.segment(at)
        return s.text.lower() if s else ""

    def names_table(self, at: int) -> str:
        """The table that is named at `at`, where that is the better reading."""
        s = self.segment(at)
        if s is None or not s.tables:
            return ""
        if s.columns and s.columns[0].exact and not self._rows_meant(at):
            return ""
        best = s.columns[0].score - 0.05 if s.columns else 0.0
        return s.tables[0].table.name if s.tables[0].score >= best else ""

    def _rows_meant(self, at: int) -> bool:
        """`of schools`, `all schools`: the rows, although a column has the same name."""
        before = self.word(at - 1)
        if before.endswith((" each", " every")):
            return True
        if before in _DETERMINERS or self.sense(at - 1, Op.COUNT, Op.DISTINCT):
            return True
        return before == "the" and self.word(at - 2) in _DETERMINERS

    def names_column(self, at: int) -> bool:
        s = self.segment(at)
        return s is not None and bool(s.columns) and not self.names_table(at)

    def number(self, at: int) -> int | float | None:
        """A bare number at `at`."""
        s = self.segment(at)
        return s.number if s is not None else None

    def ends(self, at: int) -> bool:
        """True at the end of the question or before its closing mark."""
        at = self.skip(at)
        return at >= len(self.segments)

    # --- writing -------------------------------------------------------------------------------

    def column(self, at: int, role: str, want: str = "") -> Slot:
        """A slot for the column named at `at`, which must be there."""
        s = self.segments[at]
        options = tuple(Option(Col(c.field.key), c.field, c.score, c.exact) for c in s.columns)
        if set(s.text.lower().split()) <= _NAMES:
            options = (*options, *self._labels({o.field.key for o in options}))
        slot = Slot(len(self.slots), s.text, options, role=role, want=want, at=at)
        slot.plural = plural(s.text)
        if self.attach:
            slot.tables = (self.attach,)
            self.attach = ""
        elif self.lead and role == "item" and s.text.lower() in _NAMES:
            slot.tables = (self.lead,)
        elif s.owner:
            slot.tables = (s.owner,)
            self.explain(s.owner)
        self.slots.append(slot)
        return slot

    def explain(self, table: str) -> None:
        """The columns of the list that is being said belong to the table."""
        for slot in self.fresh:
            slot.tables = slot.tables or (table,)
        self.fresh = []

    def _labels(self, known: set[str]) -> list[Option]:
        """`name` of a table that has no column of this name is what its rows are called by."""
        out = []
        for table in self.schema.tables:
            field = next(iter(label(self.schema, table)), None)
            if field is not None and field.key not in known and not field.identifier:
                out.append(Option(Col(field.key), field, _LABEL))
        return out

    def value(self, at: int, beside: Slot | None = None) -> Slot:
        """A slot for the value named at `at`, which must be there."""
        s = self.segments[at]
        options = tuple(Option(Col(v.field.key), v.field, v.score, not v.part, v) for v in s.values)
        options = self._in_role(options, at)
        beside = beside or self._loose(options)
        number = beside.number if beside is not None else None
        slot = Slot(len(self.slots), s.text, options, "value", role="value", at=at, beside=number)
        if self.attach:
            slot.tables = (self.attach,)
            self.attach = ""
        self.slots.append(slot)
        return slot

    def _in_role(self, options: tuple[Option, ...], at: int) -> tuple[Option, ...]:
        """`from SEA`, `to LAX`: of several columns the one with the role of the word before."""
        before = self.segment(self.back_over(at))
        sense = before.sense(Op.ROLE, Op.PREPOSITION) if before is not None else None
        if sense is None:
            return options
        wanted = lexicon().role_columns[sense.arg]
        return tuple(o for o in options if not o.field.stems.isdisjoint(wanted)) or tuple(
            self._unseen(o, wanted) for o in options
        )

    def _unseen(self, option: Option, wanted: frozenset[str]) -> Option:
        """The value in a column of the role whose sample does not happen to show it."""
        own = self.schema.of(option.field.table.name)
        other = lexicon().role_columns.values()
        roled = any(not option.field.stems.isdisjoint(words) for words in other)
        near = [f for f in own if not f.stems.isdisjoint(wanted) and not f.known]
        near = [f for f in near if f.profile.type is option.field.profile.type]
        if not roled or len(near) != 1 or option.value is None:
            return option
        said = option.value.value
        self.note(f"took {said!r} for a value of {near[0].name!r}, which the sample does not show")
        value = replace(option.value, field=near[0])
        return Option(Col(near[0].key), near[0], option.score, option.exact, value)

    def back_over(self, at: int) -> int:
        """The position before `at`, passing fillers that are not roles."""
        at -= 1
        while at >= 0 and self.segments[at].filler and not self.sense(at, Op.PREPOSITION, Op.ROLE):
            at -= 1
        return at

    def _loose(self, options: Sequence[Option]) -> Slot | None:
        """The column named last without a role, if the value is one of its cells."""
        keys = {o.field.key for o in options}
        for slot in reversed(self.loose):
            if slot.options and slot.options[0].field.key in keys:
                self.loose.remove(slot)
                return slot
        return None

    def loosen(self, slot: Slot) -> None:
        """A column without a role: it tells which column a value before it belongs to."""
        own = [o.field.key for o in slot.options[:1]]
        for value in reversed(self.slots):
            free = value.kind == "value" and value.beside is None
            whole = [o for o in value.options if o.exact] or value.options
            if free and any(o.field.key in own for o in whole):
                # A value is filled after the column that it stands beside.
                value.hint = own[0]
                return
        self.loose.append(slot)

    def test(self, cond: Cond) -> None:
        """A condition, with what was said before it."""
        where = self.inner.where if self.inner is not None else self.q.where
        where.append(Clause(cond, self.link, self.negated, self.at, both=self.both))
        self.link, self.negated = "", False
        if self.zone == SELECT:
            self.fresh = []

    def item(self, item: Item) -> None:
        self.q.items.append(item)

    def name_table(self, name: str, text: str = "") -> None:
        if not text.lower().endswith(("ed", "ing")):
            self.named = name
        if text:
            self.nouns.setdefault(name, text)
        if self.inner is not None:
            self.inner.tables += [name] * (name not in self.inner.tables)
            return
        if name not in self.q.tables:
            self.q.tables.append(name)

    def note(self, text: str, doubt: float = 0.0) -> None:
        """Record an assumption, once."""
        if text not in self.notes:
            self.notes.append(text)
            self.doubts += doubt


def bare(s: Segment) -> bool:
    """True when the segment is nothing but its senses."""
    return not (s.columns or s.values or s.tables)


def plural(text: str) -> bool:
    """True when the last word has the form of a plural."""
    word = text.split()[-1].lower()
    return word.endswith("s") and not word.endswith(_SINGULAR_S)


def literal(s: Segment) -> bool:
    """Text that can stand for a cell which the catalog has not seen."""
    return all(t.kind is Kind.QUOTED or t.capital for t in s.tokens) and bare(s)
