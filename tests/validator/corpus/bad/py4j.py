# framework: spark
# brought: true
# expect: SEC002
from py4j.java_gateway import java_import
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate(), java_import, launch_gateway)
