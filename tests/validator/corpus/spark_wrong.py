#### column and
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
df.filter(col("a") > 1 and not col("b").isNull()).show()  #! SPK008


#### no session
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
spark.read.csv("s3://data/birds.csv").show()  #! SPK001


#### remote master
# framework: spark
# brought: true
from pyspark.sql import SparkSession
SparkSession.builder.remote("sc://10.1.2.3").getOrCreate().range(3).show()  #! SPK003

