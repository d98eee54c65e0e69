"""Broken records: quoted cells may hold line breaks."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from services.codegen.planner import plan as p
from services.codegen.planner.repairs.remedy import Remedy, remedy
from services.codegen.planner.rewrite import rebuild


def read_line_breaks(planned: p.Planned) -> Iterator[Remedy]:
    """Readers are told that a record may span lines."""

    def multiline(part: Any) -> Any:
        if isinstance(part, p.Scan) and part.table.format in ("csv", "tsv"):
            table = part.table.model_copy(update={"multiline": True})
            return dataclasses.replace(part, table=table)
        return part

    changed = rebuild(planned.root, multiline)
    if changed != planned.root:
        yield remedy(
            planned,
            changed,
            "A line is no whole record, so quoted cells may now hold line breaks.",
            "a quoted cell may hold line breaks",
        )
