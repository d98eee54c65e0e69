#### dynamic
# framework: ray
# brought: true
import ray
ray.init()
e = eval  #! SEC003
e("1")  #! SEC003
exec("x = 1")  #! SEC003
__import__("os").system("id")  #! SEC003
globals()["__builtins__"]  #! SEC004
print(1)


#### internals
# framework: ray
# brought: true
import ray, os
from operator import attrgetter
ray.init()
c = "__cl" + "ass__"
print(getattr((), c), ().__class__.__mro__, (lambda: 0).__globals__)  #! SEC004
print(getattr(os, "sys" + "tem"), attrgetter("a.__globals__"))  #! SEC004
print([x for x in (1).__class__.__base__.__subclasses__()])  #! SEC004
try:
    1 / 0
except ZeroDivisionError as z:
    print(z.__traceback__.tb_frame.f_globals)  #! SEC004


#### jvm
# framework: spark
# brought: true
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
jvm = spark.sparkContext._jvm  #! SEC005
print(getattr(spark, "_jsc") if False else spark._jsparkSession)  #! SEC004, SEC005

