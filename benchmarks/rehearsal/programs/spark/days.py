import argparse

from pyspark.sql import SparkSession
from pyspark.sql.functions import array, avg, col, collect_list, explode, sort_array, struct, to_date

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
days = spark.read.json("file:///data/days.jsonl")
days = days.withColumn("day", to_date(col("date"), "yyyy-MM-dd"))
both = days.select("day", "weather", explode(array("temp.max", "temp.min")).alias("degrees"))
means = both.groupBy("weather").agg(
    avg("degrees").alias("mean"),
    sort_array(collect_list(struct("degrees", "day")), asc=False).alias("all"),
)
means = means.select("weather", "mean", col("all")[0]["day"].alias("warmest_day"))
means.write.mode("overwrite").parquet(args.output)
