# framework: spark
# sources: birds=s3://data/birds.csv
from argparse import ArgumentParser
from pyspark.sql import SparkSession, functions as F
p = ArgumentParser()
p.add_argument("--output", default="output")
a = p.parse_args()
s = SparkSession.builder.getOrCreate()
df = s.read.csv("s3://data/birds.csv", header=True)
df.orderBy(F.rand(42)).limit(10).write.parquet(a.output, mode="overwrite")
