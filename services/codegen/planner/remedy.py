"""From a symptom to changed plans, the most likely first, each with its reason."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from arclight.catalog.number_text import is_number_text
from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans
from services.codegen.planner.rewrite import read_otherwise, rebuild, rename
from services.codegen.planner.symptom import (
    AmbiguousColumn,
    BadValue,
    BrokenRecord,
    Overflow,
    Symptom,
    UnknownColumn,
)


@dataclass(frozen=True)
class Remedy:
    """A changed plan. The reason stands in the attempt, the assumption in the program too."""

    root: p.Node
    reason: str
    assumption: str = ""


NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)
TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP)
_PLAIN_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y")
_MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


def remedies(root: p.Node, symptom: Symptom) -> Iterator[Remedy]:
    """Changed plans for what a failure says. None where nothing in the plan can answer it."""
    match symptom:
        case BadValue():
            yield from _read_leniently(root, symptom)
        case BrokenRecord():
            yield from _read_line_breaks(root)
        case UnknownColumn(name, proposals):
            yield from _take_proposal(root, name, proposals)
        case AmbiguousColumn(name):
            yield from _qualify(root, name)
        case Overflow(product):
            first, second = _double_operands(root), _wide_sums(root)
            yield from (*first, *second) if product else (*second, *first)


def _read_leniently(root: p.Node, bad: BadValue) -> Iterator[Remedy]:
    """Read the offending column in another way; when unsure, all that may be meant."""
    suspects = _suspects(root, bad)
    for group in (suspects, *([s] for s in suspects if len(suspects) > 1)):
        changes = {c: new for c in group if (new := _lenient(c, bad, root)) is not None}
        if changes:
            yield Remedy(_exchanged(root, changes), *_explain(changes, bad))


def _exchanged(root: p.Node, changes: Mapping[p.ReadColumn, p.ReadColumn]) -> p.Node:
    return read_otherwise(root, lambda _, column: changes.get(column, column))


def _suspects(root: p.Node, bad: BadValue) -> list[p.ReadColumn]:
    typed = [(s, c) for s in scans(root) for c in s.columns if c.type in (*NUMBERS, *TIMES)]
    named = [c for _, c in typed if c.name in bad.columns or c.as_name in bad.columns]
    if not named and bad.position is not None:
        named = [c for s, c in typed if _position(s, c) == bad.position]
    helped = [c for _, c in typed if c.clean is not p.Clean.NONE] if bad.cleaned else []
    named = named or helped or [c for _, c in typed]
    of_type = [c for c in named if bad.type in (None, c.type)]
    keys = _keys(root)
    values = [c for c in of_type if c.as_name not in keys]
    return list(dict.fromkeys(values if len(of_type) > 1 and values else of_type))


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


def _lenient(column: p.ReadColumn, bad: BadValue, root: p.Node) -> p.ReadColumn | None:
    """The column read less strictly; None when it cannot be."""
    if column.type in NUMBERS:
        number = bad.value is not None and _PLAIN_NUMBER.fullmatch(bad.value) is not None
        if column.type is ColumnType.INTEGER and (number or column.clean is p.Clean.NUMBER):
            return dataclasses.replace(column, type=ColumnType.DOUBLE)
        if column.clean is p.Clean.NONE:
            return dataclasses.replace(column, clean=p.Clean.NUMBER)
        return None
    if column.clean is not p.Clean.NONE or _has_fractions(column, root):
        return None
    moments = _MOMENTS if column.type is ColumnType.TIMESTAMP or ":" in (bad.value or "") else ()
    formats = (*moments, *_DATES, *_slashes(bad.value))
    return dataclasses.replace(column, clean=p.Clean.DATE, formats=formats)


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


def _explain(changes: dict[p.ReadColumn, p.ReadColumn], bad: BadValue) -> tuple[str, str]:
    names = " and ".join(f"'{c.name}'" for c in changes)
    cell = f"the cell {bad.value!r}" if bad.value is not None else "a cell"
    such = f", such as {bad.value!r}," if bad.value is not None else ""
    new = next(iter(changes.values()))
    if new.clean is p.Clean.DATE:
        return (
            f"{cell[0].upper()}{cell[1:]} of {names} is not a date in the sampled form, so dates "
            "are read from text in several forms.",
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
        "text and turned into numbers where it spells one.",
        f"cells of {names} that are not numbers{such} count as missing"
        if bad.value is None or not is_number_text(bad.value)
        else f"cells of {names} such as {bad.value!r} are read as numbers; cells that are not "
        "numbers count as missing",
    )


def _read_line_breaks(root: p.Node) -> Iterator[Remedy]:
    def multiline(part: Any) -> Any:
        if isinstance(part, p.Scan) and part.table.format in ("csv", "tsv"):
            table = part.table.model_copy(update={"multiline": True})
            return dataclasses.replace(part, table=table)
        return part

    changed = rebuild(root, multiline)
    if changed != root:
        yield Remedy(
            changed,
            "A line is no whole record, so quoted cells may now hold line breaks.",
            "a quoted cell may hold line breaks",
        )


def _take_proposal(root: p.Node, name: str, proposals: tuple[str, ...]) -> Iterator[Remedy]:
    """Each proposed column in turn, the most similar first."""
    read = {c.name for s in scans(root) for c in s.columns}
    ranked = sorted(
        (c for c in proposals if c not in read),
        key=lambda c: -SequenceMatcher(None, c.lower(), name.lower()).ratio(),
    )
    for candidate in ranked:

        def take(_: p.Scan, c: p.ReadColumn, new: str = candidate) -> p.ReadColumn:
            return dataclasses.replace(c, name=new) if name in (c.name, c.as_name) else c

        changed = read_otherwise(root, take)
        if changed != root:
            yield Remedy(
                changed,
                f"There is no column '{name}', so the most similar one, '{candidate}', is read.",
                f"read '{name}' as the column '{candidate}'",
            )


def _qualify(root: p.Node, name: str) -> Iterator[Remedy]:
    """Names that differ by case only are one name to Spark: later ones get their table's name."""
    taken: set[str] = set()
    for scan in scans(root):
        clash = [c.as_name for c in scan.columns if c.as_name.casefold() in taken]
        taken.update(c.as_name.casefold() for c in scan.columns)
        names = {n: f"{n} of {scan.table.name}" for n in clash if n.casefold() == name.casefold()}
        if names:
            yield Remedy(
                rename(root, scan, names),
                f"Two columns are called '{name}', so the second one carries its table's name.",
            )


def _wide_sums(root: p.Node) -> Iterator[Remedy]:
    def widen(part: Any) -> Any:
        narrow = isinstance(part, p.Measure) and part.func is p.Func.SUM and not part.wide
        return dataclasses.replace(part, wide=True) if narrow else part

    changed = rebuild(root, widen)
    if changed != root:
        yield Remedy(changed, "A sum left 64 bits, so sums are kept as decimals of 38 digits.")


def _double_operands(root: p.Node) -> Iterator[Remedy]:
    """Whole numbers that are calculated with, read as doubles."""
    used: set[str] = set()

    def note(part: Any) -> Any:
        if isinstance(part, p.Arith):
            used.update(side.name for side in (part.left, part.right) if isinstance(side, p.Col))
        return part

    rebuild(root, note)

    def widen(_: p.Scan, c: p.ReadColumn) -> p.ReadColumn:
        whole = c.as_name in used and c.type is ColumnType.INTEGER
        return dataclasses.replace(c, type=ColumnType.DOUBLE) if whole else c

    changed = read_otherwise(root, widen)
    if changed != root:
        yield Remedy(
            changed,
            "A product of whole numbers left 64 bits, so it is calculated in floating point.",
            "products are calculated in floating point, exact to about 15 digits",
        )
