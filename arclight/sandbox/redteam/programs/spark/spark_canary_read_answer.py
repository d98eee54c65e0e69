# ---
# id = "spark-canary-read-answer"
# title = "Copies a file from outside into the answer"
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
found = spark.read.option("wholetext", True).text(f"file://{P['canary']}")
found.selectExpr("reverse(value) AS value").write.parquet("output")
