# ---
# id = "spark-warm-database"
# title = "Leaves a database with a table behind"
# clause = "warm"
# engine = "spark"
# expects = ["left"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

spark = SparkSession.builder.getOrCreate()
name = P["token"].replace("-", "_")
spark.sql(f"CREATE DATABASE IF NOT EXISTS {name}")
spark.sql(f"CREATE TABLE {name}.{name}_table USING parquet AS SELECT 1 AS n")
