"""Hive's metastore cannot be opened: the program says which catalog it needs."""

import dataclasses
from collections.abc import Iterator

from services.codegen.planner.plan import Compute, Planned
from services.codegen.planner.repairs.remedy import Remedy

CATALOG = (
    ("spark.sql.catalogImplementation", "in-memory"),
    ("spark.sql.warehouse.dir", "/tmp/spark-warehouse"),
    ("spark.hadoop.javax.jdo.option.ConnectionURL", "jdbc:derby:memory:metastore;create=true"),
)
"""Files need no metastore. Where the session has Hive all the same, its database lies in memory
and its warehouse where every platform lets programs write."""


def leave_out_hive(planned: Planned) -> Iterator[Remedy]:
    """The session's catalog stands in the program, and needs no disk."""
    missing = tuple(pair for pair in CATALOG if pair not in planned.settings)
    if missing and not isinstance(planned.root, Compute):
        yield Remedy(
            dataclasses.replace(planned, settings=(*planned.settings, *missing)),
            "Hive's metastore could not be opened, which needs a disk to write to, so the program "
            "sets a catalog that lies in memory.",
        )
