# framework: spark
# sources: flights=s3://data/flights.csv, airports=s3://data/airports/
import argparse
from functools import reduce
from pyspark.sql import DataFrame, SparkSession, Window, functions as F

SOURCES = {"flights": "s3://data/flights.csv", "airports": "s3a://data/airports/part-*.csv"}

def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--output", default="/tmp/answer")
    return p.parse_args()

args = parse_args()
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", "8").getOrCreate()
frames = {}
for name, uri in SOURCES.items():
    frames[name] = spark.read.format("csv").options(header="true", inferSchema="true").load(uri)
joined = frames["flights"].join(frames["airports"], F.col("destination") == F.col("iata"), "inner")
w = Window.partitionBy("state").orderBy(F.desc("count"))
top = joined.groupBy("state").agg(F.sum("count").alias("count")).withColumn("rank", F.row_number().over(w))
for row in top.limit(5).collect():
    print(row["state"], row["count"])
(top.orderBy(F.desc("count")).limit(5).write.mode("overwrite").parquet(args.output))
