# ---
# id = "spark-bounded-result"
# title = "Collects more than memory holds"
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

spark = SparkSession.builder.config("spark.driver.maxResultSize", "0").getOrCreate()
wide = spark.range(2 * P["limits"]["memory"] // (1 << 20)).selectExpr("repeat('x', 1048576) AS x")
print(len(wide.collect()))
