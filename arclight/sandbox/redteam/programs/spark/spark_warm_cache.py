# ---
# id = "spark-warm-cache"
# title = "Leaves a cached table and a changed setting behind"
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
spark.range(1000).createOrReplaceTempView(f"{name}_cached")
spark.sql(f"CACHE TABLE {name}_cached")
spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
spark.conf.set("arclight.probe", name)
