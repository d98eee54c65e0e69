# More answers that are made up, found by trying.
# sources: birds=s3://data/birds.csv
# prompt: revenue by size

#### a range below nothing
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.limit(0).union(spark.range(3).select("id")).write.parquet(args.output)  #! PRV004

#### a union with an emptied source
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.where("1=0").unionByName(  #! PRV004
    spark.createDataFrame([("a", 1)], ["a", "b"])
).write.parquet(args.output)

#### rows behind a true condition
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
x = [("L", 100)]
if birds.count() > 0:
    spark.createDataFrame(x).write.parquet(args.output)  #! PRV004

#### rows by stack
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
spark.sql('select stack(2,"a",1,"b",2) as (k,n)').write.parquet(args.output)  #! PRV004

#### rows of a common table
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
answer = spark.sql("WITH t AS (SELECT 1 AS a) SELECT * FROM t")
answer.write.parquet(args.output)  #! PRV004

#### rows of a range function
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.createTempView("b")
spark.sql("SELECT * FROM range(10)").write.parquet(args.output)  #! PRV004

#### a frame of pandas on Spark
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
import pyspark.pandas as ps

ps.DataFrame({"a": [1]}).to_spark().write.parquet(args.output)  #! PRV004

#### an rdd of rows
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
spark.sparkContext.parallelize([("a", 1)]).toDF(["k", "n"]).write.parquet(args.output)  #! PRV004

#### an rdd of numbers
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
spark.sparkContext.range(5).map(lambda i: (i, i * 2)).toDF().write.parquet(args.output)  #! PRV004

#### a choice that is made already
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
rows = birds.collect() if False else [("a", 1)]  #! PRV005  #? SPK004
spark.createDataFrame(rows).write.parquet(args.output)

#### rows of a generator
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)


def f():
    yield ("a", 1)


spark.createDataFrame(f()).write.parquet(args.output)  #! PRV004

#### rows in place of each row
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
rows = []
for r in birds.toLocalIterator():
    rows = [("a", 1)]
spark.createDataFrame(rows).write.parquet(args.output)  #! PRV004

#### a fallback that imports
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
try:
    df = birds.groupBy("x").count()
    df.count()
except Exception:
    import json

    df = spark.createDataFrame(json.loads('[{"a":1}]'))  #! PRV005
df.write.parquet(args.output)

#### a fallback in SQL
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
df = birds
if len(df.columns) < 3:
    df = spark.sql("select 1 as a")  #! PRV005
df.write.parquet(args.output)

#### random series
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
import numpy as np


@F.pandas_udf("double")
def g(s):
    import pandas as pd

    return pd.Series(np.random.rand(len(s)))  #! PRV007


birds.withColumn("c", g("size")).write.parquet(args.output)

#### random by a state
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
from numpy import random as nr

r = nr.RandomState(1)  #! PRV007
spark.createDataFrame([(float(r.rand()),) for _ in birds.take(3)]).write.parquet(
    args.output
)

#### rows of the clock
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
import time

x = int(time.time()) % 100
spark.createDataFrame([(x,)]).write.parquet(args.output)  #! PRV004

#### a fallback by match
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
match birds.count():
    case 0:
        birds = spark.createDataFrame([("a", 1)])  #! PRV005
birds.write.parquet(args.output)

#### a fallback in one line
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds = birds if birds.head(1) else spark.createDataFrame([("a", 1)], birds.schema)  #! PRV005
birds.write.parquet(args.output)

#### a fallback by while
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
while birds.isEmpty():
    birds = spark.createDataFrame([("a", 1)])  #! PRV005
birds.write.parquet(args.output)

#### a fallback of a class
# framework: spark
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)


class Fallback:
    @staticmethod
    def rows():
        return spark.createDataFrame([("a", 1)])


try:
    out = birds.groupBy("q").count()
except Exception:
    out = Fallback.rows()  #! PRV005
out.write.parquet(args.output)

#### a frame of keywords
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
import pandas as pd

pd.DataFrame(dict(a=[1])).to_csv(args.output + "/a.csv")  #! PRV004

#### random inside of a map
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")


def f(row):
    import random

    row["c"] = random.random()  #! PRV007
    return row


ds.map(f).write_parquet(args.output)

#### random inside of a class
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")


class M:
    def __init__(self):
        import numpy as np

        self.r = np.random.default_rng(1)  #! PRV007

    def __call__(self, b):
        b["c"] = self.r.random(len(b["a"]))
        return b


ds.map_batches(M, concurrency=1).write_parquet(args.output)

#### lines printed into a file
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
f = open(args.output + "/a.csv", "w")  #! PRV004
print("size,cost", file=f)
print("L,100", file=f)

#### a batch that is replaced
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")


def g(b):
    return {"size": ["L"], "cost": [100]}


ds.map_batches(g).write_parquet(args.output)  #! PRV004

#### rows that are replaced
# framework: ray
import argparse

p = argparse.ArgumentParser()
p.add_argument("--output")
args = p.parse_args()
import ray

ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
ds.limit(1).flat_map(  #! PRV004
    lambda r: [{"s": "L", "c": 100}, {"s": "S", "c": 5}]
).write_parquet(args.output)
