"""A file whose first line names other columns than were known: the file is right."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import rebuild


def follow_header(
    planned: p.Planned, expected: Sequence[str], header: Sequence[str]
) -> Iterator[Remedy]:
    """Columns in the same place under a new name are read by that name.

    Where a known name stands in another place, columns were moved or added: then only the whole
    schema, read again, says what is where.
    """
    new = {old: name for old, name in zip(expected, header, strict=False) if old != name}
    meant = [s for s in scans(planned.root) if _has(s, expected)]
    if len(expected) != len(header) or not new or not meant:
        return
    if any(meant[0].table.column(name) for name in new.values()):
        return
    changed = rebuild(planned.root, lambda part: _follow(part, meant[0].table.uri, new))
    said = ", ".join(f"'{name}' for '{old}'" for old, name in new.items())
    yield remedy(
        planned,
        changed,
        f"The first line of the file names other columns than were known, so it reads {said}.",
        f"read the column {said}",
    )


def _has(scan: p.Scan, names: Iterable[str]) -> bool:
    """True when the table has all of these columns."""
    return {c.name for c in scan.table.columns}.issuperset(names)


def _follow(part: Any, uri: str, new: Mapping[str, str]) -> Any:
    if not isinstance(part, p.Scan) or part.table.uri != uri:
        return part
    known = [c.model_copy(update={"name": new.get(c.name, c.name)}) for c in part.table.columns]
    table = part.table.model_copy(update={"columns": tuple(known)})
    read = tuple(dataclasses.replace(c, name=new.get(c.name, c.name)) for c in part.columns)
    return dataclasses.replace(part, table=table, columns=read)
