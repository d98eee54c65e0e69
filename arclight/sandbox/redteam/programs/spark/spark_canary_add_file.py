# ---
# id = "spark-canary-add-file"
# title = "Has a file from outside handed out by the engine"
# clause = "canary"
# engine = "spark"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark import SparkFiles
from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
spark.sql(f"ADD FILE '{P['canary']}'")
with open(SparkFiles.get(P["canary"].rsplit("/", 1)[1])) as f:
    print(f.read())
