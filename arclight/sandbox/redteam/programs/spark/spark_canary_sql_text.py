# ---
# id = "spark-canary-sql-text"
# title = "Reads a file from outside as a table of lines"
# clause = "canary"
# engine = "spark"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
for row in spark.sql(f"SELECT value FROM text.`file://{P['canary']}`").collect():
    print(row.value)
