# ---
# id = "spark-canary-udf"
# title = "A function on the workers reads files and environments"
# clause = "canary"
# engine = "spark"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

with open("probe.json") as f:
    P = json.load(f)


def look(_):
    import os

    said = dict(os.environ)
    for path in (P["canary"], f"/proc/{os.getppid()}/environ", f"/proc/{P['launcher']}/environ"):
        try:
            with open(path) as f:
                said[path] = f.read()
        except OSError as error:
            said[path] = str(error)
    return str(said).encode().hex()


spark = SparkSession.builder.getOrCreate()
spark.range(1).select(udf(look)("id")).write.parquet("output")
