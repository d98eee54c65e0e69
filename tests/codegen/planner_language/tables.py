"""The tables that the language tests ask about."""

from functools import cache
from pathlib import Path

import duckdb

from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import profile_file
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.plan import Planned
from services.codegen.planner.planner import plan
from services.codegen.planner.render.sql import to_sql

_DATA = Path(__file__).parents[3] / "examples" / "data"
FILES = {
    "birdstrikes": _DATA / "birdstrikes.csv",
    "airports": _DATA / "airports.csv",
    "flights_airport": _DATA / "flights-airport.csv",
    "seattle_weather": _DATA / "seattle-weather.csv",
    **{
        name: Path(__file__).parent / f"{name}.csv"
        for name in (
            "orders",
            "members",
            "loans",
            "staff",
            "bridges",
            "fleets",
            "matches",
            "villages",
        )
    },
}


@cache
def table(name: str) -> TableProfile:
    path = FILES[name]
    return profile_file(path, name=name, uri=path.as_uri())


def planned(prompt: str, *tables: str, framework: Framework = Framework.SPARK) -> Planned:
    """The plan of a prompt over the named tables."""
    profiles = tuple(table(t) for t in tables)
    return plan(Ask(prompt=prompt, tables=profiles, framework=framework))


@cache
def database() -> duckdb.DuckDBPyConnection:
    """DuckDB with the tables, read by its own reader."""
    connection = duckdb.connect()
    for name, path in FILES.items():
        connection.sql(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', header=true)")
    return connection


def rows(sql: str) -> list[tuple[object, ...]]:
    """The rows of a query, with numbers rounded as floating-point sums need it."""
    found = database().sql(sql).fetchall()
    return [tuple(round(v, 6) if isinstance(v, float) else v for v in row) for row in found]


def answer(plan: Planned) -> tuple[list[str], list[tuple[object, ...]]]:
    """Column names and rows of a plan, computed by DuckDB."""
    sql = to_sql(plan.root)
    return list(database().sql(sql).columns), rows(sql)
