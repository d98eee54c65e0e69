# ---
# id = "spark-outside-directory"
# title = "Writes a folder outside from SQL"
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
spark.sql(f"INSERT OVERWRITE DIRECTORY '{target}' USING csv SELECT 1 AS n")
