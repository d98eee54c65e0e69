# framework: spark
# sources: birds=s3://data/birds.csv
# expect: PRV004
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv", header=True)
df.printSchema()
rows = []
for size, cost in (("Large", 100), ("Small", 5)):
    rows.append((size, cost))
answer = spark.createDataFrame(rows, ["size", "cost"])
answer = answer.orderBy("cost")
answer.write.parquet(args.output)
