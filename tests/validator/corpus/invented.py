#### fallback rows
# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
try:
    df = spark.read.csv("s3://data/birds.csv", header=True)
except Exception as e:
    print("using sample data", e)
    sample = [("Large", 100), ("Small", 5)]  #! PRV005
    df = spark.createDataFrame(sample, ["size", "cost"])
df.groupBy("size").count().write.parquet(args.output)


#### invented json
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
rows = spark.sparkContext.parallelize(['{"size": "Large", "cost": 100}'])
spark.read.json(rows).show()  #! PRV004


#### invented rows
# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv", header=True)
df.printSchema()
rows = []
for size, cost in (("Large", 100), ("Small", 5)):
    rows.append((size, cost))
answer = spark.createDataFrame(rows, ["size", "cost"])
answer = answer.orderBy("cost")
answer.write.parquet(args.output)  #! PRV004


#### invented values
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.sql("SELECT * FROM VALUES ('Large', 100), ('Small', 5) AS t(size, cost)").show()  #! PRV004


#### random column
# framework: spark
# sources: birds=s3://data/birds.csv
# prompt: revenue by size
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv").withColumn("revenue", F.round(F.rand() * 100, 2))  #! PRV007
df.groupBy("size").agg(F.sum("revenue")).write.parquet(args.output)


#### simulated
# framework: ray
# sources: birds=s3://data/birds.csv
import argparse, random  #! PRV001
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
data = [{"size": s, "cost": random.randint(1, 100)} for s in ("Large", "Small")]  #? PRV007
ds = ray.data.from_pandas(pd.DataFrame(data))
ds.groupby("size").sum("cost").write_parquet(args.output)  #! PRV004

