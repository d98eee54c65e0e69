"""SQL over views and tables."""

import pytest

from tests.validator.columns.programs import mended, spark

VIEWS = 'orders.createOrReplaceTempView("orders")\ncustomers.createOrReplaceTempView("c")\n'


def sql(statement: str) -> str:
    return f'{VIEWS}answer = spark.sql("""{statement}""")'


GOOD = [
    "SELECT id, o.region, `unit price` FROM orders o",
    "SELECT region, sum(quantity) AS s FROM orders GROUP BY region HAVING s > 1 ORDER BY s",
    "SELECT quantity * 2 AS twice, twice + 1 AS more FROM orders",
    "SELECT o.id, c.name FROM orders o JOIN c ON o.customer_id = c.customer_id",
    "SELECT customer_id, name FROM orders JOIN c USING (customer_id)",
    "WITH t AS (SELECT region AS r FROM orders) SELECT r FROM t WHERE r IS NOT NULL",
    "SELECT r FROM (SELECT region AS r, id FROM orders) t WHERE t.id > 1",
    "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM c WHERE c.customer_id = o.customer_id)",
    "SELECT id FROM orders WHERE customer_id IN (SELECT customer_id FROM c WHERE city = region)",
    "SELECT transform(array(id), x -> x + quantity) AS a FROM orders",
    "SELECT w FROM orders LATERAL VIEW explode(split(region, 'o')) t AS w",
    "SELECT date_trunc('month', ordered) AS m, extract(year FROM ordered) FROM orders ORDER BY m",
    "SELECT id, row_number() OVER (PARTITION BY region ORDER BY quantity) AS n FROM orders",
    "SELECT region FROM orders UNION SELECT city FROM c",
    "SELECT * FROM orders PIVOT (sum(quantity) FOR region IN ('a', 'b'))",
    "SELECT datediff(DAY, ordered, current_date) AS d FROM orders",
    "SELECT id FROM sales.orders",
    "SELECT anything FROM parquet.`s3://data/elsewhere.parquet`",
    "SELECT name FROM parquet.`s3://data/customers.parquet`",
    "this is no SQL at all",
]


@pytest.mark.parametrize("statement", GOOD)
def test_sql_that_runs_is_not_judged(statement: str) -> None:
    assert spark(sql(statement)) == []


BAD = [
    ("SELECT idd FROM orders", "COL001", "idd"),
    ("SELECT o.idd FROM orders o", "COL001", "o.idd"),
    ("SELECT id FROM orders WHERE quantty > 3", "COL001", "quantty"),
    ("SELECT region, count(*) FROM orders GROUP BY reigon", "COL001", "reigon"),
    ("SELECT id FROM orders ORDER BY quantty", "COL001", "quantty"),
    ("WITH t AS (SELECT region AS r FROM orders) SELECT region FROM t", "COL001", "region"),
    ("WITH t AS (SELECT regio FROM orders) SELECT * FROM t", "COL001", "regio"),
    ("SELECT o.id, c.nme FROM orders o JOIN c ON o.customer_id = c.customer_id", "COL001", "c.nme"),
    (
        "SELECT customer_id FROM orders o JOIN c ON o.customer_id = c.customer_id",
        "COL003",
        "customer_id",
    ),
    ("SELECT id FROM order", "COL002", "order"),
    ("SELECT name FROM custmers", "COL002", "custmers"),
]


@pytest.mark.parametrize(("statement", "code", "name"), BAD)
def test_sql_that_cannot_run_is_found(statement: str, code: str, name: str) -> None:
    first = spark(sql(statement))[0]
    assert first.code == code
    assert f"{name!r}" in first.message


def test_the_answer_of_a_statement_has_the_columns_that_it_selects() -> None:
    text = sql("SELECT region AS r, count(*) AS n FROM orders GROUP BY region")
    assert spark(f'{text}\nanswer.orderBy("n").select("r", "n")') == []
    assert [f.code for f in spark(f'{text}\nanswer.select("region")')] == ["COL001"]


def test_a_sort_of_the_answer_reaches_what_the_statement_left_out() -> None:
    assert spark(sql("SELECT id FROM orders") + '\nanswer.orderBy("region")') == []


def test_a_view_that_sql_makes_is_known() -> None:
    text = sql("CREATE OR REPLACE TEMP VIEW t AS SELECT region AS r FROM orders")
    assert spark(f'{text}\nspark.sql("SELECT r FROM t")') == []
    assert [f.code for f in spark(f'{text}\nspark.sql("SELECT region FROM t")')] == ["COL001"]


def test_a_view_under_an_unknown_name_ends_the_search_for_tables() -> None:
    assert spark('orders.createTempView(input())\nspark.sql("SELECT a FROM b")') == []


def test_a_name_inside_sql_is_mended_where_it_stands() -> None:
    body = sql("SELECT id,\n       quantty AS n\nFROM orders")
    (found,) = spark(body)
    assert found.fix is not None
    assert "quantity AS n" in found.fix.text
    from tests.validator.columns.programs import SPARK, findings

    text = mended(SPARK + body + "\n", found.fix)
    assert findings(text) == []
    assert text == SPARK + body.replace("quantty", "quantity") + "\n"
