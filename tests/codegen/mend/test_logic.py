"""Conditions on columns."""

import pytest

from tests.codegen.mend.mending import cured, program, refused, said

COLUMN = """
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
df = spark.range(9).selectExpr("id AS a", "id AS b", "id AS c", "id AS x", "id AS y")
"""
RAISED = "[CANNOT_CONVERT_COLUMN_INTO_BOOL] Cannot convert column into bool"


@pytest.mark.parametrize(
    ("condition", "new"),
    [
        (
            'F.col("a") > 1 and F.col("b") > 1',
            '(F.col("a") > 1) & (F.col("b") > 1)',
        ),
        (
            '(F.col("a") > 1) or (F.col("b") > 1)',
            '(F.col("a") > 1) | (F.col("b") > 1)',
        ),
        ('not F.col("a").isNull()', '~F.col("a").isNull()'),
        (
            'F.col("a") > 1 and (F.col("b") > 1 or not F.col("c") == 2)',
            '(F.col("a") > 1) & ((F.col("b") > 1) | ~(F.col("c") == 2))',
        ),
        (
            'F.col("a") > 1 and F.col("b") > 1 and F.col("c").isNull()',
            '((F.col("a") > 1) & (F.col("b") > 1)) & F.col("c").isNull()',
        ),
    ],
)
def test_the_validator_s_finding_is_mended_in_place(condition: str, new: str) -> None:
    text = program(f"df.filter({condition}).show()  # ours\n", COLUMN)

    found, after = refused(text)

    assert found is not None
    assert found.program == text.replace(condition, new)
    assert not [f for f in after if f.code == "SPK008"]


@pytest.mark.parametrize(
    ("condition", "new"),
    [
        ("df.a > 1 and df.b", "(df.a > 1) & df.b"),
        ("1 < df.a < 5", "((1 < df.a) & (df.a < 5))"),
        ("df.a in [1, 2]", "df.a.isin([1, 2])"),
        ("df.a not in (1, 2)", "~df.a.isin((1, 2))"),
        ("not (df.a in [1] or df.b > 2)", "~(df.a.isin([1]) | (df.b > 2))"),
    ],
)
def test_what_only_the_run_shows_is_mended_on_its_line(condition: str, new: str) -> None:
    text = program(f"if x and y:\n    df.filter({condition}).show()\n", COLUMN)

    lines = cured(text, said("CANNOT_CONVERT_COLUMN_INTO_BOOL", RAISED, 7))

    assert lines == f"    df.filter({new}).show()"


def test_two_conditions_are_mended_at_once() -> None:
    text = program(
        'a = df.filter(F.col("x") > 1 and F.col("y") > 1)\n'
        'b = df.filter(not F.col("x").isNull())\n'
        "b.show()\n",
        COLUMN,
    )

    found, after = refused(text)

    assert found is not None
    assert '(F.col("x") > 1) & (F.col("y") > 1)' in found.program
    assert '~F.col("x").isNull()' in found.program
    assert not [f for f in after if f.severity == "error"]
