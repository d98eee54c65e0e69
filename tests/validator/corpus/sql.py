# SQL that does more than query.
# framework: spark
# brought: true

#### sql code
# sources: birds=s3://data/birds.csv
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
spark.sql(f"SET spark.jars={df}")  #! SEC006, SEC007

#### a jar by a comment
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
spark.sql("ADD /* nothing */ JAR 's3://x/y.jar'")  #! SEC006

#### reflect in back-quotes
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
for text in ["SELECT `reflect`('java.lang.System', 'getenv', 'HOME')"]:
    spark.sql(text).show()  #! SEC006

#### reflect by an alias of the method
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
run = spark.sql
run("SELECT reflect('java.lang.System', 'getenv')").show()  #! SEC006

#### reflect by getattr
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(getattr(spark, "s" + "ql")("SELECT java_method('a.B', 'c')").first())  #! SEC006

#### reflect by partial
from functools import partial
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
partial(spark.sql, "SELECT try_reflect('a.B', 'c')")().show()  #! SEC006

#### many statements by map
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
done = list(map(spark.sql, ["SELECT 1", "ADD FILE /tmp/x.py"]))  #! SEC006
print(done)

#### a statement through a lambda
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
(lambda text: spark.sql(text))("ADD ARCHIVE x.zip")  #! SEC006

#### a statement through a function
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
def ask(verb, what="JAR x.jar"):
    return spark.sql(verb + " " + what)  #! SEC006
ask("ADD")

#### a statement of a class
from pyspark.sql import SparkSession  #? ARC004
class Setup:
    first = "CREATE TEMPORARY FUNCTION f AS 'x.Y'"
    def __init__(self, spark):
        spark.sql(self.first)  #! SEC006
Setup(SparkSession.builder.getOrCreate())

#### a statement in pieces
from pyspark.sql import SparkSession  #? ARC004
PARTS = ["ADD", "JAR", "s3://x/y.jar"]
spark = SparkSession.builder.getOrCreate()
spark.sql(" ".join(PARTS)).collect()  #! SEC006  #? SPK004

#### a statement that is walked
from pyspark.sql import SparkSession  #? ARC004
if (text := "LOAD DATA INPATH '/x' INTO TABLE t"):
    SparkSession.builder.getOrCreate().sql(text)  #! SEC006

#### a statement in base64
import base64  #? ARC004
from pyspark.sql import SparkSession
TEXT = "QUREIEpBUiB4Lmphcg=="
spark = SparkSession.builder.getOrCreate()
spark.sql(base64.b64decode(TEXT).decode("utf-8"))  #! SEC006

#### a statement in a statement
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
spark.sql("EXECUTE IMMEDIATE 'ADD' || ' JAR x'", args={"a": 1})  #! SEC006

#### a directory is written
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
spark.range(3).createTempView("n")
spark.sql("INSERT OVERWRITE LOCAL DIRECTORY '/tmp/x' SELECT * FROM n")  #! SEC006

#### the verb comes from outside
import sys  #? ARC004
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sql(f"{sys.argv[1]} JAR 's3://x/y.jar'")  #! SEC006

#### a condition that calls java
from pyspark.sql import SparkSession
frame = SparkSession.builder.getOrCreate().range(3)
frame.where("java_method('java.util.UUID', 'randomUUID') != ''").show()  #! SEC006

#### expressions from a list
from pyspark.sql import SparkSession
frame = SparkSession.builder.getOrCreate().range(3)
columns = ["id", "reflect('java.lang.Math', 'abs', id) AS a"]
frame.selectExpr(*columns).show()  #! SEC006

#### java by a function's name
from pyspark.sql import SparkSession, functions as F
frame = SparkSession.builder.getOrCreate().range(3)
frame.select(F.call_function("reflect", F.lit("a.B"), F.lit("c")), "id").show()  #! SEC006

#### a function of java is registered
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.udf.registerJavaFunction("f", "x.Y")  #! SEC007
print(spark.sql("SELECT f(1)").head())

#### the method is handed on
from pyspark.sql import SparkSession
def use(how):
    return how("SELECT 1").first()
spark = SparkSession.builder.getOrCreate()
print(use(spark.sql))  #! SEC006

#### words in strings and names are no code
# sources: birds=s3://data/birds.csv
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv", header=True).createOrReplaceTempView("birds")
spark.sql("""
    -- add jar to the list, and reflect(on it)
    SELECT transform(array(1, 2), x -> x + 1) AS t, 'please add jar x' AS note, `add file` AS f
    FROM birds WHERE kind = 'reflect(a)' AND reflect_angle > 3
""").show(5, False)
