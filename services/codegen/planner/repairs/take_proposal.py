"""An unknown column: the engine knows which ones there are."""

import dataclasses
from collections.abc import Iterator
from difflib import SequenceMatcher

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import read_otherwise


def take_proposal(planned: p.Planned, name: str, proposals: tuple[str, ...]) -> Iterator[Remedy]:
    """Each proposed column in turn, the most similar first."""
    root = planned.root
    read = {c.name for s in scans(root) for c in s.columns}
    ranked = sorted((c for c in proposals if c not in read), key=lambda c: -likeness(c, name))
    for candidate in ranked:

        def take(_: p.Scan, c: p.ReadColumn, new: str = candidate) -> p.ReadColumn:
            return dataclasses.replace(c, name=new) if name in (c.name, c.as_name) else c

        changed = read_otherwise(root, take)
        if changed != root:
            yield remedy(
                planned,
                changed,
                f"There is no column '{name}', so the most similar one, '{candidate}', is read.",
                f"read '{name}' as the column '{candidate}'",
            )


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, without regard to case."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
