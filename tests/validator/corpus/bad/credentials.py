# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: SEC012, PRV002
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
key = "AKIAIOSFODNN7EXAMPLE"
db_password = "hunter2"
spark.read.csv("s3://data/birds.csv").show()
spark.read.format("jdbc").option("url", "jdbc:postgresql://h/d?user=u&password=pw12").option("dbtable", "t").load().show()
