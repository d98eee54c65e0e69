"""Tables that belong together, given to the planner as a whole, and DuckDB over the same files."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb

from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import profile_file
from services.codegen.planner.plan import Node
from services.codegen.planner.render.sql import to_sql
from tests.codegen.planner_language.tables import FILES

_HERE = Path(__file__).parent / "databases"
Row = tuple[object, ...]


@cache
def files(db: str) -> dict[str, Path]:
    """Table name → file: of a folder of `databases`, or of one of the example files."""
    if db in FILES:
        return {db: FILES[db]}
    return {path.stem: path for path in sorted((_HERE / db).glob("*.csv"))}


@cache
def profile(db: str, name: str) -> TableProfile:
    path = files(db)[name]
    return profile_file(path, name=name, uri=path.as_uri())


def profiles(db: str, names: tuple[str, ...] = ()) -> tuple[TableProfile, ...]:
    """The tables of a folder: these, or all of them."""
    return tuple(profile(db, name) for name in names or files(db))


@cache
def connection(db: str) -> duckdb.DuckDBPyConnection:
    """DuckDB with the tables of a folder, read by its own reader."""
    made = duckdb.connect()
    for name, path in files(db).items():
        made.sql(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', header=true)")
    return made


def by_hand(db: str, sql: str) -> list[Row]:
    """The rows of a query written by a person."""
    return connection(db).sql(sql).fetchall()


def of_plan(db: str, root: Node) -> list[Row]:
    """The rows of a plan."""
    return connection(db).sql(to_sql(root)).fetchall()


def plain(value: object) -> object:
    """One value for what two engines write in two ways: floats, decimals, midnights."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return float(f"{float(value):.6g}")
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value if isinstance(value, date | datetime) else str(value)


def same(found: list[Row], expected: list[Row], *, more: bool = False) -> bool:
    """True for the same bag of rows, whatever the order of the columns.

    With `more`, `found` may have columns that `expected` lacks.
    """
    if len(found) != len(expected) or not expected:
        return False
    have = [[plain(v) for v in column] for column in zip(*found, strict=True)]
    want = [[plain(v) for v in column] for column in zip(*expected, strict=True)]
    if len(have) < len(want) or (len(have) > len(want) and not more):
        return False
    return _placed(have, want, ())


def _placed(have: list[list[object]], want: list[list[object]], chosen: tuple[int, ...]) -> bool:
    """Some choice of columns of `have`, in some order, makes the rows of `want`."""
    done = len(chosen)
    if done == len(want):
        return _bag([have[i] for i in chosen]) == _bag(want)
    alike = (
        i
        for i, column in enumerate(have)
        if i not in chosen and _bag([column]) == _bag([want[done]])
    )
    return any(_placed(have, want, (*chosen, i)) for i in alike)


def _bag(columns: list[list[object]]) -> list[str]:
    return sorted(map(repr, zip(*columns, strict=True)))
