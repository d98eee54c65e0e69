# ---
# id = "spark-outside-java"
# title = "Writes a file outside from the JVM"
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

jvm = SparkSession.builder.getOrCreate()._jvm
writer = jvm.java.io.FileWriter(f"{P['outside']}/{P['token']}")
writer.write("was here")
writer.close()
