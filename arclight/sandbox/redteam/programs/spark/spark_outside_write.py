# ---
# id = "spark-outside-write"
# title = "Writes a table outside"
# clause = "outside"
# engine = "spark"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
spark.range(3).write.mode("overwrite").csv(f"file://{P['outside']}/{P['token']}")
