"""Plans on DuckDB: the fast engine for development, without a generated program."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from arclight.catalog.profile import TableProfile
from benchmarks.answers.engine import Answer, TooSlow
from benchmarks.answers.values import MOST_ROWS, json_rows
from services.codegen.planner.plan import Planned
from services.codegen.planner.render.sql import to_sql


class SqlEngine:
    """One DuckDB connection. Implements Engine."""

    framework = "sql"

    def __init__(self, limit: float) -> None:
        """`limit`: seconds that one query may take."""
        self._limit = limit
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})

    def answer(self, planned: Planned, tables: Sequence[TableProfile]) -> Answer:
        """Raises TooSlow, and whatever the renderer or DuckDB raises."""
        sql = to_sql(planned.root)
        with self._stopped_in_time():
            cursor = self._connection.execute(sql)
            rows = cursor.fetchmany(MOST_ROWS)
        return Answer(sql, json_rows(rows))

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _stopped_in_time(self) -> Iterator[None]:
        timer = threading.Timer(self._limit, self._connection.interrupt)
        timer.start()
        try:
            yield
        except duckdb.InterruptException:
            raise TooSlow(f"the query took longer than {self._limit:.0f} s") from None
        finally:
            timer.cancel()
