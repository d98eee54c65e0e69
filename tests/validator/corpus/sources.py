# What is read: the declared sources, all of them, nothing else, and visibly so.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### a table nobody made
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createOrReplaceTempView("birds")
spark.sql("SELECT * FROM birds b JOIN airports a ON a.id = b.id").show()  #! PRV002

#### another path
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.read.csv("birds.csv").show()  #! PRV002

#### beside the folder
# sources: birds=s3://data/birds/
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
frame = spark.read.csv(["s3://data/birds/../other.csv", "s3://data/birds2/x.csv"])  #! PRV002
frame.show()

#### hidden path
import sys
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.csv(sys.argv[1]).show()  #? PRV006

#### unread
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.csv
from pyspark.sql import SparkSession  #? PRV003
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").show()

#### a planned source is left out
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.csv
# planned: birds, airports
from pyspark.sql import SparkSession  #! PRV008
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
birds.groupBy("airport").count().orderBy("count").show()

#### a planned source is read where nobody comes
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.csv
# planned: birds, airports
from pyspark.sql import SparkSession  #! PRV008
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
if False:
    airports = spark.read.csv("s3://data/airports.csv")
    birds = birds.join(airports, "id")
birds.show()

#### read in a function that nobody calls
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
def load():
    return spark.read.csv("s3://data/birds.csv")
spark.range(3).show()  #! PRV004

#### read by an alias of the method
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
load = spark.read.csv
load("s3://data/birds.csv").join(load("s3://other/x.csv"), "id").show()  #! PRV002

#### read by getattr
from pyspark.sql import SparkSession
reader = SparkSession.builder.getOrCreate().read
good = reader.csv("s3://data/birds.csv")
bad = getattr(reader, "par" + "quet")("s3://other/x.parquet")  #! PRV002
good.join(bad, "id").show()

#### read by keyword options
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
how = {"path": "s3://other/x.csv", "header": True}
spark.read.csv(**how).show()  #! PRV002
print(spark.read.csv("s3://data/birds.csv").count())

#### read from a list of paths
from pyspark.sql import SparkSession
paths = ["s3://data/birds.csv"]
paths.append("s3://other/x.csv")
SparkSession.builder.getOrCreate().read.csv(paths).show()  #! PRV002

#### read by an option
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.format("csv").option("path", "s3://other/" + "x.csv").load().show()  #! PRV002
spark.read.load("s3://data/birds.csv", format="csv").show()

#### read by pandas beside Ray
# framework: ray
import pandas as pd
import ray
ray.init()
more = pd.read_csv("https://example.org/x.csv")  #! PRV002
print(ray.data.read_csv("s3://data/birds.csv").count() + len(more))

#### read by an rdd
from pyspark import SparkContext
sc = SparkContext.getOrCreate()
print(sc.wholeTextFiles("s3://other/").count())  #! PRV002
print(sc.textFile("s3://data/birds.csv").count())

#### read by a task of Ray
# framework: ray
import pyarrow.parquet as pq
import ray
ray.init()
@ray.remote
def rows(path):
    return pq.read_metadata(path).num_rows  #! PRV002
ds = ray.data.read_csv("s3://data/birds.csv")
print(ray.get([rows.remote("s3://other/a.parquet"), rows.remote("s3://data/birds.csv")]), ds)

#### a streaming read
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
stream = spark.readStream.schema("a int").csv("s3://other/in/")  #! PRV002
query = stream.writeStream.format("console").start()
spark.read.csv("s3://data/birds.csv").show()
query.stop()

#### a name from the command line that is declared
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--input", default="s3://data/birds.csv")
args = parser.parse_args()
SparkSession.builder.getOrCreate().read.csv(args.input).groupBy("size").count().show()

#### partitions below a folder
# sources: sales=s3://data/sales/
from datetime import date
from pyspark.sql import SparkSession
BASE = "s3a://data/sales"
spark = SparkSession.builder.getOrCreate()
frames = [spark.read.parquet(f"{BASE}/day={date(2024, 1, d)}") for d in (1, 2)]
frames[0].unionByName(frames[1]).groupBy("shop").sum("amount").show()

#### a file of its own is no source
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
birds.select("size").distinct().write.mode("overwrite").csv("sizes")
sizes = spark.read.csv("sizes")
birds.join(sizes, birds.size == sizes._c0).show()
