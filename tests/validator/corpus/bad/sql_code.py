# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: SEC006
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
df.createOrReplaceTempView("t")
spark.sql("ADD   JAR s3://x/y.jar")
q = "SELECT TRANSFORM(a) USING 'sh -c id' FROM t"
spark.sql(q).show()
df.selectExpr("java_method('java.lang.Runtime', 'x')").show()
df.select(F.reflect(F.lit("a"), F.lit("b"))).show()
df.select(F.expr("reflect" + "('a', 'b')")).show()
spark.sql("CREATE FUNCTION f AS 'c' USING JAR 'x'")
spark.sql(f"SET spark.jars={df}")
