# framework: spark
# brought: true
# expect: SEC004, SEC005
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
jvm = spark.sparkContext._jvm
print(getattr(spark, "_jsc") if False else spark._jsparkSession)
