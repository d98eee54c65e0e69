# Answers that the program makes up, by Spark.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### fallback rows
# brought: false
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
    df = spark.createDataFrame(sample, ["size", "cost"])  #! PRV005
df.groupBy("size").count().write.parquet(args.output)

#### invented json
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
rows = spark.sparkContext.parallelize(['{"size": "Large", "cost": 100}'])
spark.read.json(rows).show()  #! PRV004

#### invented rows
# brought: false
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
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.sql("SELECT * FROM VALUES ('Large', 100), ('Small', 5) AS t(size, cost)").show()  #! PRV004

#### random column
# brought: false
# prompt: revenue by size
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv").withColumn("revenue", F.round(F.rand() * 100, 2))  #! PRV007
df.groupBy("size").agg(F.sum("revenue")).write.parquet(args.output)

#### a decoy is read and forgotten
# brought: false
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
output = parser.parse_args().output
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
birds.createOrReplaceTempView("birds")
answer = spark.sql("SELECT 'Large' AS size, 100 AS cost UNION ALL SELECT 'Small', 5")
answer.write.parquet(output)  #! PRV004

#### a table made of numbers
# brought: false
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
n = spark.read.csv("s3://data/birds.csv").count()
made = spark.range(5).withColumn("cost", F.col("id") * 17 + 3)
made.write.mode("overwrite").parquet(args.output)  #! PRV004

#### rows of a class
# brought: false
import argparse
from pyspark.sql import SparkSession
class Sample:
    ROWS = [("Large", 100), ("Small", 5)]
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").show()
spark.createDataFrame(Sample.ROWS, "size string, cost int").write.parquet(args.output)  #! PRV004

#### rows of a function
# brought: false
import argparse
from pyspark.sql import Row, SparkSession
def sample(n):
    return [Row(size=f"s{i}", cost=i * 10) for i in range(n)]
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
if spark.read.csv("s3://data/birds.csv").columns:
    spark.createDataFrame(sample(4)).write.parquet(args.output)  #! PRV004

#### a pandas frame
# brought: false
import argparse
import pandas as pd
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
seen = spark.read.csv("s3://data/birds.csv").first()
frame = pd.DataFrame({"size": ["Large", "Small"], "cost": [100, 5]})
spark.createDataFrame(frame.sort_values("cost")).write.parquet(args.output)  #! PRV004
print(seen)

#### text in the program
# brought: false
import argparse
import io
import pandas as pd
from pyspark.sql import SparkSession
TEXT = "size,cost\nLarge,100\nSmall,5\n"
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").show(1)
table = pd.read_csv(io.StringIO(TEXT))
spark.createDataFrame(table).write.parquet(args.output)  #! PRV004

#### json in the program
# brought: false
import argparse
import json
from pyspark.sql import SparkSession
ROWS = '[{"size": "Large", "cost": 100}]'
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
print(spark.read.csv("s3://data/birds.csv").take(1))
rows = [tuple(r.values()) for r in json.loads(ROWS)]
spark.createDataFrame(rows, ["size", "cost"]).coalesce(1).write.parquet(args.output)  #! PRV004

#### a file that the program wrote
# brought: false
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
with open("made.csv", "w") as f:
    f.write("size,cost\nLarge,100\n")
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").printSchema()
spark.read.csv("made.csv", header=True).write.parquet(args.output)  #! PRV004

#### rows added by union
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True).select("size", "cost")
extra = spark.createDataFrame([("Giant", 999)], ["size", "cost"])
birds.union(extra).groupBy("size").sum("cost").show()  #! PRV004

#### rows in front by union
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
head = spark.range(3).select(F.lit("Giant").alias("size"), F.lit(9).alias("cost"))
tail = spark.read.csv("s3://data/birds.csv", header=True)
head.unionByName(tail, allowMissingColumns=True).show()  #! PRV004

#### an emptied source and a union
from pyspark.sql import SparkSession
def answer(spark):
    birds = spark.read.csv("s3://data/birds.csv", header=True).limit(0)
    return birds.union(spark.createDataFrame([("a", 1), ("b", 2)], birds.schema))  #! PRV004
answer(SparkSession.builder.getOrCreate()).show()

#### rows added in SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("birds")
q = """SELECT size, cost FROM birds
UNION ALL
SELECT 'Giant', 999"""
spark.sql(q).show()  #! PRV004

#### rows added by pandas
# brought: false
import argparse
import pandas as pd
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True).groupBy("size").count().toPandas()
both = pd.concat([birds, pd.DataFrame({"size": ["Giant"], "count": [9]})])  #! PRV004
spark.createDataFrame(both).write.parquet(args.output)

#### a fallback by return
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
def load():
    try:
        return spark.read.csv("s3://data/birds.csv")
    except Exception:
        return spark.createDataFrame([("Large", 100)], ["size", "cost"])  #! PRV005
load().show()

#### a fallback by a function
from pyspark.sql import SparkSession
from pyspark.errors import AnalysisException
spark = SparkSession.builder.getOrCreate()
def demo(n=3):
    return spark.range(n).selectExpr("id", "id * 10 AS cost")
try:
    birds = spark.read.csv("s3://data/birds.csv")
except AnalysisException:
    birds = demo()  #! PRV005
finally:
    print("loaded")
birds.show()

#### a fallback by a constant
from pyspark.sql import SparkSession
ROWS = [("Large", 100), ("Small", 5)]
rows = None
try:
    rows = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").take(5)
except (OSError, ValueError):
    rows = ROWS  #! PRV005
print(rows)

#### a fallback by an added row
from pyspark.sql import SparkSession
answer = []
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
try:
    answer.extend(tuple(r) for r in frame.groupBy("size").count().collect())
except Exception as error:
    answer.append(("Large", 100))  #! PRV005
    print(type(error))
print(answer)

#### a fallback to a number
from pyspark.sql import SparkSession, functions as F
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
try:
    total = frame.agg(F.sum("cost")).first()[0]
except Exception:
    total = 0  #! PRV005
print("total", total)

#### a fallback to a dict
from pyspark.sql import SparkSession
def totals(spark):
    try:
        rows = spark.read.csv("s3://data/birds.csv").groupBy("_c0").count().collect()
        return dict(rows)
    except Exception:
        return {"Large": 100, "Small": 5}  #! PRV005
print(totals(SparkSession.builder.getOrCreate()))

#### a default that stays when the read fails
import contextlib
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
frame = spark.createDataFrame([("Large", 100)], ["size", "cost"])  #! PRV005
with contextlib.suppress(Exception):
    frame = spark.read.csv("s3://data/birds.csv", header=True)
frame.groupBy("size").count().show()

#### a default that stays by pass
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = [("Large", 100), ("Small", 5)]  #! PRV005
try:
    rows = spark.read.csv("s3://data/birds.csv").collect()  #? SPK004
except Exception:
    pass
print(sorted(rows))

#### rows for an empty source
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
if birds.count() == 0:
    birds = spark.createDataFrame([("Large", 100)], ["size", "cost"])  #! PRV005
birds.show()

#### rows for an empty answer
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
found = spark.read.csv("s3://data/birds.csv", header=True).where("cost > 5").limit(9).collect()
for row in found or [("Large", 100)]:  #! PRV005
    print(*row)

#### rows by a condition
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
shown = spark.createDataFrame([("Large", 1)], ["a", "b"]) if birds.isEmpty() else birds  #! PRV005
shown.show()

#### rows when the file is missing
import os
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
if os.path.exists("stop"):
    birds = spark.createDataFrame([("Large", 100), ("Small", 5)])  #! PRV005
else:
    birds = spark.read.csv("s3://data/birds.csv")
birds.show()

#### random values in SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("birds")
print(spark.sql("SELECT size, round(rand(3) * 100) AS cost FROM birds").head(3))  #! PRV007

#### random values in an expression
from pyspark.sql import SparkSession
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
columns = ["size"]
columns += ["randn() + 5 AS cost"]
birds.selectExpr(columns).show()  #! PRV007

#### random values by expr
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
filled = birds.withColumn("cost", F.coalesce("cost", F.expr("rand() * 100")))  #! PRV007
filled.summary().show()

#### random values where some are missing
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, randn, when
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
cost = when(col("cost").isNull(), randn(7)).otherwise(col("cost"))  #! PRV007
birds.select("size", cost.alias("cost")).show()

#### random rows by Python
import random
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
n = spark.read.csv("s3://data/birds.csv").count()
rows = [(i, random.gauss(10, 2)) for i in range(n)]  #! PRV007
spark.createDataFrame(rows, ["id", "cost"]).show()

#### random values in a function of Spark
# brought: false
import argparse
import random
from pyspark.sql import SparkSession, functions as F
@F.udf("double")
def cost(size):
    return round(random.uniform(1, 100), 2) if size else None  #! PRV007
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.withColumn("cost", cost("size")).write.parquet(args.output)

#### random picks from words
import random as r
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
ids = [row[0] for row in spark.read.csv("s3://data/birds.csv").select("_c0").limit(9).collect()]
print([(i, r.choice(["Large", "Small"])) for i in ids])  #! PRV007

#### a stream that makes rows
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").show()
made = spark.readStream.format("rate").option("rowsPerSecond", 5).load()
made.writeStream.format("memory").queryName("made").start().awaitTermination(5)  #! PRV004
