#### error handling
# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
import logging
import sys
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

log = logging.getLogger(__name__)

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    try:
        df = spark.read.csv("s3://data/birds.csv", header=True)
        df.groupBy("size").count().write.mode("overwrite").parquet(args.output)
    except AnalysisException as e:
        log.error("failed: %s %s", e.__class__.__name__, e)
        sys.exit(1)
    except Exception:
        log.exception("failed")
        raise
    finally:
        spark.stop()

if __name__ == "__main__":
    main()


#### spark brought pi
# framework: spark
# brought: true
# generated: true
import sys
from operator import add
from random import random
from pyspark.sql import SparkSession

if __name__ == "__main__":
    spark = SparkSession.builder.master("local[*]").appName("PythonPi").getOrCreate()  #? SPK003
    partitions = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    n = 100000 * partitions

    def f(_: int) -> float:
        x, y = random() * 2 - 1, random() * 2 - 1
        return 1 if x**2 + y**2 <= 1 else 0

    count = spark.sparkContext.parallelize(range(1, n + 1), partitions).map(f).reduce(add)
    print("Pi is roughly %f" % (4.0 * count / n))
    spark.stop()


#### spark glue table
# framework: spark
# sources: sales.orders=
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = (
    SparkSession.builder.appName("glue")
    .config("spark.sql.catalogImplementation", "hive")
    .config("spark.hadoop.hive.metastore.client.factory.class", "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory")
    .enableHiveSupport()
    .getOrCreate()
)
a = spark.table("sales.orders")
b = spark.sql("SELECT count(*) AS n FROM `sales`.`orders`")
a.groupBy("x").count().crossJoin(b).write.mode("overwrite").parquet(args.output)  #? SPK005


#### spark group by
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


#### spark join loop over sources
# framework: spark
# sources: flights=s3://data/flights.csv, airports=s3://data/airports/
import argparse
from functools import reduce
from pyspark.sql import DataFrame, SparkSession, Window, functions as F

SOURCES = {"flights": "s3://data/flights.csv", "airports": "s3a://data/airports/part-*.csv"}

def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--output", default="/tmp/answer")
    return p.parse_args()

args = parse_args()
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", "8").getOrCreate()
frames = {}
for name, uri in SOURCES.items():
    frames[name] = spark.read.format("csv").options(header="true", inferSchema="true").load(uri)
joined = frames["flights"].join(frames["airports"], F.col("destination") == F.col("iata"), "inner")
w = Window.partitionBy("state").orderBy(F.desc("count"))
top = joined.groupBy("state").agg(F.sum("count").alias("count")).withColumn("rank", F.row_number().over(w))
for row in top.limit(5).collect():
    print(row["state"], row["count"])
(top.orderBy(F.desc("count")).limit(5).write.mode("overwrite").parquet(args.output))


#### spark lookup table
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


#### spark no sources
# framework: spark
# generated: true
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.range(1, 1000001).agg(F.sum("id").alias("sum"))
df.write.mode("overwrite").parquet(args.output)


#### spark pandas function
# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf, udf
from pyspark.sql.types import DoubleType, StringType

@pandas_udf(DoubleType())
def zscore(v: pd.Series) -> pd.Series:
    return (v - v.mean()) / v.std()

def fit(group: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"size": [group["size"].iloc[0]], "slope": [group["cost"].mean()]})

@udf(StringType())
def grade(v):
    if v is None:
        return None
    for limit, name in ((10, "low"), (100, "mid")):
        if v < limit:
            return name
    return "high"

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    df = spark.read.option("header", "true").csv(path="s3://data/birds.csv")
    out = df.groupBy("size").applyInPandas(fit, "size string, slope double")
    out.write.mode("overwrite").parquet(args.output)

if __name__ == "__main__":
    main()


#### spark random sample
# framework: spark
# sources: birds=s3://data/birds.csv
from argparse import ArgumentParser
from pyspark.sql import SparkSession, functions as F
p = ArgumentParser()
p.add_argument("--output", default="output")
a = p.parse_args()
s = SparkSession.builder.getOrCreate()
df = s.read.csv("s3://data/birds.csv", header=True)
df.orderBy(F.rand(42)).limit(10).write.parquet(a.output, mode="overwrite")


#### spark rdd word count
# framework: spark
# sources: poem=file:///store/poem.txt
# brought: true
from pyspark import SparkConf, SparkContext
sc = SparkContext.getOrCreate(SparkConf().setAppName("wc"))
lines = sc.textFile("file:///store/poem.txt")
counts = lines.flatMap(lambda l: l.split()).map(lambda w: (w.lower(), 1)).reduceByKey(lambda a, b: a + b)
for word, n in counts.takeOrdered(10, key=lambda kv: -kv[1]):
    print(f"{word}\t{n}")


#### spark sql views
# framework: spark
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.parquet
import argparse
from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="out")
args = parser.parse_args()
spark = SparkSession.builder.appName("sql").enableHiveSupport().getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("Birds")
spark.sql("CREATE OR REPLACE TEMPORARY VIEW airports AS SELECT * FROM parquet.`s3://data/airports.parquet`")
answer = spark.sql("""
    WITH monthly AS (
        SELECT date_trunc('month', day) AS month, extract(year FROM day) AS y,
               trim(both ' ' FROM b.name) AS name, sum(cost) AS cost
        FROM birds b, airports a  -- two tables; from nowhere
        WHERE a.id = b.id AND b.x IS DISTINCT FROM a.x
        GROUP BY 1, 2, 3
    )
    SELECT month, transform(array(cost), x -> x + 1) AS c, 'from secret_table' AS t
    FROM monthly LEFT JOIN (SELECT DISTINCT y FROM monthly) yy ON yy.y = monthly.y
    LATERAL VIEW explode(array(1, 2)) e AS v
""")
answer.write.mode("overwrite").parquet(args.output)
spark.sql("CREATE TEMPORARY VIEW numbers AS SELECT * FROM birds")
spark.table("numbers").show()

