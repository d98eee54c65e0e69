"""Ambiguous names: names that differ by case only are one name to Spark."""

from collections.abc import Iterator

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import rename


def qualify_name(planned: p.Planned, name: str) -> Iterator[Remedy]:
    """The second column of a name carries its table's name too."""
    taken: set[str] = set()
    for scan in scans(planned.root):
        clash = [c.as_name for c in scan.columns if c.as_name.casefold() in taken]
        taken.update(c.as_name.casefold() for c in scan.columns)
        names = {n: f"{n} of {scan.table.name}" for n in clash if n.casefold() == name.casefold()}
        if names:
            yield remedy(
                planned,
                rename(planned.root, scan, names),
                f"Two columns are called '{name}', so the second one carries its table's name.",
            )
