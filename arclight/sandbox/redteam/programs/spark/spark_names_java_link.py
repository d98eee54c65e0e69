# ---
# id = "spark-names-java-link"
# title = "The JVM makes the answer a link to a table outside"
# clause = "names"
# engine = "spark"
# expects = ["leak", "refused"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

from pyspark.sql import SparkSession

with open("probe.json") as f:
    P = json.load(f)

jvm = SparkSession.builder.getOrCreate()._jvm
os.mkdir("output")
file = jvm.java.io.File
nothing = SparkSession.builder.getOrCreate()._sc._gateway.new_array(
    jvm.java.nio.file.attribute.FileAttribute, 0
)
link, target = file(os.path.abspath("output/part-0.parquet")), file(P["canary_table"])
jvm.java.nio.file.Files.createSymbolicLink(link.toPath(), target.toPath(), nothing)
