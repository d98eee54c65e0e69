# framework: spark
# brought: true
# expect: SPK003
from pyspark.sql import SparkSession
SparkSession.builder.remote("sc://10.1.2.3").getOrCreate().range(3).show()
