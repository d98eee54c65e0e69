# ---
# id = "spark-outside-table"
# title = "Makes a table whose data lie outside"
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
target = f"file://{P['outside']}/{P['token']}"
spark.sql(f"CREATE TABLE left_here USING csv LOCATION '{target}' AS SELECT 1 AS n")
