"""Cells that do not fit their type: the column is read as text, and what cannot be read is counted.

No cell is dropped in silence: it counts as missing, and the program says how many there were and
what stood in them.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from arclight.catalog.number_text import is_number_text
from arclight.catalog.profile import ColumnType, TableProfile
from arclight.catalog.text_dates import date_formats
from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.repairs.suspects import NUMBERS, suspects
from services.codegen.planner.repairs.symptom import BadValue
from services.codegen.planner.rewrite import read_otherwise

_PLAIN_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d")
_MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


def read_leniently(
    planned: p.Planned, bad: BadValue, again: Sequence[TableProfile] = ()
) -> Iterator[Remedy]:
    """Read the offending column in another way; when unsure, all that may be meant.

    `again`: the tables as they were read again, which know the forms of all dates.
    """
    root = planned.root
    found = suspects(root, bad)
    for group in (found, *([s] for s in found if len(found) > 1)):
        changes = {c: new for c in group if (new := _lenient(c, bad, root, again)) is not None}
        if changes:
            yield remedy(planned, _exchanged(root, changes), *_explain(changes, bad))


def _exchanged(root: p.Node, changes: Mapping[p.ReadColumn, p.ReadColumn]) -> p.Node:
    return read_otherwise(root, lambda _, column: changes.get(column, column))


def _lenient(
    column: p.ReadColumn, bad: BadValue, root: p.Node, again: Sequence[TableProfile]
) -> p.ReadColumn | None:
    """The column read less strictly; None when it cannot be."""
    if column.type in NUMBERS:
        number = bad.value is not None and _PLAIN_NUMBER.fullmatch(bad.value) is not None
        if column.type is ColumnType.INTEGER and (number or column.clean is p.Clean.NUMBER):
            return dataclasses.replace(column, type=ColumnType.DOUBLE)
        if column.clean is p.Clean.NONE:
            return dataclasses.replace(column, clean=p.Clean.NUMBER, counted=True)
        return None
    if column.clean is not p.Clean.NONE or _has_fractions(column, root):
        return None
    formats = _formats(column, bad.value, root, again)
    return dataclasses.replace(column, clean=p.Clean.DATE, formats=formats, counted=True)


def _formats(
    column: p.ReadColumn, value: str | None, root: p.Node, again: Sequence[TableProfile]
) -> tuple[str, ...]:
    """The forms that the whole file has, where it was read again; else the usual ones, and that of
    the cell which failed."""
    uris = {s.table.uri for s in scans(root) if column in s.columns}
    known = (t.column(column.name) for t in again if t.uri in uris)
    found = next((c.date_formats for c in known if c is not None), ())
    if _whole(found):
        return found
    moments = _MOMENTS if column.type is ColumnType.TIMESTAMP or ":" in (value or "") else ()
    own = date_formats([value]) if value else ()
    return tuple(dict.fromkeys((*moments, *_DATES, *(own if _whole(own) else _slashes(value)))))


def _whole(formats: Sequence[str]) -> bool:
    """True for formats that all have a year, a month and a day."""
    return bool(formats) and all("%d" in f and "%y" in f.lower() for f in formats)


def _has_fractions(column: p.ReadColumn, root: p.Node) -> bool:
    """True for times with fractions of a second or a zone, which the formats do not cover."""
    for scan in scans(root):
        profile = scan.table.column(column.name) if column in scan.columns else None
        if profile is not None and any("." in str(v) or "+" in str(v) for v in profile.values):
            return True
    return False


def _slashes(value: str | None) -> tuple[str, ...]:
    """The order of day and month that a date with slashes proves; month first without proof."""
    match = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\s*", value or "")
    if match is None:
        return ()
    return ("%d/%m/%Y",) if int(match[1]) > 12 else ("%m/%d/%Y",)


def _explain(changes: Mapping[p.ReadColumn, p.ReadColumn], bad: BadValue) -> tuple[str, str]:
    names = " and ".join(f"'{c.name}'" for c in changes)
    cell = f"the cell {bad.value!r}" if bad.value is not None else "a cell"
    such = f", such as {bad.value!r}," if bad.value is not None else ""
    new = next(iter(changes.values()))
    if new.clean is p.Clean.DATE:
        return (
            f"{cell[0].upper()}{cell[1:]} of {names} is not a date in the sampled form, so dates "
            "are read from text in several forms, and cells that are none are counted.",
            f"cells of {names} that are not dates{such} count as missing",
        )
    if new.type is ColumnType.DOUBLE and next(iter(changes)).type is ColumnType.INTEGER:
        return (
            f"{cell[0].upper()}{cell[1:]} of {names} is not a whole number of 64 bits, so the "
            "column is read as decimal numbers.",
            f"{names} holds decimal numbers, such as {bad.value}" if bad.value else "",
        )
    return (
        f"{cell[0].upper()}{cell[1:]} of {names} is not a plain number, so the column is read as "
        "text and turned into numbers where it spells one; cells that spell none are counted.",
        f"cells of {names} that are not numbers{such} count as missing"
        if bad.value is None or not is_number_text(bad.value)
        else f"cells of {names} such as {bad.value!r} are read as numbers; cells that are not "
        "numbers count as missing",
    )
