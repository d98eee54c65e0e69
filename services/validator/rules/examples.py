"""Beginnings of the examples that rules carry."""

IMPORT = "from pyspark.sql import SparkSession, functions as F\n"
SESSION = f"{IMPORT}spark = SparkSession.builder.appName('a').getOrCreate()\n"
READ = f"{SESSION}df = spark.read.csv('s3://data/birds.csv', header=True)\n"
RAY = "import ray\nray.init()\n"
TASK = f"{RAY}\n@ray.remote\ndef f(x):\n    return x\n\n"
