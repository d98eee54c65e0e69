#### credentials
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
key = "AKIAIOSFODNN7EXAMPLE"  #! SEC012
db_password = "hunter2"  #! SEC012
spark.read.csv("s3://data/birds.csv").show()
spark.read.format("jdbc").option("url", "jdbc:postgresql://h/d?user=u&password=pw12").option("dbtable", "t").load().show()  #! PRV002, SEC012


#### pickles
# framework: ray
# brought: true
import ray, numpy as np
ray.init()
print(np.load("x.npy", allow_pickle=True))  #! PRV002, SEC013

