# In the style of Spark's own examples.
# framework: spark
# brought: true
# generated: true

#### word count
# sources: book=file:///store/book.txt
from operator import add
from pyspark.sql import SparkSession
if __name__ == "__main__":
    spark = SparkSession.builder.appName("WordCount").getOrCreate()
    lines = spark.read.text("file:///store/book.txt").rdd.map(lambda r: r[0])
    counts = lines.flatMap(lambda x: x.split(" ")).map(lambda x: (x, 1)).reduceByKey(add)
    for word, count in counts.collect():
        print(f"{word}: {count}")
    spark.stop()

#### the area of a circle
from random import random
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("Pi").getOrCreate()
def inside(_):
    x, y = random(), random()
    return int(x * x + y * y < 1)
n = 200_000
hits = spark.sparkContext.parallelize(range(n), 4).map(inside).sum()
print("Pi is about", 4 * hits / n)

#### page ranks
# sources: links=file:///store/links.txt
import re
from operator import add
from pyspark.sql import SparkSession
def neighbours(line):
    parts = re.split(r"\s+", line)
    return parts[0], parts[1]
def contributions(urls, rank):
    for url in urls:
        yield url, rank / len(urls)
spark = SparkSession.builder.appName("PageRank").getOrCreate()
lines = spark.read.text("file:///store/links.txt").rdd.map(lambda r: r[0])
links = lines.map(neighbours).distinct().groupByKey().cache()
ranks = links.map(lambda pair: (pair[0], 1.0))
for _ in range(10):
    parts = links.join(ranks).flatMap(lambda p: contributions(p[1][0], p[1][1]))
    ranks = parts.reduceByKey(add).mapValues(lambda rank: rank * 0.85 + 0.15)
for link, rank in ranks.collect():
    print(f"{link} has rank {rank}")

#### k means by hand
# sources: points=file:///store/points.txt
import numpy as np
from pyspark.sql import SparkSession
def vector(line):
    return np.array([float(x) for x in line.split(" ")])
def closest(p, centers):
    return min(range(len(centers)), key=lambda i: float(np.sum((p - centers[i]) ** 2)))
spark = SparkSession.builder.appName("KMeans").getOrCreate()
data = spark.read.text("file:///store/points.txt").rdd.map(lambda r: vector(r[0])).cache()
centers = data.takeSample(False, 3, 1)
moved = 1.0
while moved > 0.01:
    nearest = data.map(lambda p: (closest(p, centers), (p, 1)))
    sums = nearest.reduceByKey(lambda a, b: (a[0] + b[0], a[1] + b[1]))
    new = sums.map(lambda st: (st[0], st[1][0] / st[1][1])).collect()
    moved = sum(float(np.sum((centers[i] - p) ** 2)) for i, p in new)
    for i, p in new:
        centers[i] = p
print(centers)

#### logistic regression by hand
# sources: points=file:///store/points.csv
import numpy as np
from pyspark.sql import SparkSession
D = 10
def read(iterator):
    rows = [line.split(",") for line in iterator]
    matrix = np.zeros((len(rows), D + 1))
    for i in range(len(rows)):
        matrix[i] = rows[i]
    return [matrix]
def gradient(matrix, w):
    y, x = matrix[:, 0], matrix[:, 1:]
    return ((1.0 / (1.0 + np.exp(-y * x.dot(w))) - 1.0) * y * x.T).sum(1)
spark = SparkSession.builder.appName("LR").getOrCreate()
points = spark.sparkContext.textFile("file:///store/points.csv").mapPartitions(read).cache()
w = 2 * np.random.ranf(size=D) - 1
for i in range(5):
    w -= points.map(lambda m: gradient(m, w)).reduce(lambda a, b: a + b)
print("Final w:", w)

#### transitive closure
from random import Random
from pyspark.sql import SparkSession
rand = Random(42)
def edges():
    found = set()
    while len(found) < 200:
        a, b = rand.randrange(0, 100), rand.randrange(0, 100)
        if a != b:
            found.add((a, b))
    return found
spark = SparkSession.builder.appName("Closure").getOrCreate()
tc = spark.sparkContext.parallelize(edges(), 2).cache()
backwards = tc.map(lambda x_y: (x_y[1], x_y[0]))
old, size = 0, tc.count()
while size != old:
    old = size
    new = tc.join(backwards).map(lambda p: (p[1][1], p[1][0]))
    tc = tc.union(new).distinct().cache()
    size = tc.count()
print(f"closure has {size} edges")

#### frames and columns
# sources: people=file:///store/people.json
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("Basics").config("spark.some.option", "value").getOrCreate()
df = spark.read.json("file:///store/people.json")
df.printSchema()
df.select(df["name"], df["age"] + 1).show()
df.filter(df["age"] > 21).show()
df.groupBy("age").count().show()
df.createGlobalTempView("people")
spark.newSession().sql("SELECT * FROM global_temp.people").show()

#### a schema from a class of rows
# sources: people=file:///store/people.txt
from pyspark.sql import Row, SparkSession
spark = SparkSession.builder.getOrCreate()
lines = spark.sparkContext.textFile("file:///store/people.txt")
people = lines.map(lambda l: l.split(",")).map(lambda p: Row(name=p[0], age=int(p[1])))
frame = spark.createDataFrame(people)
frame.createOrReplaceTempView("people")
teenagers = spark.sql("SELECT name FROM people WHERE age >= 13 AND age <= 19")
for name in teenagers.rdd.map(lambda p: "Name: " + p.name).take(50):
    print(name)

#### a schema in words
# sources: people=file:///store/people.txt
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType
spark = SparkSession.builder.getOrCreate()
parts = spark.sparkContext.textFile("file:///store/people.txt").map(lambda l: l.split(","))
people = parts.map(lambda p: (p[0], p[1].strip()))
fields = [StructField(n, StringType(), True) for n in "name age".split()]
frame = spark.createDataFrame(people, StructType(fields))
frame.createOrReplaceTempView("people")
spark.sql("SELECT name FROM people").show()

#### formats of files
# sources: users=file:///store/users.parquet
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
df = spark.read.load("file:///store/users.parquet")
df.select("name", "favorite_color").write.mode("overwrite").save("namesAndColors.parquet")
df.write.partitionBy("favorite_color").format("orc").mode("overwrite").save("partitioned.orc")
direct = spark.sql("SELECT * FROM parquet.`file:///store/users.parquet`")
df.write.bucketBy(42, "name").sortBy("favorite_number").mode("overwrite").saveAsTable("bucketed")
direct.show()

#### merging schemas
from pyspark.sql import Row, SparkSession
spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
squares = spark.createDataFrame(sc.parallelize(range(1, 6)).map(lambda i: Row(single=i, double=i**2)))
squares.write.mode("overwrite").parquet("data/table/key=1")
cubes = spark.createDataFrame(sc.parallelize(range(6, 11)).map(lambda i: Row(single=i, triple=i**3)))
cubes.write.mode("overwrite").parquet("data/table/key=2")
print(squares.unionByName(cubes, allowMissingColumns=True).columns)

#### tables of Hive
# sources: src=@glue
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder.appName("Hive").config("spark.sql.warehouse.dir", "warehouse")
    .enableHiveSupport().getOrCreate()
)
spark.sql("SELECT count(*) FROM src").show()  #? SPK012
top = spark.sql("SELECT key, value FROM src WHERE key < 10 ORDER BY key")
for record in top.rdd.map(lambda row: "Key: %d, Value: %s" % (row.key, row.value)).take(10):
    print(record)

#### functions over series
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, pandas_udf
from pyspark.sql.types import LongType
spark = SparkSession.builder.getOrCreate()
def multiply(a: pd.Series, b: pd.Series) -> pd.Series:
    return a * b
multiplied = pandas_udf(multiply, returnType=LongType())
df = spark.createDataFrame(pd.DataFrame([1, 2, 3], columns=["x"]))
df.select(multiplied(col("x"), col("x"))).show()

#### functions over groups
import pandas as pd
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
df = spark.createDataFrame([(1, 1.0), (1, 2.0), (2, 3.0)], ("id", "v"))
def subtract_mean(pdf: pd.DataFrame) -> pd.DataFrame:
    v = pdf.v
    return pdf.assign(v=v - v.mean())
df.groupby("id").applyInPandas(subtract_mean, schema="id long, v double").show()
def halves(batches):
    for pdf in batches:
        yield pdf[pdf.id == 1]
df.mapInPandas(halves, schema=df.schema).show()

#### functions of tables
from pyspark.sql import SparkSession
from pyspark.sql.functions import lit, udtf
@udtf(returnType="num: int, squared: int")
class Squares:
    def eval(self, start: int, end: int):
        for num in range(start, end + 1):
            yield num, num * num
spark = SparkSession.builder.getOrCreate()
Squares(lit(1), lit(3)).show()
spark.udtf.register("squares", Squares)

#### pandas on Spark
import numpy as np
import pyspark.pandas as ps
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
psdf = ps.DataFrame({"a": [1, 2, 3], "b": [10, 20, 30]}, index=[0, 1, 2])
psdf["c"] = psdf.a + psdf.b
print(psdf.describe(), psdf.sort_values(by="b").head(2), psdf[psdf.a > 1])
print(ps.Series([1, 3, np.nan]).dropna().to_pandas())

#### recommendations
# sources: ratings=file:///store/ratings.txt
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.recommendation import ALS
from pyspark.sql import Row, SparkSession
spark = SparkSession.builder.appName("ALS").getOrCreate()
parts = spark.read.text("file:///store/ratings.txt").rdd.map(lambda row: row.value.split("::"))
rows = parts.map(lambda p: Row(user=int(p[0]), movie=int(p[1]), rating=float(p[2])))
training, test = spark.createDataFrame(rows).randomSplit([0.8, 0.2])
als = ALS(maxIter=5, regParam=0.01, userCol="user", itemCol="movie", ratingCol="rating", coldStartStrategy="drop")
model = als.fit(training)
evaluator = RegressionEvaluator(metricName="rmse", labelCol="rating", predictionCol="prediction")
print("RMSE = " + str(evaluator.evaluate(model.transform(test))))
model.recommendForAllUsers(10).show(5)

#### a pipeline of text
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import HashingTF, Tokenizer
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
columns = ["id", "text", "label"]
training = spark.createDataFrame([(0, "a b c d e spark", 1.0), (1, "b d", 0.0)], columns)
tokenizer = Tokenizer(inputCol="text", outputCol="words")
hashing = HashingTF(inputCol=tokenizer.getOutputCol(), outputCol="features")
pipeline = Pipeline(stages=[tokenizer, hashing, LogisticRegression(maxIter=10, regParam=0.001)])
test = spark.createDataFrame([(4, "spark i j k"), (5, "l m n")], columns[:2])
for row in pipeline.fit(training).transform(test).select("id", "probability").collect():
    rid, probability = row
    print("(%d) --> %s" % (rid, str(probability)))

#### trees with tuning
# sources: data=file:///store/sample.csv
from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession
data = SparkSession.builder.getOrCreate().read.csv("file:///store/sample.csv", header=True, inferSchema=True)
names = [c for c in data.columns if c != "label"]
data = VectorAssembler(inputCols=names, outputCol="features").transform(data)
data = StringIndexer(inputCol="label", outputCol="y").fit(data).transform(data)
forest = RandomForestClassifier(labelCol="y")
grid = ParamGridBuilder().addGrid(forest.numTrees, [10, 30]).addGrid(forest.maxDepth, [3, 5]).build()
judge = MulticlassClassificationEvaluator(labelCol="y", metricName="accuracy")
cross = CrossValidator(estimator=forest, estimatorParamMaps=grid, evaluator=judge, numFolds=3)
print(max(cross.fit(data).avgMetrics))

#### correlations and tests
from pyspark.ml.linalg import Vectors
from pyspark.ml.stat import ChiSquareTest, Correlation
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
vectors = [(Vectors.sparse(4, [(0, 1.0), (3, -2.0)]),), (Vectors.dense([4.0, 5.0, 0.0, 3.0]),)]
df = spark.createDataFrame(vectors, ["features"])
print("Pearson:\n" + str(Correlation.corr(df, "features").head()[0]))
labels = spark.createDataFrame([(0.0, Vectors.dense(0.5, 10.0))], ["label", "features"])
print(ChiSquareTest.test(labels, "features", "label").head().pValues)

#### windows and pivots
# sources: pay=file:///store/pay.csv
from pyspark.sql import SparkSession, Window, functions as F
df = SparkSession.builder.getOrCreate().read.csv("file:///store/pay.csv", header=True, inferSchema=True)
by_place = Window.partitionBy("place").orderBy(F.desc("pay"))
df.withColumn("rank", F.rank().over(by_place)).filter("rank <= 2").show()
df.groupBy("place").pivot("year", [2023, 2024]).agg(F.round(F.avg("pay"), 2)).show()
running = by_place.rowsBetween(Window.unboundedPreceding, Window.currentRow)
df.select("*", F.sum("pay").over(running).alias("so far")).show()

#### accumulators and broadcasts
# sources: log=file:///store/log.txt
from pyspark import SparkConf, SparkContext
conf = SparkConf().setAppName("Accumulators")
sc = SparkContext.getOrCreate(conf=conf)
blank, words = sc.accumulator(0), sc.broadcast({"ERROR", "WARN"})
def parts(line):
    global blank
    if not line:
        blank += 1
    return [w for w in line.split() if w in words.value]
found = sc.textFile("file:///store/log.txt").flatMap(parts).countByValue()
print(dict(found), blank.value)
