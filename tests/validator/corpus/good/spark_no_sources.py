# framework: spark
# generated: true
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.range(1, 1000001).agg(F.sum("id").alias("sum"))
df.write.mode("overwrite").parquet(args.output)
