# mypy: ignore-errors
"""An honest job of Spark: adds up what is easy to know."""

import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
spark.range(1000).selectExpr("sum(id) AS total").write.parquet(sys.argv[2])
