"""Methods, functions, keywords and SQL that are spelt a little differently."""

import pytest

from arclight.contracts.names import Framework
from services.codegen.mend import known
from tests.codegen.mend.known import FILE, computed, written
from tests.codegen.mend.mending import RAY, SPARK_PROGRAM, cured, mended, program, recorded, said


@pytest.mark.parametrize(
    ("line", "code", "message", "new"),
    [
        (
            'df.groupby_("a").count()',
            "ATTRIBUTE_NOT_SUPPORTED",
            "[ATTRIBUTE_NOT_SUPPORTED] Attribute `groupby_` is not supported.",
            'df.groupBy("a").count()',
        ),
        (
            'df.orderby("a")',
            "ATTRIBUTE_NOT_SUPPORTED",
            "[ATTRIBUTE_NOT_SUPPORTED] Attribute `orderby` is not supported.",
            'df.orderBy("a")',
        ),
        (
            'df.with_column("a", F.lit(1))',
            "ATTRIBUTE_NOT_SUPPORTED",
            "[ATTRIBUTE_NOT_SUPPORTED] Attribute `with_column` is not supported.",
            'df.withColumn("a", F.lit(1))',
        ),
        (
            'df.sort_values("a")',
            "ATTRIBUTE_NOT_SUPPORTED",
            "[ATTRIBUTE_NOT_SUPPORTED] Attribute `sort_values` is not supported.",
            'df.orderBy("a")',
        ),
        (
            'df.groupBy("a").summ("b")',
            "ATTRIBUTE_ERROR",
            "AttributeError: 'GroupedData' object has no attribute 'summ'",
            'df.groupBy("a").sum("b")',
        ),
        (
            'df.select(F.uper("a"))',
            "ATTRIBUTE_ERROR",
            "AttributeError: module 'pyspark.sql.functions' has no attribute 'uper'",
            'df.select(F.upper("a"))',
        ),
    ],
)
def test_a_method_that_is_nearly_one_is_that_one(
    line: str, code: str, message: str, new: str
) -> None:
    assert cured(program(f"x = {line}\n"), said(code, message, 6)) == f"x = {new}"


def test_of_a_dataset_of_ray_too() -> None:
    text = program('x = ray.data.range(3).group_by("id")\n', RAY)
    message = "AttributeError: 'Dataset' object has no attribute 'group_by'"

    lines = cured(text, said("ATTRIBUTE_ERROR", message, 4), framework=Framework.RAY)

    assert lines == 'x = ray.data.range(3).groupby("id")'


def test_a_method_like_nothing_is_left_alone() -> None:
    assert mended(SPARK_PROGRAM, recorded("spark", "udf_code")) is None


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ('df.filter(F.col("a").isnull())', 'df.filter(F.col("a").isNull())'),
        ("df.filter(df.a.is_in(1))", "df.filter(df.a.isin(1))"),
        ('df.filter(F.col("a") > 1).orderby("a")', 'df.filter(F.col("a") > 1).orderBy("a")'),
        ('df.groupby_("a").count()', 'df.groupBy("a").count()'),
        ("F.isnull(df.a).aliass('x')", "F.isnull(df.a).alias('x')"),
    ],
)
def test_a_method_that_spark_took_for_a_field(line: str, new: str) -> None:
    text = program(f"x = {line}\n")
    message = "TypeError: 'Column' object is not callable"

    assert cured(text, said("TYPE_ERROR", message, 6)) == f"x = {new}"


@pytest.mark.parametrize(
    ("line", "message", "new"),
    [
        (
            'spark.read.csv("x", heder=True)',
            "DataFrameReader.csv() got an unexpected keyword argument 'heder'",
            'spark.read.csv("x", header=True)',
        ),
        (
            'spark.read.csv("x", delimiter=";")',
            "DataFrameReader.csv() got an unexpected keyword argument 'delimiter'",
            'spark.read.csv("x", sep=";")',
        ),
        (
            'df.join(df, "a", hw="left")',
            "DataFrame.join() got an unexpected keyword argument 'hw'",
            'df.join(df, "a", how="left")',
        ),
    ],
)
def test_a_keyword_that_is_nearly_one_is_that_one(line: str, message: str, new: str) -> None:
    failure = said("TYPE_ERROR", f"TypeError: {message}", 6)

    assert cured(program(f"x = {line}\n"), failure) == f"x = {new}"


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_the_recorded_sql_parses(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "parse_error"))

    assert found is not None
    assert 'spark.sql("select 1")' in found.program


def test_a_function_of_sql_that_is_nearly_one_is_that_one() -> None:
    text = program("x = spark.sql(\"select uper(a), 'uper(b)' from s\")\n")

    lines = cured(text, recorded("spark", "routine", line=6, routineName="uper"))

    assert lines == "x = spark.sql(\"select upper(a), 'uper(b)' from s\")"


def test_a_function_like_nothing_is_left_alone() -> None:
    assert mended(SPARK_PROGRAM, recorded("spark", "routine")) is None


def test_python_s_own_functions_come_back_from_the_star_import() -> None:
    text = (
        "from pyspark.sql.functions import *\n\n"
        'x = df.select(sum("a"), upper(col("b")))\n'
        "n = sum([1, 2])\n"
    )
    failure = said("NOT_ITERABLE", "[NOT_ITERABLE] Column is not iterable.", 4)

    assert cured(text, failure).splitlines() == [
        "from pyspark.sql import functions as F",
        'x = df.select(F.sum("a"), F.upper(F.col("b")))',
    ]


def test_the_known_names_are_those_of_the_installed_engines() -> None:
    assert FILE.read_text() == written(computed())
    assert "groupBy" in known.methods("DataFrame")
