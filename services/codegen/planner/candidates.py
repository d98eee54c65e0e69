"""All readings of a question that are worth a try: each choice of columns and values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from services.codegen.planner.lexicon import Op, Sense, lexicon
from services.codegen.planner.mentions import Segment

MOST = 48
"""Readings tried per question; each takes a fraction of a millisecond."""


def candidates(segments: Sequence[Segment]) -> Iterator[tuple[Segment, ...]]:
    """The segments under each choice, the likeliest single choices first."""
    options = [_options(s) for s in _near_values(with_roles(segments))]
    while _size(options) > MOST:
        widest = max(range(len(options)), key=lambda i: len(options[i]))
        options[widest] = options[widest][:-1]
    yield from product(*options)


def with_roles(segments: Sequence[Segment]) -> list[Segment]:
    """`destination city`, `state of origin`: a key column that only says which city is meant."""
    out = list(segments)
    for i, segment in enumerate(segments):
        role = _role_of(segment)
        following = segments[i + 1] if i + 1 < len(segments) else None
        before = segments[i - 2] if i > 1 and segments[i - 1].text.lower() == "of" else None
        for other in (following, before):
            if role and other is not None and _elsewhere(segment, other):
                sense = Sense(Op.ROLE, role)
                out[i] = replace(segment, senses=(sense,), columns=(), values=(), tables=())
    return out


def _near_values(segments: Sequence[Segment]) -> list[Segment]:
    """`the Monza circuit`: a value beside the name of its column belongs to that column."""
    out = list(segments)
    for i, segment in enumerate(segments):
        if len(segment.values) < 2:
            continue
        beside = {c.field.key for s in _beside(segments, i) for c in s.columns[:1]}
        named = tuple(v for v in segment.values if v.field.key in beside)
        out[i] = replace(segment, values=named) if named else segment
    return out


def _beside(segments: Sequence[Segment], at: int) -> Iterator[Segment]:
    """The nearest segments on both sides that are no filler."""
    for side in (segments[at + 1 :], segments[:at][::-1]):
        meant = (s for s in side if not s.filler and not s.sense(Op.EQUALS, Op.PREPOSITION))
        yield from (s for s in [next(meant, None)] if s is not None)


def _role_of(segment: Segment) -> str:
    if not segment.columns or not segment.columns[0].exact:
        return ""
    stems = segment.columns[0].field.stems
    roles = lexicon().role_columns.items()
    return next((role for role, names in roles if stems <= names), "")


def _elsewhere(segment: Segment, other: Segment) -> bool:
    """True when `other` names a text column, and of other tables only."""
    tables = {c.field.table.name for c in other.columns}
    texts = all(not c.field.numeric for c in other.columns)
    return bool(tables) and texts and segment.columns[0].field.table.name not in tables


def _size(options: Sequence[Sequence[Segment]]) -> int:
    size = 1
    for choices in options:
        size *= len(choices)
    return size


def _options(segment: Segment) -> list[Segment]:
    """The segment once per column or value that may come first."""
    columns = [
        replace(segment, columns=(c, *(x for x in segment.columns if x is not c)))
        for c in segment.columns[:4]
    ] or [segment]
    columns += (
        [replace(c, tables=()) for c in columns] if segment.tables and segment.columns else []
    )
    return [
        replace(s, values=(v, *(x for x in s.values if x is not v)))
        for s in columns
        for v in segment.values[:3]
    ] or columns
