"""Spark: which names a step needs, and which it leaves."""

import pytest

from arclight.contracts.names import Severity
from tests.validator.columns.programs import spark

GOOD = [
    'orders.select("id", F.col("region"), orders.quantity, orders["unit price"])',
    'orders.select("*").select("id")',
    'orders.select(["id", "quantity"]).select("quantity")',
    'orders.select(F.col("quantity").cast("double")).select("quantity")',
    'orders.selectExpr("quantity * 2 AS double", "`unit price`").select("double", "unit price")',
    'orders.withColumn("total", F.col("quantity") * F.col("unit price")).orderBy("total")',
    'orders.withColumns({"a": F.lit(1), "b": F.col("id")}).select("a", "b")',
    'orders.withColumnRenamed("id", "order").select("order")',
    'orders.withColumnsRenamed({"id": "a", "region": "b"}).select("a", "b")',
    'orders.toDF("a", "b", "c", "d", "e", "f").select("f")',
    'orders.drop("id", "ordered").select("region")',
    'orders.filter("quantity > 3 AND `unit price` < 5").filter(F.col("region") == "x")',
    'orders.where(orders.quantity.isNotNull() & ~F.col("region").isin("a", "b"))',
    # A filter and a sort still reach what the projection below them left out.
    'orders.select("id").filter("quantity > 3").orderBy("region")',
    'orders.drop("region").sort(F.desc("region"))',
    'orders.distinct().select("id").distinct().orderBy("region")',
    'orders.select("id").limit(2).sortWithinPartitions("region")',
    'orders.groupBy("region").agg(F.max("id").alias("m")).filter(F.max("quantity") > 1)',
    'orders.groupBy("region").agg(F.max("id").alias("m")).orderBy(F.max("quantity"))',
    'orders.groupBy("region").agg(F.sum("quantity").alias("s")).orderBy(F.desc("s"))',
    'orders.groupBy("region").agg(F.sum("quantity")).orderBy("sum(quantity)")',
    'orders.groupBy("region").agg({"quantity": "sum"}).select("sum(quantity)")',
    'orders.groupBy("region").sum("quantity").select("sum(quantity)")',
    'orders.groupBy("region").count().orderBy(F.desc("count"))',
    'orders.groupBy(F.month("ordered").alias("m")).agg(F.count("*").alias("n")).select("m", "n")',
    'orders.groupBy("region").pivot("ordered").sum("quantity").select("2024-01-01")',
    'orders.join(customers, "customer_id").select("customer_id", "name", "quantity")',
    'orders.join(customers, ["customer_id"], "left").select("city")',
    "orders.join(customers, orders.customer_id == customers.customer_id)"
    ".select(orders.customer_id, 'name')",
    "orders.join(customers, orders.customer_id == customers.customer_id)"
    ".drop(customers.customer_id).select('customer_id')",
    'orders.alias("o").join(customers.alias("c"), F.col("o.customer_id") == F.col("c.customer_id"))'
    '.select("o.customer_id", "c.name", "o.*")',
    'orders.join(customers, "customer_id", "left_anti").select("quantity")',
    'orders.union(orders).unionByName(orders).select("id")',
    'orders.unionByName(customers, allowMissingColumns=True).select("city", "quantity")',
    'orders.distinct().limit(3).dropDuplicates(["region"]).select("region")',
    'w = Window.partitionBy("region").orderBy(F.desc("quantity"))\n'
    'orders.withColumn("n", F.row_number().over(w)).filter("n <= 3")',
    'orders.select(F.explode(F.split("region", "o")).alias("part")).groupBy("part").count()',
    'orders.select(F.explode(F.split("region", "o"))).select("col")',
    'orders.select(F.date_format("ordered", "yyyy").alias("y")).groupBy("y").count()',
    'orders.select(F.concat_ws(" ", "region", "id").alias("both")).select("both")',
    'orders.select(F.expr("quantity + 1 AS more"), F.when(F.col("id") > 1, "x").alias("w"))'
    '.select("more", "w")',
    'orders.select(F.struct("id", "region").alias("s")).select("s.id", F.col("s.region"))',
    'orders.select(F.transform(F.array("id"), lambda x: x + 1).alias("a")).select("a")',
    'spark.read.csv("s3://data/orders.csv").select("_c0", "_c5")',
    'spark.read.csv("s3://data/orders.csv", schema="a INT, b STRING").select("a", "b")',
    'spark.read.format("csv").option("header", "true").load("s3://data/orders.csv").select("id")',
    'spark.read.schema("kind STRING").json("s3://data/events.json").select("kind")',
    'spark.table("sales.orders").select("orders.id", "sales.orders.region")',
    'spark.createDataFrame([(1, "a")], ["n", "m"]).select("n", "m")',
    'spark.createDataFrame([{"n": 1}]).select("n")',
    'spark.range(5).select("id")',
    'for row in orders.select("region").collect():\n    print(row["region"], row.region)',
    'orders.toPandas()["quantity"].mean()',
    'orders.fillna(0, subset=["quantity"]).dropna(subset=["id"]).select("id")',
    'orders.write.partitionBy("region").parquet("o")',
    'spark.read.csv(unknown_path, header=True).select("anything")',
    'spark.read.csv("s3://data/other.csv", header=True).select("anything")',
    'orders.transform(lambda d: d.withColumn("x", F.lit(1))).select("x")',
    'orders.agg(F.sum("quantity").alias("s"), F.avg("unit price")).select("s", "avg(unit price)")',
    'orders.somethingNew("x").select("anything")',
]
BAD = [
    ('orders.select("quantty")', "quantty", "quantity"),
    ('orders.select(F.col("unit_price"))', "unit_price", "unit price"),
    ("orders.select(orders.reigon)", "reigon", "Region"),
    ('orders.select(orders["reigon"])', "reigon", "Region"),
    ('orders.filter("quantty > 3")', "quantty", "quantity"),
    ('orders.filter(F.col("qty") > 3)', "qty", "quantity"),
    ('orders.selectExpr("quantty * 2 AS d")', "quantty", "quantity"),
    ('orders.select(F.expr("sum(quantitys)"))', "quantitys", "quantity"),
    ('orders.groupBy("regoin").count()', "regoin", "Region"),
    ('orders.groupBy("region").agg(F.sum("quantities").alias("s"))', "quantities", "quantity"),
    ('orders.groupBy("region").agg({"quantities": "sum"})', "quantities", "quantity"),
    ('orders.groupBy("region").sum("quantities")', "quantities", "quantity"),
    (
        'orders.groupBy("region").agg(F.sum("quantity").alias("total")).orderBy("totl")',
        "totl",
        "total",
    ),
    ('orders.groupBy("region").count().select("quantity")', "quantity", None),
    ('orders.drop("region").select("region")', "region", None),
    ('orders.select("id").alias("x").orderBy("region")', "region", None),
    ('orders.select("id").union(orders.select("id")).orderBy("region")', "region", None),
    (
        'orders.select("id", "customer_id").join(customers, "customer_id").orderBy("region")',
        "region",
        None,
    ),
    ('orders.groupBy("region").agg(F.max("id").alias("m")).orderBy("quantity")', "quantity", None),
    ('orders.withColumnRenamed("quantity", "n").select("quantity")', "quantity", None),
    ('orders.withColumn("t", F.col("quantty") * 2)', "quantty", "quantity"),
    ('orders.join(customers, "customer")', "customer", "customer_id"),
    ('orders.join(customers, "id")', "id", "customer_id"),
    ('orders.join(customers, "customer_id", "semi").select("name")', "name", None),
    ('orders.join(customers, F.col("id") == F.col("cust_id"))', "cust_id", "customer_id"),
    ('orders.alias("o").select("o.quantty")', "o.quantty", "o.quantity"),
    ('orders.dropDuplicates(["regions"])', "regions", "Region"),
    (
        'orders.withColumn("n", F.row_number().over(Window.partitionBy("reg").orderBy("id")))',
        "reg",
        "Region",
    ),
    ('orders.select(F.date_format("orderd", "yyyy"))', "orderd", "ordered"),
    ('orders.select(F.concat_ws(" ", "region", "nme"))', "nme", None),
    ('spark.read.csv("s3://data/orders.csv").select("id")', "id", None),
    ('orders.write.partitionBy("reigon").parquet("o")', "reigon", "Region"),
    ('for row in orders.select("id").collect():\n    print(row["quantity"])', "quantity", None),
    ('orders.toPandas()["quantty"].mean()', "quantty", "quantity"),
    ('spark.table("sales.orders").select("quantty")', "quantty", "quantity"),
    ('orders.transform(lambda d: d.select("idd"))', "idd", "id"),
    ('orders.fillna(0, subset=["quantty"])', "quantty", "quantity"),
    ('orders.unionByName(orders.withColumnRenamed("id", "order"))', "id", None),
]


@pytest.mark.parametrize("body", GOOD)
def test_what_runs_is_not_judged(body: str) -> None:
    assert spark(body) == []


@pytest.mark.parametrize(("body", "name", "meant"), BAD)
def test_an_unknown_column_is_found(body: str, name: str, meant: str | None) -> None:
    first = spark(body)[0]
    assert first.code == "COL001"
    assert first.severity is Severity.ERROR
    assert f"{name!r}" in first.message
    if meant is not None:
        assert first.candidates[0] == meant


@pytest.mark.parametrize(
    "body",
    [
        'orders.withColumnRenamed("quantty", "n")',
        'orders.drop("quantty")',
        'spark.read.json("s3://data/events.json").select("clicked")',
        'spark.read.schema("kind STRING, sort STRING").json("s3://data/events.json")',
    ],
    ids=["a rename that does nothing", "a drop that does nothing", "a sample", "NULL everywhere"],
)
def test_what_may_still_run_is_a_warning(body: str) -> None:
    found = spark(body)
    assert [(f.code, f.severity) for f in found] == [("COL001", Severity.WARNING)]


AMBIGUOUS = "orders.join(customers, orders.customer_id == customers.customer_id)"


@pytest.mark.parametrize(
    "body",
    [
        f'{AMBIGUOUS}.select("customer_id")',
        f'{AMBIGUOUS}.groupBy(F.col("customer_id")).count()',
        'orders.join(orders, "id").select("region")',
        'orders.crossJoin(customers).filter("customer_id > 1")',
    ],
)
def test_a_name_of_both_sides_is_ambiguous(body: str) -> None:
    assert [f.code for f in spark(body)] == ["COL003"]


def test_aliases_of_both_sides_are_the_candidates_for_an_ambiguous_name() -> None:
    on = 'F.col("o.customer_id") == F.col("c.customer_id")'
    joined = f'orders.alias("o").join(customers.alias("c"), {on})'
    (found,) = spark(f'{joined}.select("customer_id")')
    assert found.candidates == ("o.customer_id", "c.customer_id")


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('orders.agg(F.sum("region"))', ["COL004"]),
        ('orders.groupBy("id").avg("ordered")', ["COL004"]),
        ('orders.agg(F.avg(F.col("region").cast("double")))', []),
        ('orders.agg(F.max("region"), F.count("region"), F.min("ordered"))', []),
        ('orders.agg(F.sum("quantity"), F.avg("unit price"))', []),
    ],
)
def test_a_measure_of_numbers_over_something_else_is_a_warning(body: str, codes: list[str]) -> None:
    found = spark(body)
    assert [f.code for f in found] == codes
    assert {f.severity for f in found} <= {Severity.WARNING}
