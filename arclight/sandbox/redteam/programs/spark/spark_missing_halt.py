# ---
# id = "spark-missing-halt"
# title = "The JVM goes away in the middle of the answer"
# clause = "missing"
# engine = "spark"
# expects = ["refused"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
spark.range(3).write.parquet("output/_temporary/0")
try:
    spark._jvm.java.lang.Runtime.getRuntime().halt(0)
finally:
    os._exit(0)
