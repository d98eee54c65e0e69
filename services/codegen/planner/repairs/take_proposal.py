"""An unknown column: the engine knows which ones there are."""

import dataclasses
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from arclight.catalog.profile import TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import read_otherwise


def take_proposal(
    planned: p.Planned,
    name: str,
    proposals: tuple[str, ...],
    again: Sequence[TableProfile] = (),
) -> Iterator[Remedy]:
    """Each proposed column in turn, the most similar first.

    `again`: the tables as they were read again; without proposals, their new columns are proposed,
    the one in the place of the old one first.
    """
    root = planned.root
    read = {c.name for s in scans(root) for c in s.columns}
    ranked = sorted((c for c in proposals if c not in read), key=lambda c: -likeness(c, name))
    for candidate in ranked or list(_new_columns(root, name, again)):

        def take(_: p.Scan, c: p.ReadColumn, new: str = candidate) -> p.ReadColumn:
            return dataclasses.replace(c, name=new) if name in (c.name, c.as_name) else c

        changed = read_otherwise(root, take)
        if changed != root:
            yield remedy(
                planned,
                changed,
                f"There is no column '{name}', so the likeliest one, '{candidate}', is read.",
                f"read '{name}' as the column '{candidate}'",
            )


def _new_columns(root: p.Node, name: str, again: Sequence[TableProfile]) -> Iterator[str]:
    """The columns that the file of `name` has now and had not before, the likeliest first."""
    scan = next((s for s in scans(root) if s.table.column(name) is not None), None)
    table = next((t for t in again if scan is not None and t.uri == scan.table.uri), None)
    if scan is None or table is None:
        return
    place = [c.name for c in scan.table.columns].index(name)
    new = {c.name: n for n, c in enumerate(table.columns) if scan.table.column(c.name) is None}
    yield from sorted(new, key=lambda c: (new[c] != place, -likeness(c, name)))


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, without regard to case."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
