# ---
# id = "spark-listener-jdbc"
# title = "Reads a table from a database with a driver that it brings along"
# clause = "listener"
# engine = "spark"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import json

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

host, port = P["tcp"]
spark = SparkSession.builder.getOrCreate()
reader = spark.read.format("jdbc").option("dbtable", "t")
for url in (f"jdbc:hive2://{host}:{port}/default", f"jdbc:derby://{host}:{port}/db;create=true"):
    try:
        driver = (
            "org.apache.hive.jdbc.HiveDriver"
            if "hive" in url
            else "org.apache.derby.jdbc.ClientDriver"
        )
        reader.option("url", url).option("driver", driver).load().show()
    except Exception as error:
        print(type(error))
