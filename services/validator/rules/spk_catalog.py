"""SPK010 to SPK014: tables of a catalog or a database are read by their names."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.fold import known
from services.validator.analysis.reads import By, Read
from services.validator.context import Context, Declared
from services.validator.rules.examples import IMPORT, SESSION
from services.validator.rules.rule import Hit, Rule

_CATALOG = re.compile(r"spark\.sql\.(catalogImplementation|catalog\.[\w-]+|defaultCatalog)")
_FACTORY = re.compile(r"(spark\.hadoop\.)?hive\.metastore\.client\.factory\.class")
_OWN_CATALOG = re.compile(r"spark\.sql\.catalog\.[\w-]+\.")
_WAREHOUSE = re.compile(r"spark\.sql\.(warehouse\.dir|catalog\.[\w-]+\.warehouse)")


def _files_of_tables(facts: Facts, context: Context) -> Iterator[Hit]:
    tables = [s for s in context.sources if not s.uri]
    for read in facts.reads.found:
        if read.tables or not read.file:
            continue
        for source in tables:
            if any(_is_of_table(target, source) for target in known(read.targets)):
                yield Hit(
                    read.call,
                    f"The files of the table {source.name} are read past its catalog.",
                    f'Read it with spark.table("{source.name}").',
                )


def _is_of_table(path: str, source: Declared) -> bool:
    """True for `…/sales.db/orders/…` and `…/sales/orders.parquet` of the table `sales.orders`."""
    database, _, table = source.name.lower().rpartition(".")
    parts = [p for p in re.split(r"[/.]+", path.lower()) if p]
    return table in parts and database in parts[: parts.index(table)]


def _glue_reads(facts: Facts, context: Context) -> list[Read]:
    names = {s.name.lower() for s in context.sources if s.kind == "glue"}
    return [r for r in facts.reads.found if r.tables and r.targets & names]


def _catalog_support(facts: Facts, context: Context) -> Iterator[Hit]:
    reads = _glue_reads(facts, context)
    if not reads or facts.methods.get("enableHiveSupport"):
        return
    if not any(_CATALOG.match(s.key) for s in facts.settings):
        yield Hit(reads[0].call, "A table of the Glue catalog is read without catalog support.")


def _catalog_settings(facts: Facts, context: Context) -> Iterator[Hit]:
    reads = _glue_reads(facts, context)
    keys = [s.key for s in facts.settings]
    if not reads or any(_OWN_CATALOG.match(k) for k in keys):
        return
    missing = []
    if not any(_WAREHOUSE.fullmatch(k) for k in keys):
        missing.append("spark.sql.warehouse.dir")
    if not any(_FACTORY.fullmatch(k) for k in keys):
        missing.append("spark.hadoop.hive.metastore.client.factory.class")
    if missing:
        yield Hit(reads[0].call, f"The session does not set {' and '.join(missing)}.")


def _database_reads(facts: Facts) -> list[Read]:
    return [r for r in facts.reads.found if r.by is By.SPARK and not r.file and not r.tables]


def _connects(facts: Facts, context: Context) -> Iterator[Hit]:
    tables = [s.name for s in context.sources if s.kind in ("postgres", "snowflake")]
    by_name = f'Read it with spark.table("{tables[0]}").' if tables else ""
    for read in _database_reads(facts):
        yield Hit(read.call, "The program connects to a database itself.", by_name)


_SPREADS = ("partitioncolumn", "numpartitions", "predicates", "column", "query")


def _one_connection(facts: Facts, context: Context) -> Iterator[Hit]:
    for read in _database_reads(facts):
        func = read.call.func
        options = facts.reads.options(func.value) if isinstance(func, ast.Attribute) else {}
        given = {str(k.arg).lower() for k in read.call.keywords} | {k.lower() for k in options}
        if not given.intersection(_SPREADS) and len(read.call.args) <= 2:
            yield Hit(read.call, "The whole table comes through one connection into one task.")


_GLUE = (
    f"{IMPORT}spark = (\n    SparkSession.builder.enableHiveSupport()\n"
    "    .config('spark.sql.warehouse.dir', 's3://lake/warehouse')\n"
    "    .config('spark.hadoop.hive.metastore.client.factory.class',\n"
    "        'com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory')\n"
    "    .getOrCreate()\n)\nspark.table('sales.orders').show()\n"
)
_JDBC = f"{SESSION}spark.read.format('jdbc').option('url', 'jdbc:postgresql://db/shop')"

RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SPK010",
        title="A table is read by its name",
        severity=Severity.ERROR,
        why="The catalog knows which files are the table's now, their format and their partitions;"
        " a path knows none of it.",
        bad=f"{SESSION}spark.read.parquet('s3://lake/sales.db/orders/').show()\n",
        good=_GLUE,
        hint="Read it with spark.table(…).",
        check=_files_of_tables,
    ),
    Rule(
        code="SPK011",
        title="A Glue table needs catalog support",
        severity=Severity.ERROR,
        why="Without Hive support or a catalog of its own the session knows no Glue table.",
        bad=f"{SESSION}spark.table('sales.orders').show()\n",
        good=_GLUE,
        hint="Add .enableHiveSupport() to the session's builder.",
        check=_catalog_support,
    ),
    Rule(
        code="SPK012",
        title="A Glue table needs its warehouse and client",
        severity=Severity.WARNING,
        why="Without them Hive makes a metastore of its own beside the program, which fails on a"
        " disk that is read-only and knows none of the tables elsewhere.",
        bad=f"{IMPORT}spark = SparkSession.builder.enableHiveSupport().getOrCreate()\n"
        "spark.table('sales.orders').show()\n",
        good=_GLUE,
        hint="Set both on the session's builder; the class is"
        " com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory.",
        check=_catalog_settings,
    ),
    Rule(
        code="SPK013",
        title="A database is read by its handle",
        severity=Severity.ERROR,
        why="The platform holds the address and the credentials; inside the program the table has"
        " its name only.",
        bad=f"{_JDBC}.option('dbtable', 'orders').load().show()\n",
        good=f"{SESSION}spark.table('public.orders').show()\n",
        hint="Declare the table as a source and read it with spark.table(…).",
        check=_connects,
    ),
    Rule(
        code="SPK014",
        title="A large table is read in parts",
        severity=Severity.WARNING,
        why="One connection and one task read for hours what eight read in minutes.",
        bad=f"{_JDBC}.option('dbtable', 'orders').load().show()\n",
        good=f"{SESSION}spark.table('public.orders').show()\n",
        hint="Set partitionColumn, lowerBound, upperBound and numPartitions, unless it is small.",
        check=_one_connection,
    ),
)
