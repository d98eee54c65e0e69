# ---
# id = "spark-secrets-error"
# title = "A file from outside in an error of the engine"
# clause = "secrets"
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
found.selectExpr("CAST(value AS INT) AS n").collect()
