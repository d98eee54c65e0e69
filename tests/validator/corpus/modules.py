#### modules through modules
# framework: ray
# brought: true
import ray, random, argparse, sys
ray.init()
print(random._os.system("id"))  #! SEC004
print(sys.modules["os"])  #! SEC002
print(argparse._sys.modules)  #! SEC004


#### processes
# framework: ray
# brought: true
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


#### py4j
# framework: spark
# brought: true
from py4j.java_gateway import java_import  #! SEC002
from pyspark.java_gateway import launch_gateway  #! SEC002
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate(), java_import, launch_gateway)


#### unknown modules
# framework: ray
# brought: true
import ray
import torch  #! SEC001
from .helper import x  #! SEC001
ray.init()
print(x, torch)

