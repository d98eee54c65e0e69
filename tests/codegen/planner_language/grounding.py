"""Small tables for the tests of what the planner knows of the data."""

from collections.abc import Sequence

from arclight.catalog.infer import text_column
from arclight.catalog.profile import ForeignKey, TableProfile
from services.codegen.planner.schema import Schema


def made(
    name: str,
    columns: str,
    *rows: Sequence[str | None],
    primary: tuple[str, ...] = (),
    foreign: tuple[ForeignKey, ...] = (),
    rows_in_file: int | None = None,
) -> TableProfile:
    """A table of these rows; `columns` are its names, separated by `|`."""
    names = columns.split("|")
    cells = [[row[i] for row in rows] for i in range(len(names))]
    return TableProfile(
        name=name,
        uri=f"file:///{name}.csv",
        format="csv",
        columns=tuple(text_column(n, c) for n, c in zip(names, cells, strict=True)),
        bytes=1,
        rows=len(rows) if rows_in_file is None else rows_in_file,
        sampled_rows=len(rows),
        primary_key=primary,
        foreign_keys=foreign,
    )


def one(columns: str, *rows: Sequence[str | None], name: str = "things") -> Schema:
    """The schema of a single table."""
    return Schema([made(name, columns, *rows)])
