"""All readings of a question that are worth a try: each choice of columns and values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from services.codegen.planner.mentions import Segment

MOST = 48
"""Readings tried per question; each takes a fraction of a millisecond."""


def candidates(segments: Sequence[Segment]) -> Iterator[tuple[Segment, ...]]:
    """The segments under each choice, the likeliest single choices first."""
    options = [_options(s) for s in segments]
    while _size(options) > MOST:
        widest = max(range(len(options)), key=lambda i: len(options[i]))
        options[widest] = options[widest][:-1]
    yield from product(*options)


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
    return [
        replace(s, values=(v, *(x for x in s.values if x is not v)))
        for s in columns
        for v in segment.values[:3]
    ] or columns
