import argparse
import datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

STRIKES = "file:///data/strikes.parquet"
SINCE = datetime.date(1991, 1, 1)


def main(output):
    spark = SparkSession.builder.appName("strikes").getOrCreate()
    strikes = spark.read.parquet(STRIKES)
    recent = strikes.filter((F.col("flight_date") >= F.lit(SINCE)) & ~F.col("at_night"))
    recent = recent.withColumn("quarter", F.quarter("flight_date"))
    table = recent.groupBy("wildlife_size").pivot("quarter", [1, 2, 3, 4]).agg(F.count(F.lit(1)))
    share = recent.select(
        "wildlife_size",
        F.when(F.col("cost_total") > 0, F.lit(1)).otherwise(F.lit(0)).alias("costly"),
        F.size(F.split("species", " ")).alias("words"),
        F.coalesce("speed", F.lit(0)).alias("speed"),
    )
    share = share.groupBy("wildlife_size").agg(
        F.avg("costly").alias("share"), F.percentile_approx("speed", 0.5).alias("median_speed")
    )
    answer = table.join(share, on="wildlife_size", how="left")
    answer.write.mode("overwrite").parquet(output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    main(parser.parse_args().output)
