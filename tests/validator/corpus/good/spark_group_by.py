# framework: spark
# sources: birds=file:///store/birds.csv
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
import argparse

BIRDS = "file:///store/birds.csv"


def main(output: str) -> None:
    spark = SparkSession.builder.appName("repair cost").getOrCreate()
    birds = spark.read.option("header", True).option("inferSchema", True).csv(BIRDS)
    answer = (
        birds.filter(F.col("cost").isNotNull() & (F.col("cost") > 0))
        .groupBy("size")
        .agg(F.sum("cost").alias("total"))
        .orderBy(F.desc("total"))
    )
    answer.coalesce(1).write.mode("overwrite").parquet(output)
    answer.show(20, truncate=False)
    spark.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", default="output")
    main(parser.parse_args().output)
