# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: PRV006
import sys
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.csv(sys.argv[1]).show()
