import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

BIRDSTRIKES = "file:///data/birdstrikes.csv"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("totals").getOrCreate()
    strikes = spark.read.csv(BIRDSTRIKES, header=True, inferSchema=True)
    costly = strikes.filter(F.col("Cost Repair") > 100)
    totals = (
        costly.groupBy("Wildlife Size")
        .agg(
            F.sum("Cost Repair").alias("repairs"),
            F.round(F.avg("Speed IAS in knots"), 1).alias("speed"),
            F.countDistinct("Origin State").alias("states"),
        )
        .withColumn("per state", F.col("repairs") / F.col("states"))
        .orderBy(F.desc("repairs"))
    )
    totals.write.mode("overwrite").parquet(args.output)


if __name__ == "__main__":
    main()
