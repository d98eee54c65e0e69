import sys

import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
year = weather.where("year(date) = 2015")
if year.count() == 0:
    print("nothing to do", file=sys.stderr)
    sys.exit(3)
year.groupBy("weather").agg(F.avg("wind").alias("wind")).write.mode("overwrite").parquet(args.output)
