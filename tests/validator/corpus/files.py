# Files, variables and addresses of the machine.
# framework: ray
# brought: true

#### environment and files
# sources: birds=file:///store/birds.csv
import os, ray
from os import environ, getenv
from pathlib import Path
ray.init()
ray.data.read_csv("/store/birds.csv").show()
print(environ, getenv("X"), os.environ.get("Y"))  #! SEC010
print(open("/etc/passwd").read(), Path("/proc/self/environ").read_text())  #! SEC011, PRV002
print(Path("../secret").read_text(), Path.home(), os.listdir("/"))  #! SEC011, PRV002
print("http://169.254.169.254/latest")  #! SEC009

#### open by another name
import ray
ray.init()
o = open
for line in o("/etc/hosts"):  #! SEC011, PRV002
    print(line)

#### open in a list
import ray
ray.init()
for how in (open,):  #! SEC004
    print(how("/etc/passwd").read())  #! SEC011

#### open as an argument
import ray
ray.init()
print((lambda f, p: f(p).read())(open, "/etc/passwd"))  #! SEC004, SEC011, PRV002

#### open by partial
import functools
import ray
ray.init()
print(functools.partial(open, "/etc/passwd")().read())  #! SEC004, SEC011

#### open by map
import ray
ray.init()
print([f.read() for f in map(open, ["/etc/passwd", "/etc/group"])])  #! SEC004, SEC011

#### open with a handler
import io
import ray
ray.init()
with io.FileIO("/root/.bashrc") as f:  #! SEC011
    print(f.read())

#### open below the interpreter
import os
import ray
ray.init()
fd = os.open("x", 0)  #! SEC002
print(os.read(fd, 10))  #! SEC002

#### a path in pieces
from pathlib import Path
import ray
ray.init()
place = Path("/") / "etc" / "passwd"  #! SEC011
print(place.read_text())  #! PRV002

#### a path by joining
import os.path
import ray
ray.init()
print(open(os.path.join("/", "etc", "shadow")).read())  #! SEC011, PRV002

#### a path in letters
import ray
ray.init()
name = "".join(map(chr, [47, 101, 116, 99, 47, 120]))  #! SEC011
print(open(name).read())  #! SEC011, PRV002

#### a path out of the folder
import shutil
import ray
ray.init()
shutil.copy("../other/answer.csv", "mine.csv")  #! SEC011
print(ray.is_initialized())

#### a path with a tilde
import os
import ray
ray.init()
keys = os.path.expanduser("~/.aws/credentials")  #! SEC011
with open(keys) as f:  #! SEC011, PRV002
    print(f.readlines())

#### a file by its pieces
import pyarrow as pa
import ray
ray.init()
print(pa.memory_map("/proc/cpuinfo").read())  #! SEC011
print(pa.OSFile("/etc/hosts").read())  #! SEC011

#### a file system removes
from pyarrow import fs
import ray
ray.init()
local = fs.LocalFileSystem()
with local.open_input_stream("/etc/passwd") as stream:  #! SEC011, PRV002
    print(stream.read())

#### a table that is no table
import pandas as pd
import ray
ray.init()
print(pd.read_table("/etc/passwd", sep=":"))  #! SEC011, PRV002

#### text of the machine by Spark
# framework: spark
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.text("file:///etc/passwd").filter("value like 'root%'").show()  #! SEC011, PRV002

#### text of the machine by SQL
# framework: spark
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
view = spark.sql("SELECT * FROM text.`/proc/self/environ`")  #! PRV002
view.show()

#### variables by expansion
import os
import ray
ray.init()
print(os.path.expandvars("$AWS_SECRET_ACCESS_KEY"))  #! SEC010

#### variables by getattr
import os
import ray
ray.init()
print(getattr(os, "env" + "iron")["HOME"])  #! SEC010

#### variables by an alias of an alias
from os import environ as e
import ray
ray.init()
settings = e  #! SEC010
print({k: v for k, v in settings.items()})  #! SEC010

#### variables changed
import os  #? ARC004
import ray
ray.init()
os.environ["RAY_ADDRESS"] = "10.0.0.1"  #! SEC010
os.putenv("A", "1")  #! SEC010

#### variables in a default
import os
import ray
def mode(value=os.getenv("MODE", "fast")):  #! SEC010
    return value
ray.init()
print(mode())

#### an address as a number
import pandas as pd
import ray
ray.init()
host = 2852039166  #! SEC009
print(pd.read_json(f"http://{host}/latest/"))  #! SEC009, PRV002

#### an address in hex
import ray
ray.init()
HOST = "http://0xA9FEA9FE/"  #! SEC009
print(ray.data.read_text(HOST).take(1))  #! PRV002

#### an address as a hex number
import ray
ray.init()
parts = [0xA9FEA9FE]  #! SEC009
print(*parts)

#### an address in pieces
import ray
ray.init()
host = "169.254" + "." + "169.254"  #! SEC009
ray.data.read_json("http://" + host).show()  #! SEC009, PRV002

#### an address by joining
import ray
ray.init()
print(".".join(["169", "254", "169", "254"]))  #! SEC009

#### an address in octal
import ray
ray.init()
while ray.is_initialized():
    print("http://0251.0376.0251.0376/")  #! SEC009
    break

#### an address of another cloud
import ray
ray.init()
for host in ["metadata.google.internal", "localhost"]:  #! SEC009
    print(host)

#### an address in the sixth version
import ray
ray.init()
print("http://[fd00:ec2::254]/", f"http://[::ffff:a9fe:a9fe]/{1}")  #! SEC009

#### numbers and versions are no addresses
import ray
ray.init()
print("169 rows", "1.69.254", 169_254, 2**31, "v169.254", 0xA9FE)
with open("notes.txt", "w") as f:
    print("done", file=f)

#### a source below a guarded place
# sources: birds=file:///root/data/birds.csv
import ray
ray.init()
ds = ray.data.read_csv("/root/data/birds.csv")
print(ds.count(), ds.schema(), sep="\n")

#### its own folder
import glob
import os
import pathlib
import ray
ray.init()
folder = pathlib.Path("work")
folder.mkdir(exist_ok=True)
(folder / "a.txt").write_text("a")
print(os.listdir("work"), glob.glob("work/*.txt"), os.path.exists("work/b.txt"))
print(sorted(p.name for p in folder.iterdir()), os.stat("work").st_size)
