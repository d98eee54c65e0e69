"""The best reading of a question: every split, every choice of columns, one score."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.codegen.planner.language.build import build
from services.codegen.planner.language.certainty import SURE, confidence
from services.codegen.planner.language.clock import with_time
from services.codegen.planner.language.complete import Completed, complete
from services.codegen.planner.language.fill import fill
from services.codegen.planner.language.honest import losses, said
from services.codegen.planner.language.left import Loss
from services.codegen.planner.language.notes import number_notes, reading_notes
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import Query
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.resolve import Choice, choices, filled
from services.codegen.planner.language.respell import corrected, respelled
from services.codegen.planner.language.segments import Split, splits
from services.codegen.planner.language.sketch import sketch
from services.codegen.planner.language.spread import spread
from services.codegen.planner.plan import Node
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import Token

_UNPLACED, _WEAK = 0.6, 0.25
"""Off the score for each word that was not understood, or passed over."""
_DOUBTED = SURE - 0.01


@dataclass
class Reading:
    """One way to understand the question."""

    reader: Reader
    choice: Choice
    completed: Completed
    score: float
    root: Node | None = None
    problem: CannotBuild | None = None
    notes: tuple[str, ...] = ()
    confidence: float = 0.0
    lost: tuple[Loss, ...] = ()
    """What was left out; of the best reading only."""

    @property
    def q(self) -> Query:
        return self.completed.q


def readings(tokens: Sequence[Token], schema: Schema) -> list[Reading]:
    """All readings, best first. Empty for a question without words."""
    tokens = spread(tokens, schema)
    found = _read(tokens, schema)
    strange = _strange(found[0]) if found else []
    slips = respelled(tokens, strange, schema) if strange else {}
    if slips:
        better = _read(corrected(tokens, slips), schema)
        if better and better[0].root is not None and len(_strange(better[0])) < len(strange):
            found = better
            slipped = tuple(f"read {w!r} as {meant!r}" for w, meant in slips.items())
            found[0].notes = (*slipped, *found[0].notes)
    if found:
        _weighed(found[0], found[1:], slipped=bool(slips))
    return found


def _read(tokens: Sequence[Token], schema: Schema) -> list[Reading]:
    found = [r for s in splits(tokens, schema) for r in _readings(s, schema)]
    found.sort(key=lambda r: -r.score)
    return _planned(found, schema)


def _strange(best: Reading) -> list[str]:
    """Words that mean nothing, or that were taken for cells which the sample does not show."""
    pairs = zip(best.reader.slots, best.choice.options, strict=True)
    unseen = [s.text for s, o in pairs if o.value is not None and not o.value.sampled]
    return [*best.reader.unplaced, *unseen]


def _readings(split: Split, schema: Schema) -> list[Reading]:
    reader = sketch(split.segments, schema)
    out = []
    for choice in choices(reader):
        pairs = zip(reader.slots, choice.options, strict=True)
        reader.texts = {o.field.key: s.text for s, o in pairs if s.kind == "column"}
        query = fill(reader.q, filled(reader, choice))
        done = complete(query, reader)
        done.q, dated = with_time(done.q, schema)
        score = split.score + choice.score - done.penalty - reader.doubts
        score -= _UNPLACED * len(reader.unplaced) + _WEAK * len(reader.weak)
        read = (*reading_notes(reader, choice), *number_notes(done.q, schema))
        notes = (*read, *reader.notes, *done.notes, *dated)
        out.append(Reading(reader, choice, done, score, notes=notes))
    return out


def _planned(found: list[Reading], schema: Schema) -> list[Reading]:
    """The plan of the best readings, down to the first that makes one."""
    first = found[0].reader.problem if found else None
    if first is not None:
        found[0].problem = CannotBuild(*first)
        return found[:1]
    for reading in found[:6]:
        try:
            reading.root, joined = build(reading.q, schema, reading.reader.stems)
            reading.notes = tuple(dict.fromkeys((*reading.notes, *joined)))
        except CannotBuild as problem:
            reading.problem = problem
            reading.score -= 2.0
            continue
        break
    return sorted(found, key=lambda r: (r.root is None, -r.score))


def _weighed(best: Reading, others: Sequence[Reading], *, slipped: bool) -> None:
    """How far the best reading can be trusted; what it left out is said, and is never sure."""
    best.confidence = confidence(best, others)
    best.lost = tuple(losses(best)) if best.root is not None else ()
    best.notes = tuple(dict.fromkeys((*best.notes, *(said(x) for x in best.lost if not x.grave))))
    if slipped or any(x.doubtful for x in best.lost):
        best.confidence = min(best.confidence, _DOUBTED)
