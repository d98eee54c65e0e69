#### slow spark
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql.functions import *  #? SPK009
from pyspark.sql.functions import udf
from pyspark.sql import SparkSession
import pandas as pd
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
again = pd.read_csv("s3://data/birds.csv")  #? SPK002
@udf
def shout(s):  #? SPK006
    """Louder."""
    return s.upper() + "!"
df.repartition(1).filter("a > 1").toPandas()  #? SPK004, SPK007
print(again)

