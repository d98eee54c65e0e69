"""Columns that turned out to be text: what cannot be read of them is counted, not dropped."""

import dataclasses
from collections.abc import Sequence

from arclight.catalog.profile import ColumnType, TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.rewrite import read_otherwise


def count_unread(planned: p.Planned, known: Sequence[TableProfile]) -> p.Planned:
    """The plan, counting the cells of columns that `known` took for numbers, dates or times.

    For a plan over a schema that was read again: there such a column is text that is cleaned.
    """
    typed = {
        (table.uri, column.name)
        for table in known
        for column in table.columns
        if column.type is not ColumnType.STRING
    }

    def count(scan: p.Scan, column: p.ReadColumn) -> p.ReadColumn:
        cleaned = column.clean in (p.Clean.NUMBER, p.Clean.DATE)
        surprising = cleaned and (scan.table.uri, column.name) in typed
        return dataclasses.replace(column, counted=True) if surprising else column

    return dataclasses.replace(planned, root=read_otherwise(planned.root, count))
