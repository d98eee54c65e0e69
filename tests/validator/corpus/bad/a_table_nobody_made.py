# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: PRV002
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createOrReplaceTempView("birds")
spark.sql("SELECT * FROM birds b JOIN airports a ON a.id = b.id").show()
