"""Files, tables and folders: read where the declared sources lie."""

import pytest

from arclight.contracts.names import Framework
from tests.codegen.mend.mending import (
    RAY,
    SALES,
    SPARK_PROGRAM,
    STORES,
    cured,
    line_of,
    mended,
    program,
    recorded,
    refused,
)


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_a_path_that_is_not_there_is_the_one_source(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "path_not_found"), SALES)

    assert found is not None
    assert 'spark.read.csv("file:///data/sales.csv").count()' in found.program


def test_of_several_sources_the_one_of_that_name_is_meant() -> None:
    text = program('x = spark.read.csv("/mnt/in/Stores.csv")\n')
    failure = recorded("spark", "path_not_found", line=6, path="file:/mnt/in/Stores.csv")

    assert cured(text, failure, SALES, STORES) == 'x = spark.read.csv("file:///data/stores.csv")'


def test_a_relative_path_is_known_by_its_end() -> None:
    text = program('x = spark.read.csv("./store.csv")\n')
    failure = recorded("spark", "path_not_found", line=6, path="file:/run/work/store.csv")

    assert cured(text, failure, SALES, STORES) == 'x = spark.read.csv("file:///data/stores.csv")'


def test_of_several_sources_none_is_guessed() -> None:
    text = program('x = spark.read.csv("/data/none.csv")\n')

    assert mended(text, recorded("spark", "path_not_found", line=6), SALES, STORES) is None


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ('a = spark.read.csv("in/stores.csv")\nb = spark.read.csv("/in/other.csv")\n', "other.csv"),
        ('a = spark.read.csv("file:///data/stores.csv")\nb = open("/x/a.csv")\n', "a.csv"),
        ('a = spark.read.parquet("/in/other.parquet")\n', "other.parquet"),
        ('a = open("/etc/passwd")\n', "passwd"),
    ],
)
def test_the_only_source_is_not_taken_for_just_any_file(lines: str, path: str) -> None:
    text = program(lines).replace(SALES.uri, "x")
    failure = recorded("spark", "path_not_found", line=6, path=f"file:/in/{path}")

    assert mended(text, failure, STORES) is None


def test_ray_s_missing_file_is_the_source() -> None:
    text = program('x = ray.data.read_csv("/data/none.csv")\n', RAY)

    lines = cured(text, recorded("ray", "missing_file", line=4), SALES, framework=Framework.RAY)

    assert lines == 'x = ray.data.read_csv("file:///data/sales.csv")'


def test_what_the_validator_refuses_to_read_is_the_source() -> None:
    text = program(
        """
        spark.read.csv("data/sales.csv", header=True).show()
        """,
        "from pyspark.sql import SparkSession\n\nspark = SparkSession.builder.getOrCreate()\n",
    )

    found, after = refused(text, SALES)

    assert found is not None
    assert found.program.splitlines()[-1] == (
        'spark.read.csv("file:///data/sales.csv", header=True).show()'
    )
    assert not [f for f in after if f.severity == "error"]


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_a_table_of_the_source_s_name_is_read(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "table_not_found"), SALES)

    assert found is not None
    assert (
        'spark.read.csv("file:///data/sales.csv", header=True, inferSchema=True).count()'
        in found.program
    )


def test_sql_gets_a_view_of_the_source_before_it() -> None:
    text = program('spark.sql("select sum(amount) from sales").show()\n')
    failure = recorded("spark", "table_not_found", line=line_of(text, "select"))

    assert cured(text, failure, SALES) == (
        'spark.read.csv("file:///data/sales.csv", header=True, inferSchema=True)'
        '.createOrReplaceTempView("sales")'
    )


def test_a_view_of_the_program_is_spelt_as_it_was_made() -> None:
    text = program(
        'df.createOrReplaceTempView("sales_table")\n'
        'spark.sql("select * from sale_table join t on sale_table.id = t.id").show()\n'
    )
    failure = recorded("spark", "table_not_found", line=7, relationName="sale_table")

    assert cured(text, failure) == (
        'spark.sql("select * from sales_table join t on sales_table.id = t.id").show()'
    )


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_a_folder_that_is_there_is_written_over(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "path_exists"))

    assert found is not None
    assert 'df.write.mode("overwrite").parquet("there"))' in found.program.splitlines()[23]


def test_another_mode_is_replaced() -> None:
    text = program('df.write.mode("error").parquet("out")\n')

    assert cured(text, recorded("spark", "path_exists", line=6)) == (
        'df.write.mode("overwrite").parquet("out")'
    )
