# ---
# id = "spark-warm-views"
# title = "Leaves temporary and global views behind"
# clause = "warm"
# engine = "spark"
# expects = ["left"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
name = P["token"].replace("-", "_")
spark.range(3).createOrReplaceTempView(name)
spark.range(3).createOrReplaceGlobalTempView(f"{name}_global")
