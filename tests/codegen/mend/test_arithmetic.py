"""Divisions by zero and numbers that are too large."""

import pytest

from arclight.contracts.names import Framework
from tests.codegen.mend.mending import (
    RAY,
    SPARK_PROGRAM,
    cured,
    line_of,
    mended,
    program,
    recorded,
)


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_the_recorded_division_is_tried(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "divide_by_zero"))

    assert found is not None
    assert (
        'F.try_divide(F.try_to_number(F.lit("5"), F.lit("9")), F.col("zero"))).collect()'
        in found.program
    )
    assert found.assumptions == ("where the divisor is 0 the result is missing.",)


@pytest.mark.parametrize(
    ("expression", "new"),
    [
        ('F.col("a") / F.col("b")', 'F.try_divide(F.col("a"), F.col("b"))'),
        ("(df.a + 1) / df.b", "F.try_divide(df.a + 1, df.b)"),
        ("1 / df.b", "F.try_divide(F.lit(1), df.b)"),
        ("df.a % df.b", "F.try_mod(df.a, df.b)"),
        ('100 * (F.sum("a") / F.sum("b"))', '100 * F.try_divide(F.sum("a"), F.sum("b"))'),
    ],
)
def test_columns_are_divided_by_a_function_that_gives_null(expression: str, new: str) -> None:
    text = program(f"x = df.select({expression})\n")

    assert cured(text, recorded("spark", "divide_by_zero", line=6)) == f"x = df.select({new})"


def test_a_constant_divisor_is_not_the_one() -> None:
    text = program("x = df.select(df.a / 100 / df.b)\n")

    assert cured(text, recorded("spark", "divide_by_zero", line=6)) == (
        "x = df.select(F.try_divide(df.a / 100, df.b))"
    )


@pytest.mark.parametrize(
    ("query", "new"),
    [
        ("select a / b from s", "select a / nullif(b, 0) from s"),
        ("select sum(a)/sum(b) from s", "select sum(a)/ nullif(sum(b), 0) from s"),
        ("select a / (b - c) from s", "select a / nullif(b - c, 0) from s"),
    ],
)
def test_sql_divides_by_nullif(query: str, new: str) -> None:
    text = program(f'spark.sql("{query}").show()\n')

    assert cured(text, recorded("spark", "divide_by_zero", line=6)) == f'spark.sql("{new}").show()'


def test_python_divides_where_it_can() -> None:
    text = program("def divide(x):\n    return 1 / x\n", RAY)
    failure = recorded("ray", "task_zero", line=line_of(text, "return"))

    assert cured(text, failure, framework=Framework.RAY) == ("    return (1 / x if x else None)")


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_the_recorded_overflow_is_computed_in_a_larger_type(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "overflow"))

    assert found is not None
    assert 'F.lit(2147483647).cast("bigint") + F.col("id").cast("bigint")' in found.program


def test_a_type_that_is_an_object_becomes_the_larger_one() -> None:
    text = program("x = df.select(df.a.cast(T.IntegerType()) + df.b)\n")

    assert cured(text, recorded("spark", "overflow", line=6)) == (
        "x = df.select(df.a.cast(T.LongType()) + df.b)"
    )
