#### nothing runs
# framework: ray
# brought: true
import ray  #! ARC006
def main():
    ray.init()
    print(ray.get(ray.put(1)))


#### only prints
# framework: spark
# sources: birds=s3://data/birds.csv
from pyspark.sql import SparkSession  #! ARC004
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("a").count().show()


#### other framework
# framework: ray
# brought: true
from pyspark.sql import SparkSession  #! ARC005, RAY001
print(SparkSession.builder.getOrCreate().range(3).count())


#### wrong place
# framework: spark
# sources: birds=s3://data/birds.csv
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("a").count().write.parquet("result")  #! ARC004

