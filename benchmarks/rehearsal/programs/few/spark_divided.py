import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
sums = weather.agg(
    F.count(F.when((F.year("date") == 2015) & (F.col("weather") == "rain"), 1)).alias("rainy"),
    F.count(F.when(F.year("date") == 2015, 1)).alias("days"),
)
sums.select((F.col("rainy") / F.col("days")).alias("share")).write.mode("overwrite").parquet(args.output)
