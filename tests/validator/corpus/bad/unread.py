# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.csv
# expect: PRV003
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").show()
