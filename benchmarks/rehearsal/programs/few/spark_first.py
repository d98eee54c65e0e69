import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
strikes = spark.read.csv("file:///data/birdstrikes.csv", header=True, inferSchema=True)
late = strikes.where(F.year("Flight Date") == 2002)
worst = late.orderBy(F.desc("Cost Total $")).first()
print("worst:", worst["Cost Total $"], "at", worst["Airport Name"])
late.groupBy("Origin State").count().write.mode("overwrite").parquet(args.output)
