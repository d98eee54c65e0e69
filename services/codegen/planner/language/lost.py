"""What a reading leaves out of a question, and whether an answer without it would mislead.

Many words of a question say nothing that its answer needs. Those that carry a condition, an order,
a number or an operation do: an answer without them answers another question.
"""

import re
from collections.abc import Callable, Iterator

from services.codegen.planner.language.left import ARTICLES, Left, Loss
from services.codegen.planner.language.query import Agg, Ratio, Share, Shift, measures_in
from services.codegen.planner.language.reader import plural
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Arith
from services.codegen.planner.words import Kind

_EST = 5
"""Letters that an unknown superlative has more than: `nearest`, `safest`."""
_CONDITION = frozenset({"in", "at", "on", "near", "from", "during", "within", "inside", "around"})
_CONDITION |= {"outside", "with", "without", "for"}
"""Words after which a condition is said, where nothing else can be meant."""


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
            said = left.r.said[at - 1] if at > 0 else None
            bound = said is not None and said.sense(Op.COMPARE, Op.BETWEEN, Op.TEMPORAL)
            bounded = bool(bound) and said in left.passed
            grave = bounded or (left.free and not _named(left, at))
            # A count above 0 leaves out nothing.
            yield Loss((s.text,), "nothing was found that it limits", grave and s.number != 0)


def _named(left: Left, at: int) -> bool:
    """`the 2010 french open`: a part of a name, which may be that of the whole table."""
    said = left.r.said
    named = 0 < at < len(said) - 1 and left.last_word(at - 1) == "the"
    return named and not left.saying


def _compared(left: Left) -> Iterator[Loss]:
    """`with a cost of more than`: a comparison without its end."""
    for s in left.passed:
        sense = s.sense(Op.COMPARE, Op.BETWEEN, Op.TRAILING)
        if sense and sense.arg and s.tokens[0].kind is not Kind.SYMBOL:
            at = left.at(s)
            rest = [x for x in left.r.said[at + 1 :] if x.text.lower() not in ARTICLES]
            # A count above 0 leaves out nothing.
            ends = at >= 0 and (not rest or (rest[0] in left.strange and rest[0].number != 0))
            yield Loss((s.text,), "nothing was found to compare with", ends)
        elif s.sense(Op.BETWEEN) and not any(isinstance(i, Ratio) for i in left.parts):
            grave = left.saying and not left.r.listing.chosen
            yield Loss((s.text,), "nothing was found that it bounds", grave)


def _ranked(left: Left) -> Iterator[Loss]:
    """`the worst airport`, `the most dangerous phase`: an order, and nothing says by what."""
    why = "nothing was found to order by"
    for s in left.passed:
        if s.sense(Op.SUPERLATIVE, Op.MORE):
            yield Loss((s.text,), why)
    for s in left.strange:
        at = left.at(s)
        most = left.r.said[at - 1] if at > 0 else None
        if most is not None and most.sense(Op.SUPERLATIVE, Op.MORE) and not most.columns:
            by = left.saying or at == len(left.r.said) - 1
            yield Loss((s.text,), why, by and not plural(s.text))
        word = s.tokens[-1].lower
        if word.endswith("est") and len(word) > _EST and word not in lexicon().no_extremes:
            yield Loss((s.text,), why, left.saying)


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


def _by(left: Left) -> Iterator[Loss]:
    """`airports by altitude`, `sort by due date`: what to group or order by is not there."""
    for s in left.strange:
        at = left.at(s)
        word = left.r.said[left.before(at)] if at > 0 else None
        if word is not None and word.sense(Op.BY, Op.SORT) and not word.columns:
            sort = word.sense(Op.SORT) is not None
            yield Loss((s.text,), _NOTHING, left.saying and (sort or left.free))


def _asked(left: Left) -> Iterator[Loss]:
    """`the elevation of each airport`, `number of visitors by team`: what is asked for itself."""
    r = left.r
    for s in left.strange:
        at = left.at(s)
        before, after = left.before(at), r.said[at + 1] if 0 <= at < len(r.said) - 1 else None
        said = r.said[before] if before >= 0 else None
        shown = not r.q.items and (said is None or said.sense(Op.SHOW, Op.WH))
        numbered = after is not None and after.sense(Op.COUNT) and not after.columns
        nameless = any(i.of is None and not i.noun for i in left.q.items if isinstance(i, Agg))
        counted = nameless and said is not None and said.sense(Op.COUNT)
        plain = s.text.lower() in lexicon().plain_words | PEOPLE
        of = after is not None and after.tokens[0].lower == "of"
        if not plain and ((shown and of) or numbered):
            yield Loss((s.text,), _NOTHING, left.saying)
        elif not plain and counted:
            yield Loss((s.text,), "counted the rows instead", grave=False)


def _figure(left: Left) -> Iterator[Loss]:
    """`average loan`: a figure, and nothing that it is of."""
    lost = {"avg", "min", "max", "median"} & set(left.r.weak)
    made = {m.func.value for i in left.q.items for m in measures_in(i)}
    if lost - made:
        said = [s.text for s in left.r.said if s.args(Op.AGGREGATE) & lost]
        yield Loss(tuple(said[:1]), "nothing was found that it is of", hollow=True)


def _day(left: Left) -> Iterator[Loss]:
    """`2013-02-30`, `31 June 2001`: no calendar has it."""
    for s in left.strange:
        if s.tokens[0].kind is Kind.WORD and _DAY.fullmatch(s.text):
            yield Loss((s.text,), "there is no such day")


_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\D+\d{4}|\D+\d{1,2}\D+\d{4}")
PEOPLE = frozenset({"people", "persons", "person", "things"})
"""What the rows of any table may be called."""


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
    made = any(isinstance(i, Share | Ratio | Shift | Arith) for i in left.parts)
    for s in left.r.said:
        if s.sense(Op.DIFFERENCE) and not s.columns and not made:
            yield Loss((s.text,), "nothing was found between which it lies")
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
    _day,
    _number,
    _compared,
    _ranked,
    _denied,
    _condition,
    _quality,
    _object,
    _by,
    _asked,
    _figure,
    _role,
    _computed,
    _rest,
)
