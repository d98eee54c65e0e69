"""Which columns may hold the cell that a failure complains about?"""

from typing import Any

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.symptom import BadValue
from services.codegen.planner.rewrite import rebuild

NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)
TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP)


def suspects(root: p.Node, bad: BadValue) -> list[p.ReadColumn]:
    """The columns that are meant; all that may be where the failure names none."""
    typed = _typed(root)
    pointed_at = named_by(root, bad)
    helped = [c for _, c in typed if c.clean is not p.Clean.NONE] if bad.cleaned else []
    named = pointed_at or helped or [c for _, c in typed]
    # The program of somebody else may want another type of a column than the plan does.
    of_type = [c for c in named if bad.type in (None, c.type)] or pointed_at
    keys = _keys(root)
    values = [c for c in of_type if c.as_name not in keys]
    return list(dict.fromkeys(values if len(of_type) > 1 and values else of_type))


def named_by(root: p.Node, bad: BadValue) -> list[p.ReadColumn]:
    """The columns that the failure names, or whose place in the file it names."""
    typed = _typed(root)
    named = [c for _, c in typed if c.name in bad.columns or c.as_name in bad.columns]
    if not named and bad.position is not None:
        named = [c for s, c in typed if _position(s, c) == bad.position]
    return named


def _typed(root: p.Node) -> list[tuple[p.Scan, p.ReadColumn]]:
    return [(s, c) for s in scans(root) for c in s.columns if c.type in (*NUMBERS, *TIMES)]


def _position(scan: p.Scan, column: p.ReadColumn) -> int | None:
    names = [c.name for c in scan.table.columns]
    return names.index(column.name) if column.name in names else None


def _keys(root: p.Node) -> set[str]:
    """Columns that rows are joined or grouped by: seldom where a stray text stands."""
    found: set[str] = set()

    def note(part: Any) -> Any:
        if isinstance(part, p.Join):
            found.update((part.left_key, part.right_key))
        if isinstance(part, p.Key) and isinstance(part.expr, p.Col):
            found.add(part.expr.name)
        return part

    rebuild(root, note)
    return found
