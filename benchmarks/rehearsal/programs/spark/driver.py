import argparse
from collections import defaultdict

from pyspark.sql import Row, SparkSession

p = argparse.ArgumentParser()
p.add_argument("--output", default="output")
args = p.parse_args()
spark = SparkSession.builder.appName("driver").getOrCreate()
airports = spark.read.csv("file:///data/airports.csv", header=True, inferSchema=True)

cities = defaultdict(set)
for row in airports.select("state", "city").where("state IS NOT NULL").toLocalIterator():
    cities[row["state"]].add(row.city)
ranked = sorted(((len(names), state) for state, names in cities.items()), reverse=True)
first = airports.orderBy("iata").first()
print("from", first["iata"], "to", airports.agg({"iata": "max"}).collect()[0][0])
rows = [Row(state=state, cities=count) for count, state in ranked[:10]]
spark.createDataFrame(rows).write.mode("overwrite").parquet(args.output)
