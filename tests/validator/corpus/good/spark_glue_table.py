# framework: spark
# sources: sales.orders=
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = (
    SparkSession.builder.appName("glue")
    .config("spark.sql.catalogImplementation", "hive")
    .config("spark.hadoop.hive.metastore.client.factory.class", "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory")
    .enableHiveSupport()
    .getOrCreate()
)
a = spark.table("sales.orders")
b = spark.sql("SELECT count(*) AS n FROM `sales`.`orders`")
a.groupBy("x").count().crossJoin(b).write.mode("overwrite").parquet(args.output)
# warn: SPK005
