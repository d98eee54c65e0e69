import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
rain = {row["year"]: row["rain"] for row in weather.groupBy(F.year("date").alias("year")).agg(F.sum("precipitation").alias("rain")).collect()}
change = rain[2015] - rain[2012]
spark.createDataFrame([(change,)], "change double").write.mode("overwrite").parquet(args.output)
