# ---
# id = "spark-canary-transform"
# title = "Runs a shell from SQL"
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
command = f"cat {P['canary']}; env"
spark.sql(f"SELECT TRANSFORM (id) USING '{command}' AS (line) FROM range(1)").show(
    100, truncate=False
)
