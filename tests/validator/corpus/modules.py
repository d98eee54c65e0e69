# Imports outside of the list, and what leads to processes, network and native code.
# framework: ray
# brought: true

#### processes
import ray
import subprocess as sp  #! SEC002
from os import system as run
import os.path, os as operating
import urllib.request  #! SEC002
ray.init()
run("id")  #! SEC002
operating.popen("id")  #! SEC002
shell = operating.execv  #! SEC002
print(sp)  #! SEC002

#### unknown modules
import ray
import torch  #! SEC001
from .helper import x  #! SEC001
ray.init()
print(x, torch)

#### modules through modules
import ray, random, argparse, sys
ray.init()
print(random._os.system("id"))  #! SEC002, SEC004
print(sys.modules["os"])  #! SEC002
print(argparse._sys.modules)  #! SEC002, SEC004

#### py4j
# framework: spark
from py4j.java_gateway import java_import  #! SEC002
from pyspark.java_gateway import launch_gateway  #! SEC002
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate(), java_import, launch_gateway)

#### an import inside of a task
import ray
ray.init()
@ray.remote
def work():
    import socket  #! SEC002
    return socket.gethostname()  #! SEC002
print(ray.get(work.remote()))

#### an import that may fail
import ray
try:
    import requests as web  #! SEC002
except ImportError:
    web = None
ray.init()
print(web)

#### from a package of packages
import ray
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
ray.init()
with ThreadPoolExecutor() as pool:
    print(list(pool.map(str, range(3))))
with ProcessPoolExecutor() as pool:  #! SEC002
    print(pool)

#### os by another name twice
import os as o  #? ARC004
import ray
ray.init()
p = o
q = p
if q.name == "posix":
    q.kill(q.getpid(), 9)  #! SEC002

#### os out of pathlib
import pathlib  #? ARC004
import ray
ray.init()
for step in range(2):
    pathlib.os.system(f"echo {step}")  #! SEC002

#### os out of a function's module
from glob import os as files  #! SEC002
import ray
ray.init()
print(files.system)  #! SEC002

#### os out of a list
import os  #? ARC004
import ray
ray.init()
for module in [os]:  #! SEC004
    module.system("id")

#### os out of a dict
import os  #? ARC004
import ray
ray.init()
tools = {"m": os, "n": 1}  #! SEC004
tools["m"].system("id")

#### os as an argument
import os  #? ARC004
import ray
def call(module, name):
    return module.system(name)  #! SEC002
ray.init()
call(os, "id")  #! SEC004

#### os returned by a lambda
import os  #? ARC004
import ray
ray.init()
(lambda: os)().system("id")  #! SEC004

#### os with a condition
import os  #? ARC004
import ray
ray.init()
m = os if ray.is_initialized() else None  #! SEC004
m.system("id")

#### os kept in a class
import os
import ray
class Tools:
    system = os  #! SEC004
    def run(self, what):
        return self.system.system(what)
ray.init()
print(Tools().run("id"))

#### os through a walrus
import os  #? ARC004
import ray
ray.init()
if (m := os):  #! SEC004
    m.system("id")  #! SEC002

#### os by getattr
import os  #? ARC004
import ray
ray.init()
run = getattr(os, "sys" + "tem")  #! SEC002
run("id")  #! SEC002

#### os by a chain of getattr
import pathlib  #? ARC004
import ray
ray.init()
getattr(getattr(pathlib, "os"), "popen")("id").read()  #! SEC002

#### os by methodcaller
from operator import methodcaller
import os
import ray
ray.init()
print(methodcaller("system", "id")(os))  #! SEC002

#### os by reduce
from functools import reduce  #? ARC004
import pathlib
import ray
ray.init()
reduce(getattr, ["os", "system"], pathlib)("id")  #! SEC004

#### everything of os
from os import *  #! SEC002  #? ARC004
import ray
ray.init()
system("id")

#### importlib
import importlib  #! SEC002  #? ARC004
import ray
ray.init()
name = "".join(["o", "s"])
importlib.import_module(name).system("id")  #! SEC002

#### import by its function
import ray  #? ARC004
ray.init()
load = __import__  #! SEC003
load("os").system("id")  #! SEC003

#### import in a comprehension
import ray
ray.init()
print([m.system("id") for m in (__import__("os"),)])  #! SEC003

#### logging that runs code
import logging.config  #! SEC002  #? ARC004
import ray
ray.init()
logging.config.dictConfig({"version": 1, "formatters": {"f": {"()": "os.system", "x": 1}}})  #! SEC002

#### a log that leaves the machine
import logging  #? ARC004
from logging.handlers import HTTPHandler  #! SEC002
import ray
ray.init()
log = logging.getLogger("a")
log.addHandler(HTTPHandler("203.0.113.9", "/"))

#### numpy that fetches
import numpy as np
import ray
ray.init()
source = np.lib.npyio.DataSource(None)  #! SEC002
with source.open("http://203.0.113.9/x") as f:
    print(f.read())

#### native code by numpy
import ray
from numpy import ctypeslib as native  #! SEC002
ray.init()
lib = native.load_library("libc", "/usr/lib")  #! SEC002
print(lib)

#### ray's own pickles
import ray
from ray import cloudpickle
ray.init()
print(cloudpickle.loads(cloudpickle.dumps(lambda: 1))())  #! SEC002, SEC013

#### asyncio processes
import asyncio  #! SEC002  #? ARC004
import ray
async def main():
    await asyncio.create_subprocess_shell("id")  #! SEC002
ray.init()
asyncio.run(main())  #! SEC002

#### signals
import ray  #? ARC004
import signal  #! SEC002
def stop(number, frame):
    raise SystemExit(number)
ray.init()
signal.signal(signal.SIGTERM, stop)  #! SEC002

#### the standard library is enough
import bisect, collections, dataclasses, datetime as dt, decimal, heapq, itertools, json, math
import ray
from fractions import Fraction
@dataclasses.dataclass(frozen=True)
class Pair:
    left: int
    right: Fraction = Fraction(1, 3)
ray.init()
heap = [3, 1, 2]
heapq.heapify(heap)
print(json.dumps({"day": dt.date(2024, 1, 1).isoformat(), "pair": str(Pair(heapq.heappop(heap)))}))
print(bisect.bisect([1, 2], 1.5), collections.Counter("abba"), decimal.Decimal("1.10"), math.tau)
print(list(itertools.accumulate(heap)))

#### paths and folders of its own
import os
import shutil
import tempfile
import ray
ray.init()
folder = tempfile.mkdtemp()
os.makedirs(os.path.join(folder, "a"), exist_ok=True)
print(os.cpu_count(), os.sep, sorted(os.listdir(folder)))
shutil.rmtree(folder, ignore_errors=True)
