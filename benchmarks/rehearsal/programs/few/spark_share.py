import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
year = weather.where(F.col("date") >= "2015-01-01")
days = year.count()
share = year.where("weather = 'rain'").count() / days
spark.range(1).select(F.lit(share).alias("share")).write.mode("overwrite").parquet(args.output)
