# framework: ray
# brought: true
# expect: SEC002
import ray
import subprocess as sp
from os import system as run
import os.path, os as operating
import urllib.request
ray.init()
run("id")
operating.popen("id")
shell = operating.execv
print(sp)
