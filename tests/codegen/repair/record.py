"""`python -m tests.codegen.repair.record`: record `recorded.json` again, from real engines.

Each program runs in a process of its own; what it raises is described as in a run.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from services.executor_spark.platforms.spark_home import prepare

RECORDED = Path(__file__).with_name("recorded.json")
DESCRIBE = Path(__file__).parents[3] / "arclight" / "sandbox" / "inside" / "describe.py"

SPARK = """
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
spark = SparkSession.builder.config("spark.ui.enabled", "false").getOrCreate()
"""
READ = 'spark.read.csv("file:///data/sold.csv", schema={!r}, header=True, enforceSchema=False)'
HIVE = """
from pyspark.sql import SparkSession
url = "jdbc:derby:;databaseName=/proc/metastore_db;create=true"
builder = SparkSession.builder.enableHiveSupport().config("spark.ui.enabled", "false")
spark = builder.config("spark.hadoop.javax.jdo.option.ConnectionURL", url).getOrCreate()
spark.sql("show tables").collect()
"""
RAY = """
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import ray
ray.init(num_cpus=1, include_dashboard=False)
"""
COLUMN = """
cells = csv.ConvertOptions(include_columns=["name", "amuont"])
ray.data.read_csv("file:///data/sold.csv", convert_options=cells).take_all()
"""
ZERO = """
def share(rows: pa.Table) -> pa.Table:
    return rows.append_column("share", pc.divide(1, pc.subtract(rows["id"], rows["id"])))
ray.data.range(3).map_batches(share, batch_format="pyarrow").take_all()
"""
MEMORY = """
@ray.remote
def numbers() -> int:
    return len(list(range(10**12)))
ray.get(numbers.remote())
"""
PROGRAMS = {
    "spark_header": SPARK + READ.format("name string, amount_eur string") + ".collect()\n",
    "spark_longer": SPARK + READ.format("name string") + ".collect()\n",
    "spark_hive": HIVE,
    "spark_and": SPARK + 'F.col("a") and F.col("b")\n',
    "spark_method": SPARK + "spark.range(3).order_by('id')\n",
    "spark_memory": SPARK + "list(range(10**12))\n",
    "ray_column": RAY + COLUMN,
    "ray_zero": RAY + ZERO,
    "ray_memory": RAY + MEMORY,
}
HARNESS = """
import json, runpy, sys
program, describe, target = sys.argv[1:]
try:
    runpy.run_path(program, run_name="__main__")
except BaseException as error:
    found = runpy.run_path(describe)["describe"](error, program)
    with open(target, "w") as file:
        json.dump(found, file)
"""


def _anywhere(text: str) -> str:
    """Without the places and addresses of the machine that it was recorded on."""
    text = re.sub(r'/[^" ]*?/site-packages/', "/site-packages/", text)
    return re.sub(r"ip=[0-9.]+", "ip=192.0.2.1", text)


def main() -> None:
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sold.csv").write_text("name,amount\na,1\n")
        environment = {**os.environ, **prepare(folder / "home"), "RAY_AUTH_MODE": "disabled"}
        for title, text in PROGRAMS.items():
            program, target = folder / "program.py", folder / f"{title}.json"
            program.write_text(text.replace("/data/", f"{folder}/"))
            command = [sys.executable, "-c", HARNESS, str(program), str(DESCRIBE), str(target)]
            subprocess.run(command, env=environment, cwd=folder, check=False, timeout=300)
            said = _anywhere(target.read_text().replace(f"{folder}/", "/data/"))
            found[title] = {"program": text, "crash": json.loads(said)}
    RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
