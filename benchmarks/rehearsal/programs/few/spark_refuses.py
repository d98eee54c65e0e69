import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
year = weather.where("date >= DATE'2015-01-01'")
if year.isEmpty():
    raise ValueError("there is no weather of 2015")
year.groupBy("weather").count().write.mode("overwrite").parquet(args.output)
