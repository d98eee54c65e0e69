# ---
# id = "spark-canary-reflect"
# title = "Calls Java from SQL to read the environment"
# clause = "canary"
# engine = "spark"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
for function in ("java_method", "reflect", "try_reflect"):
    with contextlib.suppress(PySparkException):
        call = f"{function}('java.lang.System', 'getenv', '{P['secret_name']}')"
        print(spark.sql(f"SELECT base64({call})").collect())
