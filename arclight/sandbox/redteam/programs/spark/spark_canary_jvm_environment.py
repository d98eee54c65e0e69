# ---
# id = "spark-canary-jvm-environment"
# title = "Asks the JVM for its environment and for the files of its parents"
# clause = "canary"
# engine = "spark"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

jvm = SparkSession.builder.getOrCreate()._jvm
print(jvm.java.lang.System.getenv())
for pid in ("self", P["launcher"], P["bystander"]):
    path = jvm.java.io.File(f"/proc/{pid}/environ").toPath()
    print(jvm.java.nio.file.Files.readString(path))
