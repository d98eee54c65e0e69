"""The best reading of a question: scored, with its assumptions and its confidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.codegen.planner.build import build
from services.codegen.planner.candidates import candidates
from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.frame import Frame
from services.codegen.planner.grammar import parse
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.mentions import Segment
from services.codegen.planner.plan import Node
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Schema
from services.codegen.planner.settle import settle
from services.codegen.planner.sources import CannotBuild
from services.codegen.planner.words import pieces

CERTAIN = 0.97
"""The confidence of a plan without a single assumption: words may still deceive."""
FLOOR = 0.5
"""Below this confidence the planner asks instead of answering."""
_RIVAL = 0.05
"""Columns within this score are equally good, and the answer says so."""


_SIDES = (frozenset({"min"}), frozenset({"max"}))
_EXTREMES = _SIDES[0] | _SIDES[1]


@dataclass
class Reading:
    """One candidate: its frame, its query, and the plan or the reason why there is none."""

    segments: Sequence[Segment]
    frame: Frame
    query: Query
    score: float
    root: Node | None = None
    problem: CannotBuild | None = None
    rivals: list[str] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """0 to 1. Each assumption and each half-named column takes something off."""
        weak = sum(1.0 - hit.score for _, hit in _once(self.frame.readings))
        return round(max(0.0, min(CERTAIN, CERTAIN - self.frame.doubts - 0.25 * weak)), 3)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What a person must know to trust the answer."""
        read = [_said(text, hit) for text, hit in _once(self.frame.readings)]
        return tuple(dict.fromkeys([*filter(None, read), *self.rivals, *self.frame.notes]))


def choose(segments: Sequence[Segment], schema: Schema) -> Reading:
    """The candidate that explains the question best; its `root` is None when none explains it."""
    readings = [_reading(c, schema) for c in candidates(segments)]
    best = max(readings, key=lambda r: r.score)
    _name_rivals(best)
    return best


def _reading(segments: Sequence[Segment], schema: Schema) -> Reading:
    frame = parse(segments, schema)
    query = settle(frame, schema)
    _place_names(frame, query, schema)
    reading = Reading(segments, frame, query, _score(frame, query, schema))
    try:
        reading.root = None if frame.unplaced else build(query, frame, schema)
    except CannotBuild as problem:
        reading.problem = problem
        reading.score -= 1.0
    reading.score -= 0.5 * frame.doubts
    return reading


def _score(frame: Frame, query: Query, schema: Schema) -> float:
    hits = [hit for _, hit in _once(frame.readings)]
    weak = sum(1.0 - hit.score for hit in hits)
    whole = sum(0.02 for hit in hits if not hit.field.stems.isdisjoint(lexicon().whole))
    used = _used(query, schema)
    # `large and medium` are values of one column sooner than of two.
    whole -= 0.04 * len({c.field for c in frame.conditions if c.value})
    return whole - weak - 1.5 * len(frame.unplaced) - 0.35 * max(0, len(used) - 1)


def _used(query: Query, schema: Schema) -> set[str]:
    used = {schema.fields[k].table.name for k in query.fields() if k in schema.fields}
    return used | {m.table for m in query.measures if m.table}


def _place_names(frame: Frame, query: Query, schema: Schema) -> None:
    """A table that was named and is not read was not understood; nor a role that none plays."""
    used = _used(query, schema)
    named = [f for f in schema.fields.values() if not used or f.table.name in used]
    for role, word in frame.role_words.items():
        columns = lexicon().role_columns[role]
        if all(f.stems.isdisjoint(columns) for f in named):
            frame.unplaced.append(word)
    if used and not frame.join:
        frame.unplaced += [w for t, w in frame.table_words.items() if t not in used]


def _once(readings: Iterable[tuple[str, ColumnHit]]) -> list[tuple[str, ColumnHit]]:
    return list({(text, hit.field.key): (text, hit) for text, hit in readings}.values())


def _said(text: str, hit: ColumnHit) -> str:
    """Empty when the words are the column's own."""
    if " ".join(pieces(text)) == " ".join(pieces(hit.field.name)):
        return ""
    return f"read {text!r} as column {hit.field.name!r}"


def _name_rivals(best: Reading) -> None:
    """Say which other column would have been as good for the same words."""
    _name_other_values(best)
    read = {(text, hit.field) for text, hit in best.frame.readings}
    for text, hit in _once(best.frame.readings):
        for segment in best.segments:
            if segment.text != text:
                continue
            others = [
                c
                for c in segment.columns
                if (text, c.field) not in read
                and c.score >= hit.score - _RIVAL
                and c.field.numeric == hit.field.numeric
            ]
            same = [c for c in others if c.field.table is hit.field.table] or others[:1]
            if same and not hit.exact:
                alike = any(c.field.name == hit.field.name for c in same)
                names = ", ".join(repr(c.field.key if alike else c.field.name) for c in same[:3])
                best.rivals.append(f"{text!r} could also mean {names}")
                extremes = any(_opposed(c, hit) for c in same)
                best.frame.doubts += 0.3 if extremes and best.frame.conditions else 0.1
                break


def _opposed(a: ColumnHit, b: ColumnHit) -> bool:
    """True for a minimum and a maximum of the same thing: a filter by one says little of both."""
    return {a.field.stems & _EXTREMES, b.field.stems & _EXTREMES} == {*_SIDES}


def _name_other_values(best: Reading) -> None:
    """Say which other column holds the same value."""
    filtered = {c.field for c in best.frame.conditions}
    for segment in best.segments:
        taken = [v for v in segment.values if v.field.key in filtered]
        numbers = [c for c in segment.columns if c.field.numeric]
        if taken and numbers:
            best.rivals.append(f"{segment.text!r} could also mean column {numbers[0].field.name!r}")
            best.frame.doubts += 0.1
            continue
        for other in segment.values:
            if not taken or other.part or other.field.key in filtered:
                continue
            if other.score >= taken[0].score - _RIVAL:
                text = f"{segment.text!r} could also mean {other.field.name!r} = {other.value!r}"
                best.rivals.append(text)
                best.frame.doubts += 0.08
                break
