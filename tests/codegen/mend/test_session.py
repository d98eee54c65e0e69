"""The session and its configuration."""

import pytest

from arclight.contracts.failure import Failure, FailureKind
from tests.codegen.mend.mending import SALES, cured, mended, program, refused, said

BUILDER = """
from pyspark.sql import SparkSession, functions as F

spark = (
    SparkSession.builder.appName("a")
    .enableHiveSupport()
    .getOrCreate()
)
"""
METASTORE = (
    "Spark failed with HiveException: java.lang.RuntimeException: Unable to instantiate "
    "org.apache.hadoop.hive.ql.metadata.SessionHiveMetaStoreClient"
)


def test_a_session_is_made_where_there_is_none() -> None:
    text = (
        'from pyspark.sql import functions as F\n\nspark.range(3).filter(F.col("id") > 1).show()\n'
    )

    found, after = refused(text)

    assert found is not None
    assert found.program.startswith(
        "from pyspark.sql import functions as F\nfrom pyspark.sql import SparkSession\n\n"
        'spark = SparkSession.builder.appName("program").getOrCreate()\n'
    )
    assert not [f for f in after if f.severity == "error"]


@pytest.mark.parametrize(
    ("chain", "new"),
    [
        (
            'SparkSession.builder.master("yarn").appName("a").getOrCreate()',
            'SparkSession.builder.appName("a").getOrCreate()',
        ),
        (
            'SparkSession.builder.remote("sc://x").getOrCreate()',
            "SparkSession.builder.getOrCreate()",
        ),
        (
            'SparkSession.builder.config("spark.master", "yarn").getOrCreate()',
            "SparkSession.builder.getOrCreate()",
        ),
        (
            '(\n    SparkSession.builder\n    .master("yarn")\n    .getOrCreate()\n)',
            "(\n    SparkSession.builder\n    .getOrCreate()\n)",
        ),
    ],
)
def test_the_place_is_left_to_the_platform(chain: str, new: str) -> None:
    text = f"from pyspark.sql import SparkSession\n\nspark = {chain}\nspark.range(3).show()\n"

    found, after = refused(text)

    assert found is not None
    assert found.program == text.replace(chain, new)
    assert not [f for f in after if f.severity == "error"]


def test_hive_keeps_its_catalog_in_memory() -> None:
    text = program('spark.sql("create table x as select 1")\n', BUILDER)

    lines = cured(text, said("ENGINE_ERROR", METASTORE, 8), SALES).splitlines()

    assert lines == [
        '    .config("spark.hadoop.javax.jdo.option.ConnectionURL", '
        '"jdbc:derby:memory:metastore;create=true")',
        '    .config("spark.sql.warehouse.dir", "/tmp/spark-warehouse")',
    ]


def test_tables_of_a_catalog_are_found_in_glue() -> None:
    text = program('spark.table("shop.orders").show()\n', BUILDER)

    lines = cured(text, said("ENGINE_ERROR", METASTORE, 8))

    assert '    .config("spark.sql.catalogImplementation", "hive")' in lines
    assert "AWSGlueDataCatalogHiveClientFactory" in lines


def test_another_failure_of_java_is_not_hive_s() -> None:
    text = program("spark.range(3).show()\n", BUILDER)

    assert mended(text, said("ENGINE_ERROR", "Spark failed with IOException: no space", 8)) is None


def out_of_memory() -> Failure:
    return Failure(kind=FailureKind.RESOURCE, code="OUT_OF_MEMORY", message="too much", hint="h")


def test_too_little_memory_sends_no_table_whole_and_cuts_the_work_smaller() -> None:
    text = program(
        'big.join(F.broadcast(small), "id").coalesce(1).write.parquet(output)\n', BUILDER
    )

    lines = cured(text, out_of_memory()).splitlines()

    assert lines == [
        '    .config("spark.sql.autoBroadcastJoinThreshold", "-1")',
        '    .config("spark.sql.shuffle.partitions", "400")',
        'big.join(small, "id").write.parquet(output)',
    ]
