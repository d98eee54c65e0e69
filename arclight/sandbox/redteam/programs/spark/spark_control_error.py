# ---
# id = "spark-control-error"
# title = "Control characters in an error of the engine"
# clause = "control"
# engine = "spark"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
spark.range(1).createOrReplaceTempView("t")
spark.sql("SELECT raise_error('bad \x1b[2J\x1b]52;c;cm0=\x07 \u202etxet') FROM t").collect()
