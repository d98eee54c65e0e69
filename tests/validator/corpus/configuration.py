#### configuration
# framework: spark
# brought: true
from pyspark.sql import SparkSession
OPTIONS = {"spark.plugins": "x", "spark.app.name": "a"}
spark = (
    SparkSession.builder.config("spark.driver.extraJavaOptions", "-Dx")  #! SEC007
    .config(map=OPTIONS)
    .config("spark.jars.packages", "a:b:1")
    .config("spark.hadoop.fs.file.impl", "x")
    .getOrCreate()
)
spark.conf.set("spark.executor.extraClassPath", "/x")  #! SEC007
spark.sparkContext.addPyFile("s3://x/y.py")  #! SEC007
spark.range(3).show()


#### runtime env
# framework: ray
# brought: true
import ray
ENV = {"pip": ["x"], "env_vars": {"LD_PRELOAD": "x.so"}}
ray.init(runtime_env=ENV)  #! SEC008

@ray.remote(runtime_env={"py_executable": "sh -c id"})  #! SEC008
def f():
    return 1
print(ray.get(f.remote()))

