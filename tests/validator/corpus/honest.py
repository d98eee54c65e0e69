# Honest answers that carry small literal tables, constants or chance where it was asked for: Spark.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### a lookup table is joined
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
names = spark.createDataFrame([("L", "Large"), ("S", "Small")], ["code", "size"])
spark.read.csv("s3://data/birds.csv", header=True).join(names, "code", "left").show()

#### a lookup is broadcast
from pyspark.sql import SparkSession, functions as F
LIMITS = {"Large": 100.0, "Small": 5.0}
spark = SparkSession.builder.getOrCreate()
limits = spark.createDataFrame(list(LIMITS.items()), "size string, most double")
birds = spark.read.csv("s3://data/birds.csv", header=True)
over = birds.join(F.broadcast(limits), "size").where(F.col("cost") > F.col("most"))
over.groupBy("size").count().show()

#### a map column
from itertools import chain
from pyspark.sql import SparkSession, functions as F
WORDS = {"L": "Large", "S": "Small"}
lookup = F.create_map(*[F.lit(x) for x in chain(*WORDS.items())])
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.withColumn("size", lookup[F.col("code")]).groupBy("size").count().show()

#### cases by when
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
age = F.when(F.col("years") < 2, "young").when(F.col("years") < 8, "adult").otherwise("old")
birds.groupBy(age.alias("age")).agg(F.avg("weight")).orderBy("age").show()

#### cases by replace
from pyspark.sql import SparkSession
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
clean = birds.replace({"L": "Large", "S": "Small"}, subset=["size"]).fillna({"cost": 0})
clean.groupBy("size").sum("cost").show()

#### a list of values to keep
from pyspark.sql import SparkSession, functions as F
WANTED = ["Large", "Small"]
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.filter(F.col("size").isin(WANTED)).select("name").distinct().show(50, False)

#### values in SQL to join with
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("birds")
spark.sql("""
    SELECT s.size, count(*) FROM birds b
    JOIN (VALUES ('L', 'Large'), ('S', 'Small')) AS s(code, size) ON s.code = b.code
    GROUP BY s.size
""").show()

#### a view of values
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sql("CREATE TEMPORARY VIEW sizes AS SELECT * FROM VALUES ('L', 1), ('S', 2) AS v(code, rank)")
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.join(spark.table("sizes"), on="code").orderBy("rank").show()

#### a calendar is joined
from datetime import date, timedelta
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
days = [(date(2024, 1, 1) + timedelta(days=i),) for i in range(31)]
calendar = spark.createDataFrame(days, ["day"])
birds = spark.read.csv("s3://data/birds.csv", header=True, inferSchema=True)
calendar.join(birds, "day", "left").groupBy("day").agg(F.count("id")).show(31)

#### numbers of a range are joined
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
hours = spark.range(24).withColumnRenamed("id", "hour")
seen = spark.read.csv("s3://data/birds.csv", header=True).withColumn("hour", F.hour("at"))
hours.join(seen.groupBy("hour").count(), "hour", "left").na.fill(0).orderBy("hour").show(24)

#### a total row is added
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
by_size = birds.groupBy("size").agg(F.count("*").alias("n"))
total = by_size.agg(F.lit("Total").alias("size"), F.sum("n").alias("n"))
by_size.unionByName(total).show()

#### a total row from Python
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
by_size = spark.read.csv("s3://data/birds.csv", header=True).groupBy("size").count()
total = sum(row["count"] for row in by_size.collect())
by_size.union(spark.createDataFrame([("Total", total)], by_size.schema)).show()

#### a total row in SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.createOrReplaceTempView("birds")
text = "SELECT size, count(*) AS n FROM birds GROUP BY size"
spark.sql(text + " UNION ALL SELECT 'Total', count(*) FROM birds").show()

#### an empty start for unions
from functools import reduce
from pyspark.sql import DataFrame, SparkSession
spark = SparkSession.builder.getOrCreate()
answer = spark.createDataFrame([], "size string, n long")
birds = spark.read.csv("s3://data/birds.csv", header=True)
for size in ("Large", "Small"):
    answer = answer.union(birds.where(f"size = '{size}'").groupBy("size").count())
print(reduce(DataFrame.union, [answer, answer]).distinct().head(3))

#### a result of single numbers
# brought: false
import argparse
from pyspark.sql import SparkSession, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
low, high = birds.agg(F.min("cost"), F.max("cost")).first()
spark.createDataFrame([("lowest", low), ("highest", high)], ["what", "cost"]).write.parquet(args.output)

#### rows counted in Python
# brought: false
import argparse
from collections import Counter
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
counts = Counter()
for row in spark.read.csv("s3://data/birds.csv", header=True).toLocalIterator():
    counts[row["size"]] += 1
spark.createDataFrame(sorted(counts.items()), ["size", "n"]).write.parquet(args.output)

#### a threshold decides
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
share = birds.where("cost > 100").count() / max(birds.count(), 1)
print("many" if share > 0.5 else "few", round(share, 3))

#### a random sample that was asked for
# prompt: ten random birds
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.withColumn("r", F.rand(1)).orderBy("r").limit(10).drop("r").show()

#### random order only
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.createOrReplaceTempView("birds")
birds.sparkSession.sql("SELECT name FROM birds ORDER BY rand(5) LIMIT 3").show()
birds.orderBy(F.rand(5)).select("name").limit(3).show()

#### a split for training
# prompt: train a model of the cost and say how good it is
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True, inferSchema=True)
data = VectorAssembler(inputCols=["weight", "years"], outputCol="features").transform(birds.dropna())
train, test = data.randomSplit([0.8, 0.2], seed=7)
print(LinearRegression(labelCol="cost").fit(train).evaluate(test).r2)

#### errors are raised again
import sys
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
try:
    birds = spark.read.csv("s3://data/birds.csv", header=True)
    birds.groupBy("size").count().show()
except AnalysisException as error:
    print("cannot read:", error, file=sys.stderr)
    raise SystemExit(1) from error

#### a value that cannot be parsed is missing
from pyspark.sql import SparkSession, functions as F
@F.udf("double")
def number(text):
    try:
        return float(text.replace("$", "").replace(",", ""))
    except (AttributeError, ValueError):
        return None
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.select(F.sum(number("cost"))).show()

#### no rows are said to be none
from pyspark.sql import SparkSession
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
found = birds.where("cost > 1000000").limit(20).collect()
if not found:
    print("no such birds")
for row in found:
    print(row["name"], row["cost"])

#### bins from a list of edges
from pyspark.ml.feature import Bucketizer
from pyspark.sql import SparkSession
EDGES = [0.0, 10.0, 100.0, float("inf")]
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True, inferSchema=True)
Bucketizer(splits=EDGES, inputCol="cost", outputCol="bin").transform(birds).groupBy("bin").count().show()

#### texts to compare with are no places
from pyspark.sql import SparkSession, functions as F
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
odd = birds.filter(F.lower("path").contains("/etc/passwd") | (F.col("host") == "169.254.169.254"))
odd = odd.filter(F.col("home").isin("/root/", "/proc/1")).where("host <> '169.254.169.254'")
odd.groupBy("host").count().show()
