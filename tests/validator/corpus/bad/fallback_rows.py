# framework: spark
# sources: birds=s3://data/birds.csv
# expect: PRV005
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
try:
    df = spark.read.csv("s3://data/birds.csv", header=True)
except Exception as e:
    print("using sample data", e)
    sample = [("Large", 100), ("Small", 5)]
    df = spark.createDataFrame(sample, ["size", "cost"])
df.groupBy("size").count().write.parquet(args.output)
