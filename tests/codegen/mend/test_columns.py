"""Columns that nobody has, in all the ways in which a program names one."""

import pytest

from arclight.contracts.names import Framework
from tests.codegen.mend.mending import (
    RAY,
    SALES,
    SPARK_PROGRAM,
    cured,
    line_of,
    mended,
    new_lines,
    program,
    recorded,
    said,
)


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_the_program_that_was_recorded_is_mended_at_the_one_place(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "column"))

    assert found is not None
    assert new_lines(SPARK_PROGRAM, found.program) == (
        'case("column", lambda: df.select("amount"))'
    )
    assert found.reason == (
        "Column 'amuont' is now 'amount': there is no 'amuont', and it is close."
    )
    assert found.assumptions == ()


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ('df.select("amuont")', 'df.select("amount")'),
        ("df.select(df.amuont)", "df.select(df.amount)"),
        ("df.select(df['amuont'])", "df.select(df['amount'])"),
        ('df.agg({"amuont": "sum"})', 'df.agg({"amount": "sum"})'),
        ('df.alias("a").select("a.amuont")', 'df.alias("a").select("a.amount")'),
        ('df.filter("amuont > 3")', 'df.filter("amount > 3")'),
        ('df.filter(F.expr("`amuont` > 3"))', 'df.filter(F.expr("amount > 3"))'),
        ('df.selectExpr("sum(amuont) as s")', 'df.selectExpr("sum(amount) as s")'),
        (
            "spark.sql(\"select s.amuont from sales s where x = 'amuont'\")",
            "spark.sql(\"select s.amount from sales s where x = 'amuont'\")",
        ),
        (
            'spark.sql(f"select amuont from {table}")',
            'spark.sql(f"select amount from {table}")',
        ),
        ('df.groupBy("region").sum("amuont")', 'df.groupBy("region").sum("amount")'),
        (
            'df.withColumnRenamed("amuont", "total")',
            'df.withColumnRenamed("amount", "total")',
        ),
    ],
)
def test_it_is_renamed_wherever_it_is_read(line: str, new: str) -> None:
    text = program(f"answer = {line}  # the amuont\n")
    failure = recorded("spark", "column", line=line_of(text, "answer"))

    assert cured(text, failure) == f"answer = {new}  # the amuont"


def test_every_use_is_renamed_at_once() -> None:
    text = program('a = df.filter(F.col("amuont") > 1)\nb = a.select("amuont")\n')

    lines = cured(text, recorded("spark", "column", line=line_of(text, "a =")))

    assert lines == 'a = df.filter(F.col("amount") > 1)\nb = a.select("amount")'


def test_a_column_that_the_program_makes_keeps_its_name() -> None:
    text = program('a = df.select("amuont")\nb = df.withColumn("amuont", F.lit(1))\n')

    lines = cured(text, recorded("spark", "column", line=line_of(text, "a =")))

    assert lines == 'a = df.select("amount")'


def test_a_name_with_spaces_is_written_as_each_place_needs() -> None:
    text = program('a = df.filter("net_amuont > 1").select(df.net_amuont)\n')
    failure = recorded("spark", "column", line=6, objectName="net_amuont", proposal="net amount")

    assert cured(text, failure) == 'a = df.filter("`net amount` > 1").select(df["net amount"])'


def test_nothing_is_renamed_to_something_else_altogether() -> None:
    text = program('df.select("revenue").show()\n')
    failure = recorded("spark", "column", line=6, objectName="revenue")

    assert mended(text, failure, SALES) is None


def test_the_next_proposal_is_taken_when_the_first_was_tried() -> None:
    text = program('df.select("amoun").show()\n')
    failure = recorded("spark", "column", line=6, objectName="amoun", proposal="amount, amounts")
    first = mended(text, failure)
    assert first is not None

    second = mended(text, failure, tried=(first.program,))

    assert second is not None
    assert {first.program.splitlines()[-1], second.program.splitlines()[-1]} == {
        'df.select("amount").show()',
        'df.select("amounts").show()',
    }


@pytest.mark.parametrize(("name", "column"), [("sum_missing", "amuont"), ("group_missing", "nme")])
def test_ray_names_the_columns_that_there_are(name: str, column: str) -> None:
    text = program(f'ray.data.read_csv("x.csv").sum("{column}")\n', RAY)
    meant = {"amuont": "amount", "nme": "name"}[column]

    lines = cured(text, recorded("ray", name, line=4), framework=Framework.RAY)

    assert lines == f'ray.data.read_csv("x.csv").sum("{meant}")'


def test_a_key_of_a_row_is_found_among_the_columns_of_the_sources() -> None:
    text = program(
        """
        def double(row):
            return {"amount": row["amuont"] * 2}
        """,
        RAY,
    )
    failure = recorded("ray", "map_key", line=line_of(text, "return"))

    assert cured(text, failure, SALES, framework=Framework.RAY) == (
        '    return {"amount": row["amount"] * 2}'
    )
    assert mended(text, failure, framework=Framework.RAY) is None


@pytest.mark.parametrize(
    "key", ["amuont", "['amuont'] not in index", "\"['amuont'] not in index\""]
)
def test_keys_of_pandas_are_keys(key: str) -> None:
    text = program('frame[["amuont"]]\n', RAY)

    lines = cured(text, said("KEY_ERROR", "KeyError", 4, key=key), SALES, framework=Framework.RAY)

    assert lines == 'frame[["amount"]]'


def test_an_attribute_that_is_no_method_is_a_column() -> None:
    text = program("df.select(df.amuont).show()\n")
    message = "[ATTRIBUTE_NOT_SUPPORTED] Attribute `amuont` is not supported."

    lines = cured(text, said("ATTRIBUTE_NOT_SUPPORTED", message, 6), SALES)

    assert lines == "df.select(df.amount).show()"
