# framework: ray
# brought: true
# sources: birds=file:///store/birds.csv
# expect: SEC009, SEC010, SEC011, PRV002
import os, ray
from os import environ, getenv
from pathlib import Path
ray.init()
ray.data.read_csv("/store/birds.csv").show()
print(environ, getenv("X"), os.environ.get("Y"))
print(open("/etc/passwd").read(), Path("/proc/self/environ").read_text())
print(Path("../secret").read_text(), Path.home(), os.listdir("/"))
print("http://169.254.169.254/latest")
