# Code from text, Python's internals, the JVM, and what hides their use.
# framework: ray
# brought: true

#### dynamic
import ray
ray.init()
e = eval  #! SEC003
e("1")  #! SEC003
exec("x = 1")  #! SEC003
__import__("os").system("id")  #! SEC003
globals()["__builtins__"]  #! SEC004
print(1)

#### internals
import ray, os
from operator import attrgetter
ray.init()
c = "__cl" + "ass__"
print(getattr((), c), ().__class__.__mro__, (lambda: 0).__globals__)  #! SEC004
print(getattr(os, "sys" + "tem"), attrgetter("a.__globals__"))  #! SEC002, SEC004
print([x for x in (1).__class__.__base__.__subclasses__()])  #! SEC004
try:
    1 / 0
except ZeroDivisionError as z:
    print(z.__traceback__.tb_frame.f_globals)  #! SEC004

#### jvm
# framework: spark
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
jvm = spark.sparkContext._jvm  #! SEC005
print(getattr(spark, "_jsc") if False else spark._jsparkSession)  #! SEC005

#### eval in a default
import ray
ray.init()
def run(text, how=eval):  #! SEC003
    return how(text)  #! SEC003
print(run("1 + 1"))

#### exec in a decorator
import ray
ray.init()
@exec  #! SEC003
def text():
    return "1"
print(text)

#### compile through a dict
import ray
ray.init()
do = {"c": compile, "n": None}["c"]  #! SEC003
print(do("1", "a", "eval"))

#### map of eval
import ray
ray.init()
print(list(map(eval, ["1", "2"])))  #! SEC003

#### eval of the builtins
import ray
ray.init()
print(__builtins__.eval("1"))  #! SEC004

#### builtins by key
import ray
ray.init()
b = __builtins__  #! SEC004
print(b["ev" + "al"]("1"))

#### builtins through a function
import ray
ray.init()
print(print.__self__)  #! SEC004

#### globals by another name
import ray  #? ARC004
ray.init()
space = globals  #! SEC004
space()["ray"].shutdown()  #! SEC004

#### locals of a function
import ray
def f(a):
    return [v for k, v in locals().items() if k]  #! SEC004
ray.init()
print(f(1))

#### vars of a module
import ray
import re
ray.init()
print(vars(re)["sys"].modules)  #! SEC004

#### getattr kept for later
import ray
ray.init()
get = [getattr]  #! SEC004
print(get[0]((), "__class__"))

#### getattr of getattr
import ray
ray.init()
print(getattr(getattr("", "__class__"), "__mro__")[-1])  #! SEC004

#### dunders by arithmetic
import ray
ray.init()
name = "".join(chr(c) for c in [95, 95, 99, 108, 97, 115, 115, 95, 95])
print(getattr(1, name))  #! SEC004

#### dunders backwards
import ray
ray.init()
print(getattr(ray, "__slabolg__"[::-1], None), getattr(max, "__fles__"[::-1]))  #! SEC004

#### dunders in base64
import base64
import ray
ray.init()
def hidden():
    return base64.b64decode("X19zdWJjbGFzc2VzX18=").decode()
print(getattr(type("", (), {}), hidden())())  #! SEC004

#### dunders in hex
import ray
ray.init()
key = bytes.fromhex("5f5f676c6f62616c735f5f").decode("ascii")
if key:
    print(getattr(lambda: 0, key)["__builtins__"])  #! SEC004

#### dunders by percent
import ray
ray.init()
print(getattr(0, "__%s__" % "class"))  #! SEC004

#### dunders by format
import ray
ray.init()
for word in ("doc", "class"):
    print(getattr(0, "__{}__".format(word)))  #! SEC004

#### dunders by an f-string
import ray
ray.init()
part = "clas"
print(getattr(0, f"__{part}s__"), sep="")  #! SEC004

#### attributes in a format
import ray
class Secret:
    def __init__(self):
        self.a = 1
ray.init()
print("{0.__init__.__globals__}".format(Secret()))  #! SEC004

#### attributes in a formatter
import string
import ray
ray.init()
print(string.Formatter().format("{x.__class__}", x=1))  #! SEC004

#### every object by the collector
import gc
import ray
ray.init()
print([o for o in gc.get_objects() if callable(o)][:3])  #! SEC004

#### a function made of code
import types
import ray
ray.init()
def f():
    return 1
print(types.FunctionType(f.__code__, {})())  #! SEC004

#### hints are evaluated
import typing
import ray
ray.init()
class A:
    x: "print(1)" = 0
print(typing.get_type_hints(A))  #! SEC004

#### the frame of a generator
import ray
ray.init()
g = (x for x in [1])
while g:
    print(g.gi_frame.f_back)  #! SEC004
    break

#### a traceback's frame by getattr
import ray
ray.init()
try:
    raise ValueError
except ValueError as error:
    frame = getattr(error.__traceback__, "tb_" + "frame")  #! SEC004
    print(frame)

#### sys walks frames
import sys
import ray
ray.init()
print(sys._getframe(0))  #! SEC002, SEC004

#### a class that rewrites itself
import ray
class A:
    pass
ray.init()
setattr(A, "__getattribute__", lambda self, name: name)  #! SEC004
print(A().x)

#### the loader of a module
import ray
ray.init()
print(ray.__loader__, __loader__)  #! SEC004

#### py4j by concatenation
# framework: spark
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
name = "_j"
name += "vm"
gate = getattr(spark, "_j" + "vm")  #! SEC005
print(gate.java.lang.System.getenv(), name)

#### py4j by attrgetter
# framework: spark
from operator import attrgetter
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(attrgetter("sparkContext._gateway.jvm")(spark))  #! SEC005

#### an unknown attribute of the session
# framework: spark
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(getattr(spark, sys.argv[1])())  #! SEC004

#### an unknown attribute of the context
# framework: spark
from pyspark.sql import SparkSession
context = SparkSession.builder.getOrCreate().sparkContext
for name in dir(context):
    if name.endswith("vm"):
        print(getattr(context, name))  #! SEC004

#### a frame's java side
# framework: spark
from pyspark.sql import SparkSession, functions as F
frame = SparkSession.builder.getOrCreate().range(3)
print(frame._jdf.queryExecution().toString())  #! SEC005
print(F.col("id")._jc)  #! SEC005

#### the hadoop configuration
# framework: spark
from pyspark import SparkContext  #? ARC004
sc = SparkContext.getOrCreate()
conf = sc._jsc.hadoopConfiguration()  #! SEC005
conf.set("fs.file.impl", "x")  #! SEC007

#### a reader's java side
# framework: spark
from pyspark.sql import SparkSession
reader = SparkSession.builder.getOrCreate().read
print(reader._jreader, reader.schema("a int")._spark)  #! SEC005

#### names that look like dunders are fine
import ray
class Meter:
    __slots__ = ("_n",)
    def __init__(self):
        self._n = 0
    def __enter__(self):
        return self
    def __exit__(self, kind, value, trace):
        return False
    def __len__(self):
        return self._n
    def __repr__(self):
        return f"{self.__class__.__name__}({self._n})"
ray.init()
with Meter() as m:
    print(len(m), m, __name__, type(m).__name__, Meter.__doc__)

#### getattr by a plain name is fine
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--top", type=int, default=3)
args = parser.parse_args()
ray.init()
for name in ("top",):
    print(getattr(args, name, None), hasattr(args, "other"))
