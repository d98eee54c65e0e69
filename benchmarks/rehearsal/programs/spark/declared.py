import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

WEATHER = "file:///data/seattle-weather.csv"
SCHEMA = T.StructType(
    [
        T.StructField("date", T.DateType()),
        T.StructField("precipitation", T.DoubleType()),
        T.StructField("temp_max", T.DoubleType()),
        T.StructField("temp_min", T.DoubleType()),
        T.StructField("wind", T.DoubleType()),
        T.StructField("weather", T.StringType()),
    ]
)


def extreme(days: DataFrame, column: str, label: str) -> DataFrame:
    return (
        days.orderBy(F.desc(column))
        .limit(3)
        .select(F.lit(label).alias("what"), "date", F.col(column).alias("value"))
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("extremes").getOrCreate()
    days = spark.read.csv(WEATHER, schema=SCHEMA, header=True, mode="FAILFAST")
    windy = extreme(days, "wind", "windiest")
    wet = extreme(days, "precipitation", "wettest")
    hot = extreme(days.where(F.col("weather").isin("sun", "rain")), "temp_max", "hottest")
    answer = windy.unionByName(wet).unionByName(hot)
    answer = answer.withColumn("year", F.year("date")).orderBy("what", F.desc("value"))
    answer.write.mode("overwrite").parquet(args.output)


if __name__ == "__main__":
    main()
