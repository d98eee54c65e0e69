# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
# expect: PRV001, PRV004
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = spark.sparkContext.parallelize(['{"size": "Large", "cost": 100}'])
spark.read.json(rows).show()
