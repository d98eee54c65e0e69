"""Which way a program may be run, read off its text."""

import pytest

from services.executor_spark.platforms.needs import needs_fresh_session, server_side

START = """\
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
spark = SparkSession.builder.appName("x").getOrCreate()
df = spark.read.csv("file:///in/x.csv", header=True)
"""

FINE = [
    'df.groupBy("a").agg(F.sum("b")).write.mode("overwrite").parquet("/out")',
    'df.write.format("json").save("file:///out")',
    "df.write.parquet(args.output)",
    'df.write.parquet(f"{args.output}/part")',
    'spark.read.parquet("s3://bucket/a", "s3://bucket/b")',
    'json.load(open("x"))',
    'print("{} rows".format(df.count()))',
    'print(f"{df.count()} rows")',
    'df.createOrReplaceTempView("t"); spark.sql("SELECT a, count(*) FROM t GROUP BY a").show()',
    'spark.sql("WITH t AS (SELECT 1 AS a) SELECT transform(array(a), x -> x + 1) FROM t")',
    'spark.sql("-- why\\n  select 1")',
    'query = "select 1"\nspark.sql(query)',
    'spark.sql("CREATE OR REPLACE TEMPORARY VIEW v AS SELECT * FROM t")',
    'df.filter("a > 1").selectExpr("a + 1 AS b").select(F.expr("upper(c)"))',
    'spark.conf.set("spark.sql.shuffle.partitions", "8")',
    "spark.catalog.listTables()",
    'df.select(F.transform("a", lambda x: x + 1))',
    "df.toPandas()\nspark.stop()",
    "try:\n    df.show()\nfinally:\n    spark.stop()",
    'rows = [("a", 1)]\nspark.createDataFrame(rows, "a string, b int").show()',
    "import functools\n@functools.cache\ndef f(): return 1",
    "class A:\n    def __init__(self): self._x = 1",
    'getattr(df, "columns")',
]

SERVER = [
    ("f = F.udf(lambda x: x)", "Python UDF"),
    ("from pyspark.sql.functions import pandas_udf", "Python UDF"),
    ("from pyspark.sql.functions import *\n@udf('int')\ndef f(x): return x", "Python UDF"),
    ('spark.udf.register("f", f)', "Python UDF"),
    ("df.mapInPandas(f, df.schema)", "function of its own"),
    ('df.groupBy("a").applyInPandas(f, "a int")', "function of its own"),
    ("df.foreach(print)", "function of its own"),
    ("df.rdd.count()", "RDD"),
    ('df.write.parquet("out")', "relative path 'out'"),
    ('spark.read.csv(path="x.csv")', "relative path"),
    ('spark.read.json(["/a.json", "b.json"])', "relative path 'b.json'"),
    ('out = "here"\ndf.write.json(out)', "relative path 'here'"),
    ('df.write.csv(f"out/{name}")', "relative path 'out/'"),
    ('spark.sparkContext.setLogLevel("ERROR")', "SparkContext"),
    ("spark._jvm.java.lang.System.exit(0)", "internal name _jvm"),
    ("df._jdf.count()", "internal name _jdf"),
    ('spark.addArtifact("x.jar")', "sends files"),
    ('spark.sql("ADD JAR x.jar")', "ADD JAR"),
    ("spark.sql(\"SELECT TRANSFORM(a) USING 'cat' FROM t\")", "script"),
    ("spark.sql(\"SELECT reflect('java.lang.System', 'exit')\")", "calls Java"),
    ("df.select(F.expr(\"java_method('a', 'b')\"))", "calls Java"),
    ('spark.sql("SELECT * FROM csv.`/etc/passwd`")', "file as a table"),
    ('spark.table("parquet.`/x`")', "file as a table"),
    ("spark.sql(\"CREATE FUNCTION f AS 'x'\")", "CREATE FUNCTION"),
    ('spark.sql("CREATE DATABASE d")', "CREATE DATABASE"),
    ('spark.sql("CREATE TABLE t AS SELECT 1")', "CREATE TABLE"),
    ("spark.sql(\"CREATE TEMPORARY VIEW v USING jdbc OPTIONS (url 'x')\")", "CREATE TEMPORARY"),
    ('spark.sql("CREATE GLOBAL TEMPORARY VIEW v AS SELECT 1")', "global view"),
    ('spark.sql("INSERT INTO t SELECT 1")', "writes a table"),
    ('spark.sql("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a")', "writes a table"),
    ('spark.sql("/* select */ drop table t")', "DROP TABLE"),
    ('spark.sql("USE d")', "USE D"),
    ('spark.sql("SET x=1")', "SET"),
    ('spark.sql(f"SELECT {1}")', "builds SQL"),
    ("spark.sql(open('q.sql').read())", "builds SQL"),
    ("df.selectExpr(*names)", "builds SQL"),
    ('df.write.saveAsTable("t")', "table of the catalog"),
    ('df.write.insertInto("t")', "table of the catalog"),
    ('df.createGlobalTempView("t")', "global view"),
    ('spark.table("global_temp.t")', "global view"),
    ('spark.catalog.setCurrentDatabase("d")', "changes the catalog"),
    ("df.cache()", "cache"),
    ("df.persist()", "cache"),
    ("spark.newSession()", "second session"),
    ('spark.read.jdbc("u", "t")', "database itself"),
    ('spark.read.format("jdbc").load()', "data format jdbc"),
    ("spark.read.format(kind).load()", "data format while it runs"),
    ("spark.readStream.text('/x')", "streaming"),
    ("getattr(df, name)()", "getattr"),
    ('getattr(df, "rdd")', "getattr"),
    ("eval('1')", "eval"),
    ("import importlib", "loads code"),
    ("import pyspark.pandas as ps", "pandas on Spark"),
    ("from pyspark.ml.feature import VectorAssembler", "Spark ML"),
    ("from pyspark.sql.connect.session import SparkSession as S", "Connect itself"),
    ("spark.stop()\nspark.range(3).show()", "after stopping"),
    ("spark.stop()\nspark = SparkSession.builder.getOrCreate()", "after stopping"),
    ('spark.conf.set("spark.sql.runSQLOnFiles", "true")', "sets spark.sql.runSQLOnFiles"),
    ("print.__globals__", "internal name __globals__"),
    ("not python (", "cannot be read"),
]

FRESH = [
    ('SparkSession.builder.master("local[4]").getOrCreate()', "master"),
    ("SparkSession.builder.enableHiveSupport().getOrCreate()", "Hive"),
    ("from pyspark import SparkConf", "SparkContext"),
    ("import pyspark\npyspark.SparkContext()", "SparkContext"),
    ('SparkSession.builder.config("spark.jars", "x.jar").getOrCreate()', "spark.jars"),
    ('SparkSession.builder.config("spark.sql.warehouse.dir", "x")', "spark.sql.warehouse.dir"),
    ("SparkSession.builder.config(key, 1)", "computes the settings"),
    ("SparkSession.builder.config(conf=conf)", "computes the settings"),
    ('SparkSession.builder.config(map={"spark.jars": "x"})', "spark.jars"),
    ('import os\nos.environ["PYSPARK_SUBMIT_ARGS"] = "x"', "PYSPARK_SUBMIT_ARGS"),
]

WARM = [
    'SparkSession.builder.config("spark.sql.shuffle.partitions", 8).getOrCreate()',
    'SparkSession.builder.config("spark.driver.memory", "4g").appName("y").getOrCreate()',
    'SparkSession.builder.config(map={"spark.sql.ansi.enabled": "true"})',
    "logging.config('x')",
]


@pytest.mark.parametrize("text", [*FINE, *WARM])
def test_the_server_can_serve(text: str) -> None:
    assert server_side(START + text) is None
    assert needs_fresh_session(START + text) is None


@pytest.mark.parametrize(("text", "said"), SERVER)
def test_the_server_cannot_serve(text: str, said: str) -> None:
    reason = server_side(START + text)

    assert reason is not None
    assert said in reason
    assert reason[0].islower()


@pytest.mark.parametrize(("text", "said"), FRESH)
def test_spark_must_start_anew(text: str, said: str) -> None:
    for reason in (needs_fresh_session(START + text), server_side(START + text)):
        assert reason is not None
        assert said in reason


def test_the_reason_names_the_first_line() -> None:
    text = START + "df.rdd\n" + "f = F.udf(len)\n"

    assert server_side(text) == "it works on RDDs at line 5"


def test_a_udf_needs_no_fresh_session() -> None:
    assert needs_fresh_session(START + "f = F.udf(len)\ndf.cache()") is None
