# ---
# id = "spark-listener-java"
# title = "Connects from the JVM"
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

jvm = SparkSession.builder.getOrCreate()._jvm
for host, port in (P["tcp"], P["tcp_other"], P["tcp_v6"]):
    try:
        jvm.java.net.Socket(host, port).close()
    except Exception as error:
        print(type(error))
