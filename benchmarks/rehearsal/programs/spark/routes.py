import argparse

from pyspark.sql import SparkSession, functions as F

p = argparse.ArgumentParser()
p.add_argument("--output", default="output")
args = p.parse_args()

spark = SparkSession.builder.getOrCreate()
flights = spark.read.option("header", "true").option("inferSchema", "true").csv("file:///data/flights-airport.csv")
airports = spark.read.option("header", "true").option("inferSchema", "true").csv("file:///data/airports.csv")

start = airports.alias("start")
end = airports.alias("end")
routes = (
    flights.join(start, flights.origin == F.col("start.iata"))
    .join(end, flights.destination == F.col("end.iata"))
    .where(F.col("start.state") != F.col("end.state"))
)
states = routes.groupBy(F.col("start.state").alias("from_state"), F.col("end.state").alias("to_state")).agg(
    F.sum("count").alias("flights"),
    F.max(F.abs(F.col("start.latitude") - F.col("end.latitude"))).alias("north_south"),
)
states = states.filter("flights > 10").orderBy(F.desc("flights")).limit(50)
states.write.parquet(args.output, mode="overwrite")
