# framework: spark
# brought: true
# expect: SEC007
from pyspark.sql import SparkSession
OPTIONS = {"spark.plugins": "x", "spark.app.name": "a"}
spark = (
    SparkSession.builder.config("spark.driver.extraJavaOptions", "-Dx")
    .config(map=OPTIONS)
    .config("spark.jars.packages", "a:b:1")
    .config("spark.hadoop.fs.file.impl", "x")
    .getOrCreate()
)
spark.conf.set("spark.executor.extraClassPath", "/x")
spark.sparkContext.addPyFile("s3://x/y.py")
spark.range(3).show()
