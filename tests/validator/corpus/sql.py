#### sql code
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
df.createOrReplaceTempView("t")
spark.sql("ADD   JAR s3://x/y.jar")  #! SEC006
q = "SELECT TRANSFORM(a) USING 'sh -c id' FROM t"
spark.sql(q).show()  #! SEC006
df.selectExpr("java_method('java.lang.Runtime', 'x')").show()  #! SEC006
df.select(F.reflect(F.lit("a"), F.lit("b"))).show()  #! SEC006
df.select(F.expr("reflect" + "('a', 'b')")).show()  #! SEC006
spark.sql("CREATE FUNCTION f AS 'c' USING JAR 'x'")  #! SEC006
spark.sql(f"SET spark.jars={df}")  #! SEC006

