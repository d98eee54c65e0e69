"""Small plans, and tables whose odd rows stand below the sample."""

from pathlib import Path

from arclight.catalog.profile import TableProfile
from services.codegen.planner.plan import (
    Aggregate,
    Col,
    Func,
    Key,
    Measure,
    Node,
    ReadColumn,
    Scan,
    Sort,
    SortKey,
)
from tests.codegen.render.tables import profile

CLEAN_ROWS = 1_100
"""More than the sample that types come from, so that odd cells below are a surprise."""


def table(folder: Path, name: str, header: str, row: str, odd: list[str]) -> TableProfile:
    """A CSV whose odd rows stand below the sample."""
    path = folder / f"{name}.csv"
    rows = [row.format(i=i, month=i % 12 + 1) for i in range(CLEAN_ROWS)]
    path.write_text("\n".join([header, *rows, *odd]) + "\n")
    return profile(path)


def scan(table: TableProfile, *columns: str) -> Scan:
    known = {c.name: c.type for c in table.columns}
    return Scan(table, tuple(ReadColumn(c, known[c], c) for c in columns))


def total(source: Node, key: str, *columns: str) -> Node:
    measures = tuple(Measure(Func.SUM, Col(c), f"sum of {c}") for c in columns)
    return Sort(Aggregate(source, (Key(Col(key), key),), measures), (SortKey(key),))
