# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: SPK002, SPK004, SPK006, SPK007, SPK009
from pyspark.sql.functions import *
from pyspark.sql.functions import udf
from pyspark.sql import SparkSession
import pandas as pd
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
again = pd.read_csv("s3://data/birds.csv")
@udf
def shout(s):
    """Louder."""
    return s.upper() + "!"
df.repartition(1).filter("a > 1").toPandas()
print(again)
