# framework: ray
# brought: true
# expect: ARC005, RAY001
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().range(3).count())
