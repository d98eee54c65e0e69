#### environment and files
# framework: ray
# sources: birds=file:///store/birds.csv
# brought: true
import os, ray
from os import environ, getenv
from pathlib import Path
ray.init()
ray.data.read_csv("/store/birds.csv").show()
print(environ, getenv("X"), os.environ.get("Y"))  #! SEC010
print(open("/etc/passwd").read(), Path("/proc/self/environ").read_text())  #! PRV002, SEC011
print(Path("../secret").read_text(), Path.home(), os.listdir("/"))  #! PRV002, SEC011
print("http://169.254.169.254/latest")  #! SEC009

