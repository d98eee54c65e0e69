# The answer: it is written, reached, written once, by the right framework, in plain text that runs.
# framework: spark
# sources: birds=s3://data/birds.csv

#### only shows
from pyspark.sql import SparkSession  #! ARC004
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("a").count().show()

#### wrong place
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("a").count().write.parquet("result")  #! ARC004

#### nothing runs
# framework: ray
# brought: true
# sources:
import ray  #! ARC006
def main():
    ray.init()
    print(ray.get(ray.put(1)))

#### constants and classes run nothing
# brought: true
# sources:
from pyspark.sql import SparkSession  #! ARC006
LIMIT = 10
class Answer:
    """What is asked."""
    def run(self):
        return SparkSession.builder.getOrCreate().range(LIMIT).show()

#### other framework
# framework: ray
# brought: true
# sources:
from pyspark.sql import SparkSession  #! ARC005, RAY001
print(SparkSession.builder.getOrCreate().range(3).count())

#### ray in a spark job
# brought: true
import ray  #! ARC005
from pyspark.sql import SparkSession
ray.init()
spark = SparkSession.builder.getOrCreate()
@ray.remote
def load(path):
    return spark.read.csv(path).count()
print(ray.get(load.remote("s3://data/birds.csv")))

#### spark on ray
# framework: ray
# brought: true
# sources:
import ray
from ray.util.spark import setup_ray_cluster  #! ARC005
setup_ray_cluster(max_worker_nodes=2)
ray.init()
print(ray.cluster_resources())

#### a notebook's spark in a ray job
# framework: ray
# brought: true
import ray
ray.init()
rows = spark.read.csv("s3://data/birds.csv").collect()  #! ARC005
print(len(rows), ray.is_initialized())

#### a notebook's ray in a spark job
# brought: true
from pyspark.sql import SparkSession
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
frame.groupBy("size").count().show()
ray.shutdown()  #! ARC005

#### main is never called
import argparse  #! PRV001
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
def main():
    birds = spark.read.csv("s3://data/birds.csv")
    birds.groupBy("size").count().write.parquet(args.output)  #! ARC007

#### the write comes after the end
import argparse
import sys
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
output = parser.parse_args().output
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
birds.show(5)
sys.exit(0)
birds.write.parquet(output)  #! ARC007

#### the write comes after the return
import argparse
from pyspark.sql import SparkSession
def main(output):
    spark = SparkSession.builder.getOrCreate()
    birds = spark.read.csv("s3://data/birds.csv")
    return birds.count()
    birds.write.parquet(output)  #! ARC007
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="o")
main(parser.parse_args().output)

#### the write is switched off
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
if not True:
    birds.write.parquet(args.output)  #! ARC007
else:
    birds.show()

#### both branches leave
import argparse
from pyspark.sql import SparkSession
def run(args):
    birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
    if birds.isEmpty():
        raise ValueError("no rows")
    else:
        return birds.show()
    birds.write.csv(args.output)  #! ARC007
parser = argparse.ArgumentParser()
parser.add_argument("--output")
run(parser.parse_args())

#### a guard that is never true
import argparse  #! PRV001
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
def main():
    frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
    frame.write.json(args.output)  #! ARC007
if __name__ == "main":
    main()

#### a chain of functions that nobody starts
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
def store(frame):
    frame.write.parquet(args.output)  #! ARC007
def prepare(frame):
    store(frame.dropna())
def everything():
    prepare(birds)
birds.printSchema()

#### a loop without an end
# framework: ray
# brought: true
import time
import ray
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
while True:
    time.sleep(1)
print(ds.count())  #! ARC007

#### an early return in one branch only is no end
import argparse
from pyspark.sql import SparkSession
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    parser.add_argument("--dry", action="store_true")
    args = parser.parse_args()
    birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
    if args.dry:
        birds.explain()
        return
    birds.distinct().write.parquet(args.output)
if __name__ == "__main__":
    main()

#### a loop with a break ends
# framework: ray
# brought: true
import ray
ray.init()
batches = iter(ray.data.read_csv("s3://data/birds.csv").iter_batches())
seen = 0
while True:
    batch = next(batches, None)
    if batch is None:
        break
    seen += len(batch["size"])
print(seen)

#### written twice
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv")
birds.groupBy("size").count().write.mode("overwrite").parquet(args.output)
birds.groupBy("age").count().write.mode("overwrite").parquet(args.output)  #! ARC008

#### written by two calls of one function
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
target = parser.parse_args().output
def save(frame):
    frame.write.mode("overwrite").parquet(target)
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
save(birds.groupBy("size").count())
save(birds.groupBy("age").count())  #! ARC008

#### written in a loop
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
for column in birds.columns:
    birds.groupBy(column).count().write.parquet(args.output, mode="overwrite")  #! ARC008

#### appended in a loop
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
birds = spark.read.csv("s3://data/birds.csv", header=True)
for year in range(2020, 2025):
    part = birds.where(f"year = {year}").groupBy("size").count()
    part.write.mode("append").parquet(args.output)  #? ARC008

#### ray writes two answers into one folder
# framework: ray
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
ds.groupby("size").count().write_parquet(args.output)
ds.write_parquet(str(args.output))  #! ARC008

#### branches write once each
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
parser.add_argument("--all", action="store_true")
args = parser.parse_args()
birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
if args.all:
    birds.write.parquet(args.output)
else:
    birds.limit(10).write.parquet(args.output)

#### writes and leaves, or writes at the end
import argparse
from pyspark.sql import SparkSession
def main(output, top):
    birds = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
    if top is None:
        birds.write.parquet(output)
        return
    birds.limit(top).write.parquet(output)
parser = argparse.ArgumentParser()
parser.add_argument("--output")
parser.add_argument("--top", type=int)
given = parser.parse_args()
main(given.output, given.top)

#### parts below the folder are one answer
# framework: ray
import argparse
import os
import pyarrow.csv as pc
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
table = pc.read_csv("s3://data/birds.csv")
os.makedirs(args.output, exist_ok=True)
for i, part in enumerate(table.to_batches(max_chunksize=1000)):
    pq.write_table(part, f"{args.output}/part-{i}.parquet")

#### a brought program that writes twice is warned
# brought: true
import argparse
from pyspark.sql import SparkSession
p = argparse.ArgumentParser()
p.add_argument("--output")
o = p.parse_args().output
df = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
df.write.csv(o)
if df.columns:
    df.write.csv(o)  #? ARC008

#### a brought program that shows nothing
# brought: true
from pyspark.sql import SparkSession  #? ARC004
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
frame = frame.dropDuplicates().filter("size is not null").cache()
