"""Small work that loads what programs need: classes, compiled expressions, connections.

`warm` is what a process does before it says that it is ready; `train` is what the class archive is
recorded from. Both take a session of either kind, write only below the folder they are given, and
leave no view, cached table or setting in the session.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

ROWS = "".join(f"2024-0{1 + n % 9}-11,name {n % 7},{n},{n / 3:.2f},{n % 2}\n" for n in range(400))
HEADER = "day,name,amount,price,flag\n"


def warm(spark: Any) -> None:
    """The shape of most programs: CSV, filter, cast, group, sort, Parquet, read back."""
    with _folder() as folder:
        _group(spark, _csv(folder), f"{folder}/out")


def heat(spark: Any) -> None:
    """The same over as many rows, and as often, as Java takes to compile what programs need.

    For an engine that serves many: its first jobs are then as fast as its tenth.
    """
    with _folder() as folder:
        path = _csv(folder, copies=50)
        for _ in range(4):
            _group(spark, path, f"{folder}/out")


def train(spark: Any) -> None:
    """A wider range, each once: what is not met here is loaded from the JARs when it is needed."""
    with _folder() as folder:
        path = _csv(folder)
        _group(spark, path, f"{folder}/out")
        _formats(spark, path, folder)
        _columns(spark, path, f"{folder}/wide")
        _local(spark, path)
        _mistakes(spark, path)
        _views(spark, path)


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="warm-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _csv(folder: str, copies: int = 1) -> str:
    path = os.path.join(folder, "in.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEADER + ROWS * copies)
    return f"file://{path}"


def _group(spark: Any, path: str, out: str) -> None:
    from pyspark.sql import functions as F

    read = spark.read.csv(path, header=True, inferSchema=True)
    grouped = (
        read.filter((F.col("amount") > 3) & F.col("name").isNotNull())
        .withColumn("total", F.col("price").cast("double") * F.col("amount"))
        .groupBy("name")
        .agg(F.sum("total").alias("total"), F.count("*").alias("n"), F.avg("price").alias("mean"))
        .orderBy(F.desc("total"))
        .limit(5)
    )
    grouped.write.mode("overwrite").parquet(out)
    spark.read.parquet(out).collect()


def _formats(spark: Any, path: str, folder: str) -> None:
    read = spark.read.option("header", True).schema(
        "day date, name string, amount int, price decimal(10,2), flag int"
    )
    table = read.csv(path)
    table.write.mode("overwrite").partitionBy("flag").json(f"{folder}/json")
    spark.read.json(f"{folder}/json").count()
    table.coalesce(1).write.mode("overwrite").csv(f"{folder}/csv", header=True)
    table.write.mode("overwrite").parquet(f"{folder}/again")
    spark.read.parquet(f"{folder}/again").printSchema()


def _columns(spark: Any, path: str, out: str) -> None:
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    table = spark.read.csv(path, header=True, inferSchema=True)
    other = table.groupBy("name").agg(F.max("amount").alias("most"), F.countDistinct("day"))
    window = Window.partitionBy("name").orderBy(F.desc("amount"))
    wide = (
        table.join(other, "name", "left")
        .withColumn("rank", F.row_number().over(window))
        .withColumn("before", F.lag("amount").over(window))
        .withColumn("day", F.to_date("day"))
        .withColumn("month", F.date_trunc("month", F.col("day")))
        .withColumn("year", F.year("day"))
        .withColumn("size", F.when(F.col("amount") > 100, "big").otherwise("small"))
        .withColumn("clean", F.trim(F.lower(F.regexp_replace("name", r"\s+", "_"))))
        .withColumn("share", F.round(F.col("amount") / (F.col("most") + 1), 2))
        .withColumn("safe", F.try_divide(F.col("amount"), F.col("flag")))
        .fillna(0, ["before"])
        .dropDuplicates(["name", "day", "amount"])
    )
    wide.write.mode("overwrite").parquet(out)
    wide.filter(F.col("rank") <= 3).select("name", "month", "share").distinct().show(3)
    wide.groupBy("year").pivot("size", ["big", "small"]).agg(F.sum("amount")).collect()
    wide.union(wide).orderBy("name", F.asc("amount")).limit(3).toPandas()
    wide.select(F.percentile_approx("amount", 0.5), F.stddev("amount"), F.corr("amount", "price"))
    wide.groupBy("name").agg(F.collect_list("amount"), F.percentile_approx("amount", 0.5)).collect()


def _local(spark: Any, path: str) -> None:
    made = spark.createDataFrame([(1, "a", 0.5), (2, "b", None)], "id int, text string, x double")
    made.join(spark.range(3), "id").collect()
    spark.read.csv(path, header=True).describe().collect()
    spark.read.csv(path, header=True).explain()
    made.isEmpty()
    made.cache().count()
    made.unpersist(blocking=True)


def _mistakes(spark: Any, path: str) -> None:
    """Errors load a good deal of classes too, and a repair is waiting for them."""
    from pyspark.sql import functions as F

    table = spark.read.csv(path, header=True)
    for wrong in (
        lambda: table.select("nmae").collect(),
        lambda: table.select(F.col("name").cast("int")).collect(),
        lambda: table.select(F.lit(1) / (F.length("name") - F.length("name"))).collect(),
        lambda: spark.read.csv(f"{path}.none").count(),
    ):
        with contextlib.suppress(Exception):
            wrong()  # type: ignore[no-untyped-call]


def _views(spark: Any, path: str) -> None:
    spark.read.csv(path, header=True, inferSchema=True).createOrReplaceTempView("warm_up")
    text = "select name, sum(amount) as a from warm_up where flag = 1 group by name order by a"
    spark.sql(text).collect()
    spark.sql(f"with t as ({text}) select count(*), max(a) from t").collect()
    spark.catalog.dropTempView("warm_up")
