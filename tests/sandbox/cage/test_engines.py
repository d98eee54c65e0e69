"""Spark and Ray do their work in the cage, with no network and few system calls."""

import json
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from arclight.sandbox.cage.policy import GIB, Policy
from arclight.sandbox.cage.tier import Tier
from arclight.sandbox.limits import Limits
from services.executor_spark.platforms.java import find_java
from tests.sandbox.cage.works import BOTH, cage, run_in, slot

LIMITS = Limits(wall=timedelta(seconds=150))

SPARK = """
import os, sys
from pyspark.sql import SparkSession, functions as F
folder = sys.argv[1]
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
double = F.udf(lambda n: n * 2, "int")
table = spark.read.csv(f"file://{folder}/in/t.csv", header=True, inferSchema=True)
found = table.groupBy("k").agg(F.sum("n").alias("total"))
found = found.withColumn("twice", double(F.expr("int(total)")))
found.write.parquet(os.path.join(folder, "work", "output"))
spark.stop()
"""

RAY = """
import json, os, ray
import ray.data
ray.init(include_dashboard=False)

@ray.remote
def square(n):
    return n * n

@ray.remote
class Counter:
    def __init__(self): self.n = 0
    def add(self, n): self.n += n; return self.n

import numpy as np
big = ray.put(np.ones(4_000_000))
squares = ray.get([square.remote(n) for n in range(10)])
counter = Counter.remote()
[counter.add.remote(n) for n in squares[:-1]]
total = ray.get(counter.add.remote(squares[-1]))
rows = ray.data.from_items([{"k": n % 3, "n": n} for n in range(30)])
sums = {r["k"]: r["sum(n)"] for r in rows.groupby("k").sum("n").take_all()}
print(json.dumps([total, float(ray.get(big).sum()), sorted(sums.items())]))
ray.shutdown()
"""


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
    }


def _spark_home(folder: Path) -> dict[str, str]:
    """pip's jars with the packaged Java, which stock `spark-submit` cannot start."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home = folder / "spark"
    (home / "bin").mkdir(parents=True)
    (home / "jars").symlink_to(Path(found.origin).parent / "jars")
    java = find_java()
    script = home / "bin" / "spark-submit"
    options = " ".join(java.options())
    script.write_text(
        f'#!/bin/sh\nexec {java.binary} -cp "{home}/jars/*" -Xmx1g {options} '
        f'-Djava.io.tmpdir={folder}/tmp org.apache.spark.deploy.SparkSubmit "$@"\n'
    )
    script.chmod(0o755)
    return {
        "JAVA_HOME": str(java.home),
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_DIRS": str(folder / "tmp"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_PYTHON": sys.executable,
    }


@pytest.mark.spark
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_spark_works_in_the_cage(tier: Tier) -> None:
    with slot() as folder:
        (folder / "in" / "t.csv").write_text("k,n\na,1\nb,2\na,3\n")
        env = _environment(folder) | _spark_home(folder)
        policy = Policy(folder, runtime=(find_java().home,))
        done = run_in(
            cage(tier), folder, SPARK, folder, policy=policy, env=env, limits=LIMITS, isolated=False
        )

        assert done.exit.code == 0, done.text
        rows = pq.read_table(folder / "work" / "output").to_pylist()
    assert sorted((r["k"], r["total"], r["twice"]) for r in rows) == [("a", 4, 8), ("b", 2, 4)]


@pytest.mark.ray
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_ray_works_in_the_cage(tier: Tier) -> None:
    with slot() as folder:
        env = _environment(folder) | {
            "RAY_TMPDIR": str(folder / "tmp"),
            "RAY_OVERRIDE_RESOURCES": json.dumps(
                {"CPU": 2, "memory": GIB, "object_store_memory": 200 * 1024**2}
            ),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        }
        policy = Policy(folder, shm=GIB)
        done = run_in(
            cage(tier), folder, RAY, policy=policy, env=env, limits=LIMITS, isolated=False
        )

        assert done.exit.code == 0, done.text
    last = done.exit.stdout.strip().splitlines()[-1]
    assert json.loads(last) == [285, 4_000_000.0, [[0, 135], [1, 145], [2, 155]]]
