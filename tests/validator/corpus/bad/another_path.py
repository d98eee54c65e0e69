# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: PRV001, PRV002
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("birds.csv").show()
