# framework: spark
# sources: birds=s3://data/birds.csv
# expect: ARC004
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("a").count().show()
