import argparse

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F


def load(spark):
    weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
    return weather.withColumn("month", F.date_trunc("month", "date"))


def by_month(weather):
    return weather.groupBy("month").agg(
        F.sum("precipitation").alias("rain"),
        F.max("temp_max").alias("warmest"),
        F.min("temp_min").alias("coldest"),
        F.first("weather").alias("weather"),
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("months").getOrCreate()
    months = by_month(load(spark))
    order = Window.orderBy("month")
    months = (
        months.withColumn("before", F.lag("rain", 1).over(order))
        .withColumn("change", F.round(F.col("rain") - F.col("before"), 1))
        .withColumn("span", F.col("warmest") - F.col("coldest"))
        .withColumn("days", F.datediff(F.last_day("month"), F.col("month")) + 1)
        .withColumn("name", F.date_format("month", "MMMM yyyy"))
    )
    months.select("name", "rain", "change", "span", "days").write.mode("overwrite").parquet(args.output)


if __name__ == "__main__":
    main()
