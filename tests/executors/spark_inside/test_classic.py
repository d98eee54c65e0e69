"""The warm Spark of a program's own."""

import json
import time
from pathlib import Path

import pytest

from services.executor_spark.platforms.spark_home import Installation
from tests.executors.spark_inside.processes import classic

FRESH = """
import json
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

builder = SparkSession.builder.appName("mine").config("spark.sql.shuffle.partitions", "3")
spark = builder.getOrCreate()
found = {
    "name": spark.conf.get("spark.app.name"),
    "partitions": spark.conf.get("spark.sql.shuffle.partitions"),
    "views": [t.name for t in spark.catalog.listTables()],
    "cached": spark.sparkContext._jsc.getPersistentRDDs().size(),
    "udf": spark.range(3).select(F.udf(lambda n: n + 1, "long")("id")).collect()[2][0],
}
numbers = spark.range(0, 4_000_000, 1, 8)
numbers.groupBy((F.col("id") % 7).alias("k")).count().write.parquet("output")
print(json.dumps(found))
"""


@pytest.mark.spark
def test_a_program_finds_its_session_ready_and_fresh(made: Installation, tmp_path: Path) -> None:
    with classic(made, tmp_path / "slot") as spark:
        ready = spark.receive()["ready"]
        told = spark.run(FRESH)
        said = spark.said.splitlines()

    assert ready["engine"].startswith("4.")
    assert spark.process.returncode == 0
    assert json.loads(said[-1]) == {
        "name": "mine",
        "partitions": "3",
        "views": [],
        "cached": 0,
        "udf": 3,
    }
    assert len(said) == 1, "nothing but the program's own words"
    assert told
    assert told[-1]["stages_done"] <= told[-1]["stages"]
    assert 0 < told[-1]["tasks_done"] <= told[-1]["tasks"]
    assert not list((tmp_path / "slot" / "tmp").glob("warm-*"))


@pytest.mark.spark
def test_it_ends_at_once_after_a_program(made: Installation, tmp_path: Path) -> None:
    with classic(made, tmp_path / "slot") as spark:
        spark.receive()
        spark.run("import time; open('over', 'w').write(str(time.time()))")
        ended = time.time()

    over = float((tmp_path / "slot" / "work" / "over").read_text())
    assert ended - over < 3.0
