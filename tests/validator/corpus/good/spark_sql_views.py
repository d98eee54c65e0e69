# framework: spark
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.parquet
import argparse
from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="out")
args = parser.parse_args()
spark = SparkSession.builder.appName("sql").enableHiveSupport().getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("Birds")
spark.sql("CREATE OR REPLACE TEMPORARY VIEW airports AS SELECT * FROM parquet.`s3://data/airports.parquet`")
answer = spark.sql("""
    WITH monthly AS (
        SELECT date_trunc('month', day) AS month, extract(year FROM day) AS y,
               trim(both ' ' FROM b.name) AS name, sum(cost) AS cost
        FROM birds b, airports a  -- two tables; from nowhere
        WHERE a.id = b.id AND b.x IS DISTINCT FROM a.x
        GROUP BY 1, 2, 3
    )
    SELECT month, transform(array(cost), x -> x + 1) AS c, 'from secret_table' AS t
    FROM monthly LEFT JOIN (SELECT DISTINCT y FROM monthly) yy ON yy.y = monthly.y
    LATERAL VIEW explode(array(1, 2)) e AS v
""")
answer.write.mode("overwrite").parquet(args.output)
spark.sql("CREATE TEMPORARY VIEW numbers AS SELECT * FROM birds")
spark.table("numbers").show()
