# ---
# id = "spark-survivors-java-child"
# title = "The JVM starts a daemon"
# clause = "survivors"
# engine = "spark"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import time

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

jvm = SparkSession.builder.getOrCreate()._jvm
command = ["setsid", "nohup", "sh", "-c", f": {P['token']}; sleep 90"]
jvm.java.lang.ProcessBuilder(command).start()
time.sleep(0.5)
