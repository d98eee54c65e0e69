"""What was decided and what else could have been, in words."""

import re
from collections.abc import Iterator, Sequence

from services.codegen.planner.language.certainty import signals, signature
from services.codegen.planner.language.choose import Reading, readings
from services.codegen.planner.language.describe import summary
from services.codegen.planner.language.query import Query
from services.codegen.planner.language.rephrase import rephrase
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.plan import Trace
from services.codegen.planner.render.normal import scans
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import tokens

MOST = 3
"""Other readings that are named; further ones are far-fetched."""
_NEAR = 1.5
"""A reading that scores so much less than the best is no reading at all."""
_WORDING = re.compile(r"(noun|label)='[^']*'|assumed=\w+|(?<=True|alse), \w+(?=\))")
"""Parts of a signature: what is counted is called, what was assumed, how conditions were linked."""


def said_of(reading: Reading, schema: Schema) -> str:
    """The reading in one line."""
    if reading.root is not None:
        tables = list(dict.fromkeys(scan.table.name for scan in scans(reading.root)))
    else:
        tables = list(dict.fromkeys(f.table.name for f in reading.choice.fields()))
    return summary(reading.q, tables or list(schema.tables)[:1], schema)


def runners_up(best: Reading, others: Sequence[Reading], schema: Schema) -> tuple[str, ...]:
    """The next readings that compute something else, in words."""
    return tuple(said_of(o, schema) for o in _different(best, others))


def offered(found: Sequence[Reading]) -> Iterator[tuple[str, str]]:
    """Readings as choices: in words, and the question that means just this."""
    for reading in [found[0], *_different(found[0], found[1:])]:
        schema = reading.reader.schema
        prompt = rephrase(reading.q, schema)
        if prompt and _means(prompt, reading):
            yield said_of(reading, schema), prompt


def _means(prompt: str, reading: Reading) -> bool:
    """True when the question is understood as just this reading."""
    said = readings(tokens(prompt), reading.reader.schema)
    return bool(said) and _computed(said[0].q) == _computed(reading.q)


def _computed(q: Query) -> str:
    """The signature without the words for things, which change no answer."""
    return _WORDING.sub("", signature(q))


def _different(best: Reading, others: Sequence[Reading]) -> list[Reading]:
    seen = {signature(best.q)}
    out: list[Reading] = []
    for other in others:
        mark = signature(other.q)
        if mark not in seen and other.score >= best.score - _NEAR and len(out) < MOST:
            seen.add(mark)
            out.append(other)
    return out


def trace(best: Reading, others: Sequence[Reading], schema: Schema) -> tuple[Trace, ...]:
    """Every pass with what it decided."""
    return tuple(_trace(best, others, schema))


def _trace(best: Reading, others: Sequence[Reading], schema: Schema) -> Iterator[Trace]:
    r = best.reader
    yield Trace("words", " ".join(f"[{s.text}]" for s in r.segments))
    for s in r.segments:
        if not s.filler:
            yield Trace("mentions", f"{s.text!r}: {_mention(s)}")
    for rule in r.steps:
        yield Trace("rules", rule)
    for slot, option in zip(r.slots, best.choice.options, strict=True):
        rest = [o.field.key for o in slot.options if o.field is not option.field][:3]
        instead = f", not {', '.join(rest)}" if rest else ""
        role = slot.role or slot.kind
        yield Trace("columns", f"{slot.text!r} as {role}: {option.field.key}{instead}")
    for note in best.notes:
        yield Trace("assumptions", note)
    for word in (*r.unplaced, *r.weak):
        yield Trace("not understood", word)
    for other in _different(best, others):
        yield Trace("other readings", f"{other.score:.2f}: {said_of(other, schema)}")
    for name, value in signals(best, others).items():
        if value:
            yield Trace("confidence", f"{name} {value:.2f}")
    yield Trace("plan", f"{best.score:.2f}: {said_of(best, schema)}")


def _mention(s: Segment) -> str:
    found = [f"column {c.field.key} {c.score:.2f}" for c in s.columns[:3]]
    found += [f"value {v.value!r} of {v.field.key} {v.score:.2f}" for v in s.values[:2]]
    found += [f"table {t.table.name} {t.score:.2f}" for t in s.tables[:1]]
    found += [f"word of {x.op.value}" for x in s.senses]
    return ", ".join(found) or "nothing"
