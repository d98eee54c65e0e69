# ---
# id = "spark-listener-socket-stream"
# title = "Reads a stream from a port"
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
lines = spark.readStream.format("socket").option("host", host).option("port", port).load()
lines.writeStream.format("console").start().awaitTermination(5)
