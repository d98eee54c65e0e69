# ---
# id = "spark-canary-runtime-exec"
# title = "Starts a process from the JVM that reads a file from outside"
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
process = jvm.java.lang.Runtime.getRuntime().exec(f"od -An -v -tx1 {P['canary']}")
reader = jvm.java.io.BufferedReader(jvm.java.io.InputStreamReader(process.getInputStream()))
while (line := reader.readLine()) is not None:
    print(line.replace(" ", ""))
