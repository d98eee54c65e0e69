# framework: spark
# sources: weather=file:///store/a%20b/weather.csv
import argparse
import calendar
from pathlib import Path
from pyspark.sql import SparkSession, functions as F, types as T

WEATHER = Path("/store/a b") / "weather.csv"
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output", help="folder")
parser.add_argument("--top", type=int, default=10)
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
months = spark.createDataFrame([(i, calendar.month_name[i]) for i in range(1, 13)], ["m", "month"])
schema = T.StructType([T.StructField("date", T.DateType()), T.StructField("precipitation", T.DoubleType())])
weather = spark.read.schema(schema).csv(str(WEATHER), header=True)
answer = (
    weather.groupBy(F.month("date").alias("m"))
    .agg(F.avg("precipitation").alias("average"))
    .join(months, "m")
    .drop("m")
)
answer.write.mode("overwrite").parquet(args.output)
