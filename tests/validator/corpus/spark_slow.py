# What works on Spark and is slow.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### slow spark
from pyspark.sql.functions import *  #? SPK009
from pyspark.sql.functions import udf
from pyspark.sql import SparkSession
import pandas as pd
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
again = pd.read_csv("s3://data/birds.csv")  #? SPK002
@udf
def shout(s):  #? SPK006
    """Louder."""
    return s.upper() + "!"
df.repartition(1).filter("a > 1").toPandas()  #? SPK004, SPK007
print(again)

#### a whole source through the rdd
from pyspark.sql import SparkSession
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
names = df.rdd.map(lambda row: row[0]).collect()  #? SPK004
print(names[:3])

#### a whole source through a name
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
kept = spark.read.csv("s3://data/birds.csv", header=True).where("a > 1")
bring = kept.toPandas
print(bring().shape)  #? SPK004

#### a whole source by SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createOrReplaceTempView("birds")
for row in spark.sql("SELECT a, b FROM birds WHERE a > 1").collect():  #? SPK004
    print(row.a)

#### pairs by accident
from pyspark.sql import SparkSession
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
df.alias("l").crossJoin(df.alias("r")).limit(5).show()  #? SPK005

#### pairs by a join without a condition
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
sizes = df.select("size")
print(df.join(sizes).count())  #? SPK005

#### pairs by SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createOrReplaceTempView("b")
pairs = spark.sql("SELECT count(*) FROM b x CROSS JOIN b y")  #? SPK005
print(pairs.first()[0])

#### a lambda for a built-in
from pyspark.sql import SparkSession, functions as F
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
shorten = F.udf(lambda text: len(text.strip()))  #? SPK006
df.select(shorten("name")).show()

#### a registered function for a built-in
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createTempView("birds")
spark.udf.register("lower_case", lambda s: s.lower())  #? SPK006
spark.sql("SELECT lower_case(name) FROM birds LIMIT 3").show()

#### arithmetic as a function
from pyspark.sql import SparkSession, functions as F
from pyspark.sql.types import DoubleType
@F.udf(returnType=DoubleType())
def celsius(f):  #? SPK006
    return (f - 32) * 5 / 9
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
df.withColumn("c", celsius("f")).show()

#### one partition by its keyword
from pyspark.sql import SparkSession
PARTS = 1
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
df.coalesce(numPartitions=PARTS).write.csv("copy")  #? SPK007

#### a count before each step
from pyspark.sql import SparkSession
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
print("rows", df.count())
kept = df.filter("a > 1")
print(f"kept {kept.count()}")  #? SPK015
named = kept.dropna()
print(f"named {named.count()} of all")  #? SPK015
named.groupBy("size").count().show()

#### counts in a log
import logging
from pyspark.sql import SparkSession
log = logging.getLogger("birds")
def main():
    df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
    log.info("rows: %d", df.count())
    assert df.distinct().count() > 0  #? SPK015
    df.show()
main()

#### small answers may come to the driver
from pyspark.sql import SparkSession, functions as F
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
by_size = df.groupBy("size").agg(F.count("*").alias("n"))
for row in by_size.orderBy("n").collect():
    print(row.asDict())
print(df.limit(5).toPandas(), df.select(F.max("a")).head(), by_size.coalesce(1).count())

#### a total beside each row
from pyspark.sql import SparkSession, functions as F
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
total = df.agg(F.sum("a").alias("total"))
shares = df.crossJoin(F.broadcast(total)).withColumn("share", F.col("a") / F.col("total"))
shares.select("name", "share").show()

#### counts of a kept frame
from pyspark.sql import SparkSession
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").cache()
print(df.count())
kept = df.where("a is not null")
print(kept.count())
n = kept.select("a").distinct().count()
print(df.groupBy("a").count().count() / n)

#### a function that no built-in replaces
import re
from pyspark.sql import SparkSession, functions as F
@F.udf("string")
def code(text):
    found = re.search(r"([A-Z]+)-(\d+)", text or "")
    return f"{found[2]}{found[1]}" if found else None
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
df.select(code(F.col("name"))).show()
