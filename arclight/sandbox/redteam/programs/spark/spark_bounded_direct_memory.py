# ---
# id = "spark-bounded-direct-memory"
# title = "Takes memory outside the Java heap"
# clause = "bounded"
# engine = "spark"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import time

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

jvm = SparkSession.builder.getOrCreate()._jvm
held = []
for _ in range(2 * P["limits"]["memory"] // (64 << 20)):
    buffer = jvm.java.nio.ByteBuffer.allocateDirect(64 << 20)
    held.append(buffer)
    time.sleep(0.05)
time.sleep(2)
