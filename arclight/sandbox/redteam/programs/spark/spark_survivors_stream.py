# ---
# id = "spark-survivors-stream"
# title = "Leaves an endless query running and goes"
# clause = "survivors"
# engine = "spark"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
rate = spark.readStream.format("rate").load()
rate.writeStream.format("noop").queryName(P["token"].replace("-", "_")).start()
os._exit(0)
