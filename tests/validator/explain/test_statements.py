"""SQL in sentences: its clauses in the order in which they are computed."""

import pytest

from services.validator.analysis.fold import HOLE
from services.validator.explain.statements import statement
from tests.validator.explain.told import SPARK, steps


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from orders", ["by SQL, take the rows of orders"]),
        (
            "SELECT region, sum(price) AS total FROM orders WHERE year = 2024 GROUP BY region"
            " HAVING sum(price) > 10 ORDER BY total DESC LIMIT 5;",
            [
                "by SQL, take the rows of orders",
                "keep the rows where `year = 2024`",
                "for each `region`: `region, sum(price) AS total`",
                "keep the groups where `sum(price) > 10`",
                "sort by `total DESC`",
                "keep the first 5 rows",
            ],
        ),
        (
            "select distinct o.a from orders o left outer join sales.customers c on o.id = c.id"
            " cross join days",
            [
                "by SQL, take the rows of orders o",
                "left join with sales.customers c on `o.id = c.id`",
                "cross join with days",
                "take `o.a`",
                "keep each different row once",
            ],
        ),
        (
            "select date_trunc('month', day) as m, max(x) from t group by 1",
            [
                "by SQL, take the rows of t",
                "for each `date_trunc('month', day)`: `date_trunc('month', day) as m, max(x)`",
            ],
        ),
        (
            "with a as (select * from t where x > 1), b as (select y from a) select y from b",
            [
                "by SQL, make a: take the rows of t; keep the rows where `x > 1`",
                "by SQL, make b: take the rows of a; take `y`",
                "by SQL, take the rows of b",
                "take `y`",
            ],
        ),
        (
            "select a from t union all select a from u except select a from v",
            [
                "by SQL, take the rows of t",
                "take `a`",
                "put this together with the rows of the next query",
                "take the rows of u",
                "take `a`",
                "take out the rows of the next query",
                "take the rows of v",
                "take `a`",
            ],
        ),
        (
            "create or replace temporary view v as select * from parquet.`s3://data/x`",
            ["by SQL, take the rows of s3://data/x as parquet", "call the result v"],
        ),
        (
            "select a from t where b is distinct from c -- limit 3\n and d = 'group by e'",
            [
                "by SQL, take the rows of t",
                "keep the rows where `b is distinct from c and d = 'group by e'`",
                "take `a`",
            ],
        ),
        (
            "select a from (select a from t limit 3) x",
            ["by SQL, take the rows of `(select a from t limit 3) x`", "take `a`"],
        ),
        (
            "insert into x select a from t",
            [
                "run `insert into x` with the rows of this query",
                "by SQL, take the rows of t",
                "take `a`",
            ],
        ),
        ("show tables", ["run the SQL `show tables`"]),
        (HOLE, ["run SQL that only the run knows"]),
        (
            f"select a from t where b > {HOLE}",
            [
                "run SQL of which parts are known to the run only",
                "by SQL, take the rows of t",
                "keep the rows where `b > …`",
                "take `a`",
            ],
        ),
    ],
)
def test_clauses_become_sentences(sql: str, said: list[str]) -> None:
    assert list(statement(sql)) == said


@pytest.mark.parametrize(
    "sql",
    [
        "",
        ";",
        "select",
        "select from",
        "with",
        "with a as (",
        "(((",
        "from x",
        "'",
        "select * from (",
        "create view",
    ],
)
def test_broken_sql_is_no_error(sql: str) -> None:
    list(statement(sql))


def test_a_very_long_statement_takes_no_time() -> None:
    assert list(statement("select " + "(" * 100_000)) == [
        "run a SQL statement that is too long to explain"
    ]
    list(statement("with a as (select b from c) " * 500))
    list(statement("select a from t join u on " * 500))


def test_the_sql_of_a_program_is_told() -> None:
    program = f"""{SPARK}
orders.createOrReplaceTempView("o")
spark.sql("select a from o where b > 1").write.parquet(args.output)
"""
    assert steps(program) == [
        "Give the rows the name o for SQL.",
        "By SQL, take the rows of o.",
        "Keep the rows where `b > 1`.",
        "Take `a`.",
        "Write the answer to the output folder as Parquet.",
    ]
