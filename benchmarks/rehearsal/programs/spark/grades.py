import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StringType

LIMITS = {"breeze": 3.0, "wind": 6.0}


def grade(speed):
    if speed is None:
        return None
    for name, limit in LIMITS.items():
        if speed < limit:
            return name
    return "storm"


def letters(text):
    return len(text.strip()) if text else 0


parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.appName("grades").getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
graded = weather.withColumn("grade", F.udf(grade, StringType())("wind"))
graded = graded.withColumn("letters", F.udf(letters, IntegerType())("weather"))
counts = graded.groupBy("grade").agg(F.count("*").alias("days"), F.sum("letters").alias("letters"))
counts.orderBy("grade").write.mode("overwrite").parquet(args.output)
