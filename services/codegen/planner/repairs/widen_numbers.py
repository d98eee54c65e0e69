"""Numbers that leave 64 bits: wider sums, or products in floating point."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import read_otherwise, rebuild


def widen_numbers(planned: p.Planned, *, product: bool) -> Iterator[Remedy]:
    """Sums as decimals, products as doubles; `product` says which is tried first."""
    first, second = _double_operands(planned), _wide_sums(planned)
    yield from (*first, *second) if product else (*second, *first)


def _wide_sums(planned: p.Planned) -> Iterator[Remedy]:
    def widen(part: Any) -> Any:
        narrow = isinstance(part, p.Measure) and part.func is p.Func.SUM and not part.wide
        return dataclasses.replace(part, wide=True) if narrow else part

    changed = rebuild(planned.root, widen)
    if changed != planned.root:
        reason = "A sum left 64 bits, so sums are kept as decimals of 38 digits."
        yield remedy(planned, changed, reason)


def _double_operands(planned: p.Planned) -> Iterator[Remedy]:
    """Whole numbers that are calculated with, read as doubles."""
    used: set[str] = set()

    def note(part: Any) -> Any:
        if isinstance(part, p.Arith):
            used.update(side.name for side in (part.left, part.right) if isinstance(side, p.Col))
        return part

    rebuild(planned.root, note)

    def widen(_: p.Scan, c: p.ReadColumn) -> p.ReadColumn:
        whole = c.as_name in used and c.type is ColumnType.INTEGER
        return dataclasses.replace(c, type=ColumnType.DOUBLE) if whole else c

    changed = read_otherwise(planned.root, widen)
    if changed != planned.root:
        yield remedy(
            planned,
            changed,
            "A product of whole numbers left 64 bits, so it is calculated in floating point.",
            "products are calculated in floating point, exact to about 15 digits",
        )
