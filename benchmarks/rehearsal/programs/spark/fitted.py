import argparse

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def fit(days: pd.DataFrame) -> pd.DataFrame:
    slope, start = np.polyfit(days["temp_max"], days["temp_min"], 1)
    return pd.DataFrame(
        {"weather": [days["weather"].iloc[0]], "slope": [slope], "start": [start], "days": [len(days)]}
    )


@F.pandas_udf("double")
def fahrenheit(celsius: pd.Series) -> pd.Series:
    return celsius * 9 / 5 + 32


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("fitted").getOrCreate()
    weather = spark.read.csv("file:///data/seattle-weather.csv", header=True, inferSchema=True)
    weather = weather.withColumn("high", fahrenheit("temp_max"))
    fits = weather.groupBy("weather").applyInPandas(
        fit, schema="weather string, slope double, start double, days long"
    )
    highs = weather.groupBy("weather").agg(F.max("high").alias("high"))
    fits.join(highs, "weather").write.mode("overwrite").parquet(args.output)


if __name__ == "__main__":
    main()
