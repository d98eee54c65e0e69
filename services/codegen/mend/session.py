"""The session: made when it is not, with nothing in it that the platform decides."""

from collections.abc import Iterator

import libcst as cst

from arclight.contracts.finding import Finding
from services.codegen.mend import insert, look
from services.codegen.mend.change import Case, Change
from services.codegen.mend.tree import Edit, Tree

_PLACES = ("master", "remote", "setMaster")
_SETTINGS = ("spark.master", "spark.remote")


def session(tree: Tree, name: str = "spark") -> tuple[Edit, ...]:
    """The statement that makes a session, behind the imports."""
    builder, imports = insert.module(
        tree,
        "pyspark.sql.SparkSession",
        "from pyspark.sql import SparkSession as {}",
        "SparkSession",
    )
    line = f'{name} = {builder}.builder.appName("program").getOrCreate()'
    at = insert.importing(tree, "")
    blank = "" if at.start >= len(tree.data) else tree.newline
    made = Edit(at.start, at.end, f"{tree.newline}{line}{tree.newline}{blank}")
    return (*imports, made)


def no_session(case: Case, finding: Finding) -> Iterator[Change]:
    """SPK001: the program never makes its session."""
    yield Change(session(case.tree), "The program makes its session now: nobody hands it one.")


def fixed_place(case: Case, finding: Finding) -> Iterator[Change]:
    """SPK003: `.master(…)` and its like are left out of the chain."""
    tree = case.tree
    edits = tuple(e for call in look.calls(tree) if (e := _left_out(tree, call)) is not None)
    if edits:
        yield Change(edits, "The place where Spark runs is left out: the platform chooses it.")


def _left_out(tree: Tree, call: cst.Call) -> Edit | None:
    name, on = look.method(call), look.receiver(call)
    if on is None or not call.args:
        return None
    setting = look.text_of(call.args[0].value) if name in ("config", "set") else None
    if name == "remote" and "builder" not in tree.code(on):
        return None
    if name not in _PLACES and setting not in _SETTINGS:
        return None
    return Edit(_link_start(tree, on), tree.span(call)[1], "")


def _link_start(tree: Tree, on: cst.CSTNode) -> int:
    return tree.outer(on)[1]


# --- configuration -----------------------------------------------------------------------------


def configured(tree: Tree, settings: dict[str, str]) -> tuple[Edit, ...]:
    """The settings, put into the builder before it makes the session."""
    known = {look.text_of(c.args[0].value) for c in look.calls(tree, "config", "set") if c.args}
    wanted = {k: v for k, v in settings.items() if k not in known}
    for call in look.calls(tree, "getOrCreate"):
        on = look.receiver(call)
        if on is None or not wanted:
            continue
        at = tree.outer(on)[1]
        gap = tree.data[at : tree.span(call)[1]].decode().partition(".")[0]
        parts = (f"{gap}.config({look.quoted(k)}, {look.quoted(v)})" for k, v in wanted.items())
        return (Edit(at, at, "".join(parts)),)
    return ()


GLUE = {
    "spark.sql.catalogImplementation": "hive",
    "spark.hadoop.hive.metastore.client.factory.class": (
        "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
    ),
    "spark.sql.warehouse.dir": "/tmp/spark-warehouse",
}
"""What finds the tables of a Glue catalog without a metastore of Spark's own."""
OWN = {
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
    "spark.sql.warehouse.dir": "/tmp/spark-warehouse",
}
"""A metastore in memory, and its tables where every machine lets a program write."""
_METASTORE = ("metastore_db", "derby", "sessionhivemetastoreclient", "metastore", "hive")


def metastore(case: Case) -> Iterator[Change]:
    """Hive wants to write its own database, and the disk does not let it."""
    said = f"{case.failure.message}\n{case.failure.traceback}".lower()
    if not any(word in said for word in _METASTORE):
        return
    for settings, why in (
        (GLUE, "the tables are found in the Glue catalog"),
        (OWN, "Hive keeps its catalog in memory"),
    ):
        if settings is GLUE and not _names_database(case):
            continue
        edits = configured(case.tree, settings)
        if edits:
            yield Change(edits, f"The session's catalog is configured: {why}, not on the disk.")


def _names_database(case: Case) -> bool:
    """True when tables are read by name that are no uploads: they stand in a catalog."""
    read = [a for c in look.calls(case.tree, "table") for a in c.args[:1]]
    known = {t.name.casefold() for t in case.tables}
    named = [t.casefold() for a in read if (t := look.text_of(a.value))]
    return any("." in name and name not in known for name in named)


def memory(case: Case) -> Iterator[Change]:
    """Spark ran out of memory: no side of a join is sent to all, and the work is cut smaller."""
    tree = case.tree
    edits = [*_not_broadcast(tree), *_not_together(tree)]
    edits += configured(
        tree, {"spark.sql.autoBroadcastJoinThreshold": "-1", "spark.sql.shuffle.partitions": "400"}
    )
    if edits:
        said = "No table is sent to every worker whole, and the work is cut into smaller parts"
        yield Change(tuple(edits), f"{said}: the memory was not enough.")


def _not_broadcast(tree: Tree) -> Iterator[Edit]:
    for call in look.calls(tree, "broadcast"):
        full = look.dotted(tree, call.func)
        if full == f"{look.FUNCTIONS}.broadcast" and len(call.args) == 1:
            yield insert.replaced(tree, call, tree.code(call.args[0].value))


def _not_together(tree: Tree) -> Iterator[Edit]:
    """`.coalesce(1)` and `.repartition(1)` are left out."""
    for call in look.calls(tree, "coalesce", "repartition"):
        on = look.receiver(call)
        one = [cst.Integer] == [type(a.value) for a in call.args]
        if on is not None and one and tree.code(call.args[0].value) == "1":
            yield Edit(tree.outer(on)[1], tree.span(call)[1], "")
