# What Spark refuses.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### column and
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
df.filter(col("a") > 1 and not col("b").isNull()).show()  #! SPK008

#### no session
spark.read.csv("s3://data/birds.csv").show()  #! SPK001

#### no session in a function
from pyspark.sql import DataFrame  #! SPK001
def load(spark) -> DataFrame:
    return spark.read.csv("s3://data/birds.csv")
def main(spark):
    load(spark).show()
main(None)

#### column or
from pyspark.sql import SparkSession, functions as F
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
wanted = F.col("a") > 1 or F.col("b") < 2  #! SPK008
df.where(wanted).show()

#### column not
from pyspark.sql import SparkSession
import pyspark.sql.functions as f
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
df.select("a", (not f.column("b").contains("x")).alias("c")).show()  #! SPK008

#### column between in python
from pyspark.sql import SparkSession, functions as F
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
for low, high in [(1, 2), (3, 4)]:
    df.filter((F.col("a") >= low) and (F.col("a") <= high)).show()  #! SPK008

#### a session that is active
from pyspark.sql import SparkSession
def session():
    return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
session().read.csv("s3://data/birds.csv").show()
