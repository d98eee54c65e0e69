# ---
# id = "spark-bounded-disk"
# title = "Writes far more than it may"
# clause = "bounded"
# engine = "spark"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
rows = 6 * P["limits"]["bytes"] // 200
spark.range(rows).selectExpr("id", "sha2(string(id), 512) AS a").write.option(
    "compression", "none"
).parquet("output")
