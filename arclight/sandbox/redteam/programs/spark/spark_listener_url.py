# ---
# id = "spark-listener-url"
# title = "Reads a table over HTTP"
# clause = "listener"
# engine = "spark"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
host, port = P["tcp"]
spark.read.text(f"http://{host}:{port}/{P['token']}").show()
