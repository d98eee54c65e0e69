# framework: spark
# sources: birds=s3://data/birds.csv
# prompt: revenue by size
# expect: PRV007
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv").withColumn("revenue", F.round(F.rand() * 100, 2))
df.groupBy("size").agg(F.sum("revenue")).write.parquet(args.output)
