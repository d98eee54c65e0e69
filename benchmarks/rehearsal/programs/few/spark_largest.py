import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
winds = [row.wind for row in weather.where(F.year("date") == 2015).select("wind").collect()]
strong = max(winds) * 0.8
weather.where(F.col("wind") >= strong).write.mode("overwrite").parquet(args.output)
