# framework: spark
# brought: true
# sources: birds=s3://data/birds/
# expect: PRV001, PRV002
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv(["s3://data/birds/../other.csv", "s3://data/birds2/x.csv"]).show()
