"""Joins that leave a name twice, and aggregates beside plain columns."""

import pytest

from tests.codegen.mend.mending import (
    SPARK_PROGRAM,
    cured,
    line_of,
    mended,
    program,
    recorded,
)

AMBIGUOUS = {"name": "region", "referenceNames": "[region, region]"}
LISTED = {"name": "amount", "referenceNames": "[a.amount, b.amount]"}


@pytest.mark.parametrize(
    "condition",
    [
        "df.region == other.region",
        'df["region"] == other["region"]',
        'F.col("a.region") == F.col("b.region")',
    ],
)
def test_a_key_of_both_sides_is_there_once(condition: str) -> None:
    text = program(f'both = df.join(other, {condition}, "left")\nboth.select("region").show()\n')
    failure = recorded("spark", "ambiguous", line=line_of(text, "select"), **AMBIGUOUS)

    assert cured(text, failure) == 'both = df.join(other, "region", "left")'


def test_a_join_that_keeps_the_right_side_is_not_changed_so() -> None:
    text = program(
        'both = df.join(other, df.region == other.region, how="right")\n'
        'both.select("region").show()\n'
    )
    failure = recorded("spark", "ambiguous", line=line_of(text, "select"), **AMBIGUOUS)

    assert cured(text, failure) == 'both.select(df["region"]).show()'


def test_the_same_as_spark_connect_says_it() -> None:
    found = mended(SPARK_PROGRAM, recorded("spark_connect", "ambiguous"))

    assert found is not None
    assert 'df.join(df, "name").select("amount")' in found.program


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
def test_an_alias_says_which_side_and_the_reader_is_told(engine: str) -> None:
    found = mended(SPARK_PROGRAM, recorded(engine, "ambiguous2"))

    assert found is not None
    assert 'df.alias("b"), "name").select("a.amount")' in found.program
    assert found.assumptions == ("'amount' is taken from a, not from b.",)


def test_the_frame_says_which_side() -> None:
    text = program('df.join(other, "region").select(F.col("amount"), "region").show()\n')
    failure = recorded(
        "spark", "ambiguous", line=6, name="amount", referenceNames="[amount, amount]"
    )

    assert cured(text, failure) == (
        'df.join(other, "region").select(df["amount"], "region").show()'
    )


def test_sql_is_qualified_by_its_own_aliases() -> None:
    text = program('spark.sql("select amount as x from s a join t b on a.id = b.id").show()\n')
    failure = recorded("spark", "ambiguous2", line=6, **LISTED)

    assert cured(text, failure) == (
        'spark.sql("select a.amount as x from s a join t b on a.id = b.id").show()'
    )


def test_two_columns_of_one_frame_cannot_be_told_apart() -> None:
    text = program('df.join(df, df.region == df.region).select("amount").show()\n')

    assert mended(text, recorded("spark", "ambiguous", line=6)) is None


@pytest.mark.parametrize(
    ("query", "new"),
    [
        ("select region, count(*) from s", "select region, count(*) from s GROUP BY region"),
        (
            "select region as r, sum(x) from s where x > 1 order by 2 desc",
            "select region as r, sum(x) from s where x > 1 GROUP BY region order by 2 desc",
        ),
        (
            "select upper(region) r, 1 as one, max(x) from s limit 3",
            "select upper(region) r, 1 as one, max(x) from s GROUP BY upper(region) limit 3",
        ),
        (
            "select region, day, sum(x) from s group by region order by 3",
            "select region, day, sum(x) from s group by region, day order by 3",
        ),
    ],
)
def test_sql_groups_by_what_stands_beside_the_aggregate(query: str, new: str) -> None:
    text = program(f'spark.sql("{query}").show()\n')

    assert cured(text, recorded("spark", "missing_group_by", line=6)) == (
        f'spark.sql("{new}").show()'
    )


def test_the_recorded_query_is_mended() -> None:
    found = mended(SPARK_PROGRAM, recorded("spark", "missing_group_by"))

    assert found is not None
    assert '"select id, count(*) from range(3) GROUP BY id"' in found.program
    assert found.assumptions == ("There is one row for each id.",)


@pytest.mark.parametrize(
    "query",
    [
        "select *, count(*) from s",
        "select a, count(*) from (select a from s)",
        "select a, sum(x) over (partition by a), count(*) from s",
    ],
)
def test_a_query_that_is_not_plain_is_left_alone(query: str) -> None:
    text = program(f'spark.sql("{query}").show()\n')

    assert mended(text, recorded("spark", "missing_group_by", line=6)) is None


@pytest.mark.parametrize(
    ("line", "new"),
    [
        (
            'df.select("region", F.col("day"), F.sum("amount").alias("total")).show()',
            'df.groupBy("region", F.col("day")).agg(F.sum("amount").alias("total")).show()',
        ),
        (
            'df.groupBy("region").agg("day", F.sum("amount")).show()',
            'df.groupBy("region", "day").agg(F.sum("amount")).show()',
        ),
        (
            'df.groupBy("region").agg(F.sum("amount"), F.col("day")).show()',
            'df.groupBy("region", F.col("day")).agg(F.sum("amount")).show()',
        ),
    ],
)
def test_frames_group_by_what_stands_beside_the_aggregate(line: str, new: str) -> None:
    text = program(f"{line}\n")

    assert cured(text, recorded("spark", "missing_group_by", line=6)) == new


def test_plain_columns_after_the_aggregate_keep_their_order_and_so_the_program() -> None:
    text = program('df.select(F.sum("amount"), "region").show()\n')

    assert mended(text, recorded("spark", "missing_group_by", line=6)) is None
