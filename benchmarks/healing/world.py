"""The data that questions are asked of: seeded tables, as text files and as the truth.

What stands in a file and what it is worth are kept apart: a fault changes the file, and the truth
only where the fault makes a value unknowable.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import duckdb
import pyarrow as pa

ROWS = 1_600
"""Of the sales: well beyond the 1,000 rows that types are read from."""
SAMPLE = 1_000
REGIONS = ("North", "South", "East", "West")
PRODUCTS = (
    ("1", "Lamp", "Home"),
    ("2", "Chair", "Home"),
    ("3", "Desk", "Office"),
    ("4", "Pen", "Office"),
    ("5", "Ball", "Sport"),
    ("6", "Racket", "Sport"),
    ("7", "Tent", "Sport"),
)
TYPES: Mapping[str, Mapping[str, str]] = {
    "sales": {
        "sale_id": "bigint",
        "day": "date",
        "region": "varchar",
        "product_id": "bigint",
        "quantity": "decimal(38, 3)",
        "price": "double",
        "note": "varchar",
    },
    "products": {"product_id": "bigint", "product": "varchar", "category": "varchar"},
}

Cell = str | None


@dataclass(frozen=True)
class Table:
    """The lines of a file, and what its cells are worth under the names that they were known by."""

    name: str
    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    truth: tuple[tuple[Cell, ...], ...]

    def text(self) -> str:
        """The file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.cells)
        return out.getvalue()

    def with_cell(self, row: int, column: str, cell: str, worth: Cell) -> "Table":
        """The table with another text in one cell."""
        place = [*TYPES[self.name]].index(column)
        return replace(
            self,
            cells=_put(self.cells, row, place, cell),
            truth=_put(self.truth, row, place, worth),
        )


@dataclass(frozen=True)
class World:
    """The tables, by name."""

    sales: Table
    products: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.sales, self.products)

    def answer(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query over the truth."""
        with duckdb.connect() as db:
            for table in self.tables:
                _load(db, table)
            return db.execute(sql).fetchall()


def world(seed: int) -> World:
    """The same tables for the same seed."""
    draw = Random(seed)
    first = date(2023, 1, 1)
    rows = []
    for number in range(1, ROWS + 1):
        day = first + timedelta(days=draw.randrange(700))
        quantity = draw.choice([0, 1, 1, 2, 2, 3, 4, 5, 8, 13])
        price = f"{draw.randrange(100, 20_000) / 100:.2f}"
        product = draw.choice(PRODUCTS)[0]
        cells = (str(number), f"{day}", draw.choice(REGIONS), product, str(quantity), price, "-")
        rows.append(cells)
    return World(_table("sales", rows), _table("products", PRODUCTS))


def _table(name: str, rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(name, tuple(TYPES[name]), tuple(rows), tuple(rows))


def _load(db: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = TYPES[table.name]
    texts = zip(*table.truth, strict=True)
    cells = pa.table(
        {name: pa.array(c, pa.string()) for name, c in zip(columns, texts, strict=True)}
    )
    typed = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    db.register("cells", cells)
    db.execute(f"create table {table.name} as select {typed} from cells")
    db.unregister("cells")


C = TypeVar("C", str, Cell)


def _put(rows: Sequence[tuple[C, ...]], row: int, place: int, cell: C) -> tuple[tuple[C, ...], ...]:
    changed = list(rows)
    cells = list(rows[row])
    cells[place] = cell
    changed[row] = tuple(cells)
    return tuple(changed)
