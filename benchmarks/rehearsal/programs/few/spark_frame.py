import argparse
from pyspark.sql import SparkSession, functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
import pandas as pd

strikes = spark.read.csv("file:///data/birdstrikes.csv", header=True, inferSchema=True)
late = strikes.where(F.year("Flight Date") >= 2001).groupBy("Wildlife Size").count().toPandas()
commonest = late.sort_values("count", ascending=False).iloc[0]["Wildlife Size"]
spark.createDataFrame(pd.DataFrame({"size": [commonest]})).write.mode("overwrite").parquet(args.output)
