# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: PRV004, PRV001
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sql("SELECT * FROM VALUES ('Large', 100), ('Small', 5) AS t(size, cost)").show()
