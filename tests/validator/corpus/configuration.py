# Settings that load code, open doors or choose the place: Spark's configuration, Ray's runtime_env.
# framework: spark
# brought: true

#### configuration
from pyspark.sql import SparkSession
OPTIONS = {"spark.plugins": "x", "spark.app.name": "a"}  #! SEC007
spark = (
    SparkSession.builder.config("spark.driver.extraJavaOptions", "-Dx")  #! SEC007
    .config(map=OPTIONS)
    .config("spark.jars.packages", "a:b:1")  #! SEC007
    .config("spark.hadoop.fs.file.impl", "x")  #! SEC007
    .getOrCreate()
)
spark.conf.set("spark.executor.extraClassPath", "/x")  #! SEC007
spark.sparkContext.addPyFile("s3://x/y.py")  #! SEC007
spark.range(3).show()

#### runtime env
# framework: ray
import ray
ENV = {"pip": ["x"], "env_vars": {"LD_PRELOAD": "x.so"}}
ray.init(runtime_env=ENV)  #! SEC008

@ray.remote(runtime_env={"py_executable": "sh -c id"})  #! SEC008
def f():
    return 1
print(ray.get(f.remote()))

#### a setting in pieces
from pyspark.sql import SparkSession
PREFIX = "spark."
builder = SparkSession.builder
builder = builder.config(PREFIX + "jars", "s3://x/y.jar")  #! SEC007
builder.getOrCreate().range(3).show()

#### a setting by its keyword
from pyspark.sql import SparkSession
spark = SparkSession.builder.config(key="spark.submit.pyFiles", value="x.py").getOrCreate()  #! SEC007
print(spark.version)

#### settings from a loop
from pyspark.sql import SparkSession
builder = SparkSession.builder
for key, value in {"spark.sql.extensions": "x.Y", "spark.app.name": "n"}.items():
    builder = builder.config(key, value)  #! SEC007
print(builder.getOrCreate())

#### settings as pairs
from pyspark import SparkConf, SparkContext
conf = SparkConf().setAll([("spark.executorEnv.A", "1"), ("spark.app.name", "n")])  #! SEC007
sc = SparkContext(conf=conf)
print(sc.parallelize([1]).count())

#### settings as a dict's items
from pyspark import SparkConf, SparkContext
WANTED = {"spark.eventLog.dir": "s3://x"}  #! SEC007
print(SparkContext.getOrCreate(SparkConf().setAll(WANTED.items())).version)

#### settings of the executors
from pyspark import SparkConf, SparkContext
conf = SparkConf()
conf.setExecutorEnv("LD_PRELOAD", "/x.so")  #! SEC007
print(SparkContext.getOrCreate(conf).version, conf)

#### the builder's private options
from pyspark.sql import SparkSession
b = SparkSession.builder
b._options["spark.jars"] = "x.jar"  #! SEC004, SEC007
print(b.getOrCreate().range(1).count())

#### a system property
from pyspark import SparkContext
SparkContext.setSystemProperty("spark.jars.repositories", "https://example.org")  #! SEC007
print(SparkContext.getOrCreate().defaultParallelism)

#### a set statement
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
for statement in ("SET spark.sql.ansi.enabled = true", "SET `spark.sql.extensions` = x.Y"):
    spark.sql(statement)  #! SEC007

#### a session made of keywords
from pyspark import SparkContext
sc = SparkContext(appName="a", pyFiles=["x.py"], environment={"A": "1"})  #! SEC007
print(sc.range(3).sum())

#### another file system
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("a").getOrCreate()
spark.conf.set("spark.hadoop.fs.s3a.endpoint", "https://203.0.113.9")  #! SEC007
spark.conf.set("fs.defaultFS", "hdfs://203.0.113.9")  #! SEC007
spark.range(2).show()

#### a serializer of its own
from pyspark.sql import SparkSession
(SparkSession.builder.config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    .config("spark.kryo.registrator", "x.Registrator").getOrCreate().range(3).show())  #! SEC007

#### a catalog of unknown code
from pyspark.sql import SparkSession
name = "spark.sql.catalog.mine"
SparkSession.builder.config(name, "com.example.Catalog").getOrCreate().range(3).show()  #! SEC007

#### a format of unknown code
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.format("com.example.Source").option("a", 1).load().show()  #! SEC007  #? PRV006

#### a client factory of unknown code
from pyspark.sql import SparkSession
KEY = "spark.hadoop.hive.metastore.client.factory.class"
VALUE = "com.example." + "Factory"
spark = SparkSession.builder.config(KEY, VALUE).enableHiveSupport().getOrCreate()  #! SEC007
spark.range(3).describe().show()

#### files for all workers
from pyspark.sql import SparkSession
context = SparkSession.builder.getOrCreate().sparkContext
add = context.addFile
add("https://example.org/x.sh")  #! SEC007
print(context.parallelize(range(3)).sum())

#### artifacts of a session
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
if spark.version > "3.5":
    spark.addArtifacts("x.jar", pyfile=False)  #! SEC007
spark.range(1).show()

#### remote master
from pyspark.sql import SparkSession
SparkSession.builder.remote("sc://10.1.2.3").getOrCreate().range(3).show()  #! SPK003

#### a master as a setting
from pyspark.sql import SparkSession
spark = SparkSession.builder.config(map={"spark.master": "spark://10.0.0.1:7077"}).getOrCreate()  #! SPK003
spark.range(3).show()

#### a master of a context
from pyspark import SparkConf, SparkContext
sc = SparkContext("yarn", "count", conf=SparkConf())  #! SPK003
print(sc.parallelize([1, 2]).count())

#### a computed master
import sys
from pyspark.sql import SparkSession
where = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0]
SparkSession.builder.master(where).getOrCreate().range(3).show()  #! SPK003

#### a local master is only warned of
from pyspark import SparkConf, SparkContext
conf = SparkConf().setMaster("local[2]").setAppName("a")  #? SPK003
with SparkContext(conf=conf) as sc:
    print(sc.parallelize([1, 2, 3]).sum())

#### packages through keywords in a dict
# framework: ray
import ray
HOW = {"runtime_env": {"conda": "x"}, "num_cpus": 1}
@ray.remote
def f():
    return 1
ray.init()
print(ray.get(f.options(**HOW).remote()))  #! SEC008

#### packages through a dict call
# framework: ray
import ray
options = dict(runtime_env=dict(pip=["x"]), ignore_reinit_error=True)  #! SEC008
ray.init(**options)  #! SEC008
print(ray.available_resources())

#### packages by their class
# framework: ray
import ray  #? ARC004
from ray.runtime_env import RuntimeEnv
env = RuntimeEnv(uv=["x"], env_vars={"A": "1"})  #! SEC008
ray.init(runtime_env=env)  #! SEC008

#### an image for the workers
# framework: ray
import ray
class Settings:
    env = {"container": {"image": "x"}}
ray.init(runtime_env=Settings.env)  #! SEC008
print(ray.nodes)  #! SEC002

#### a folder for the workers
# framework: ray
import ray  #? ARC004
def environment():
    return {"working_dir": "https://example.org/x.zip"}
ray.init(runtime_env=environment())  #! SEC008

#### a path for the loader
# framework: ray
import ray
ray.init()
@ray.remote
class A:
    def get(self):
        return 1
a = A.options(runtime_env={"env_vars": {"PYTHONPATH": "/x"}}).remote()  #! SEC008
print(ray.get(a.get.remote()))

#### an open dashboard
# framework: ray
import ray
ray.init(include_dashboard=True, dashboard_host="0.0.0.0", _system_config={"a": 1})  #! SEC008
print(ray.is_initialized())

#### harmless settings
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder.appName("a")
    .config("spark.sql.shuffle.partitions", 8)
    .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.conf.set("spark.sql.adaptive.enabled", "true")
spark.sparkContext.setLogLevel("WARN")
spark.range(10).selectExpr("id % 3 AS k").groupBy("k").count().show()

#### harmless environment of tasks
# framework: ray
import ray
ray.init(runtime_env={"env_vars": {"MODE": "fast"}}, log_to_driver=False)
@ray.remote(num_cpus=0.5, max_retries=2)
def twice(x):
    return 2 * x
print(ray.get([twice.remote(i) for i in range(4)]))
