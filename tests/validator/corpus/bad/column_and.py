# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: SPK008
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
df.filter(col("a") > 1 and not col("b").isNull()).show()
