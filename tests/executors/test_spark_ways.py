"""The same programs in a shared Spark, in a warmed one and in a cold one: same answers, same
failures, and after the end nothing is left in any of them."""

import os
import signal
import threading
from collections.abc import Iterator

import psutil
import pytest

from arclight.contracts.events import JobFinished
from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.names import Isolation, Way
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import socket_of
from services.executor_spark.execute import execute
from tests.executors.conftest import until, until_warm
from tests.sandbox import works

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

START = """
import argparse
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
spark = SparkSession.builder.appName("test")%(config)s.getOrCreate()
sales = spark.read.csv(%(uri)r, header=True)
"""
SUM = """
totals = sales.groupBy("name").agg(F.sum(F.col("amount").cast("int")).alias("total"))
totals.orderBy("name").write.mode("overwrite").parquet(output)
print("written")
"""
COLD = '.config("spark.master", "local[1]")'
WAYS = {
    Way.SHARED: (Isolation.SHARED, ""),
    Way.WARM: (Isolation.JOB, ""),
    Way.COLD: (Isolation.JOB, COLD),
}


@pytest.fixture
def config(spark_runner: Settings) -> Iterator[Settings]:
    until_warm(spark_runner, "spark")
    return spark_runner  # type: ignore[return-value]


def source(artifacts: LocalArtifacts, text: str, number: int = 1) -> UploadSource:
    id_ = f"src_{number:028x}"
    artifacts.put(f"uploads/{id_}/sales.csv", text.encode())
    return UploadSource(id=id_, uri=artifacts.uri(f"uploads/{id_}/sales.csv"))


def program(way: Way, uri: str, body: str) -> str:
    return START % {"uri": uri, "config": WAYS[way][1]} + body


@pytest.mark.parametrize("way", list(WAYS))
def test_the_answer_and_how_it_came_about(
    way: Way, artifacts: LocalArtifacts, config: Settings
) -> None:
    sales = source(artifacts, "name,amount\na,1\nb,2\na,3\n")
    run = works.step(
        program(way, sales.uri, SUM),
        artifacts,
        config,
        sources=(sales,),
        isolation=WAYS[way][0],
    )

    event = execute(run.work)

    assert isinstance(event, JobFinished)
    assert event.result is not None
    assert event.facts is not None
    assert event.result.preview == (("a", 4), ("b", 2))
    assert event.facts.way is way
    assert event.facts.way_reason
    assert event.facts.tier in ("T3", "T2")
    assert "written" in "\n".join(run.lines)


@pytest.mark.parametrize("way", list(WAYS))
def test_a_cell_that_is_no_number_is_named(
    way: Way, artifacts: LocalArtifacts, config: Settings
) -> None:
    sales = source(artifacts, "name,amount\na,1\nb,n/a\n", 2)
    text = program(way, sales.uri, SUM)
    run = works.step(text, artifacts, config, sources=(sales,), isolation=WAYS[way][0])

    failure = works.failure(execute, run)

    assert (failure.kind, failure.code) == (FailureKind.DATA, "BAD_VALUE")
    assert (failure.details["value"], failure.details["column"]) == ("n/a", "amount")
    line = next(n for n, t in enumerate(text.splitlines(), 1) if "cast" in t)
    assert failure.line == line


@pytest.mark.parametrize("way", list(WAYS))
def test_a_column_that_is_not_there_is_named(
    way: Way, artifacts: LocalArtifacts, config: Settings
) -> None:
    sales = source(artifacts, "name,amount\na,1\n", 3)
    text = program(way, sales.uri, SUM.replace('"amount"', '"amuont"'))
    run = works.step(text, artifacts, config, sources=(sales,), isolation=WAYS[way][0])

    failure = works.failure(execute, run)

    assert (failure.kind, failure.code) == (FailureKind.CODE, "UNRESOLVED_COLUMN")
    assert failure.details["objectName"] == "amuont"


def test_what_needs_python_in_the_server_goes_to_one_of_its_own(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    text = START % {"uri": "file:///none", "config": ""}
    text = text.replace("sales = ", "# ") + (
        'twice = F.udf(lambda n: 2 * n, "long")\n'
        'spark.range(0, 1000, 1, 3).select("id", twice("id").alias("d"))'
        '.write.mode("overwrite").parquet(output)\n'
    )
    run = works.step(text, artifacts, config)

    event = execute(run.work)

    assert isinstance(event, JobFinished)
    assert event.result is not None
    assert event.facts is not None
    assert (event.result.total_rows, len(event.result.files)) == (1000, 3)
    assert event.facts.way is Way.WARM
    assert "UDF" in event.facts.way_reason


def test_what_a_job_leaves_in_the_shared_spark_is_cleared(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    sales = source(artifacts, "name,amount\na,1\n", 4)
    leave = (
        'sales.createOrReplaceTempView("left_view")\n'
        'spark.conf.set("spark.sql.shuffle.partitions", "77")\n'
    )
    look = (
        "tables = [t.name for t in spark.catalog.listTables()]\n"
        'print("tables", tables, "partitions", spark.conf.get("spark.sql.shuffle.partitions"))\n'
    )
    first = works.step(
        program(Way.SHARED, sales.uri, leave + SUM), artifacts, config, sources=(sales,)
    )
    works.answer(execute, first)

    second = works.step(
        program(Way.SHARED, sales.uri, look + SUM), artifacts, config, sources=(sales,)
    )
    works.answer(execute, second)

    said = next(line for line in second.lines if line.startswith("tables"))
    assert "left_view" not in said
    assert "77" not in said


@pytest.mark.faults
def test_a_killed_server_costs_no_attempt_and_comes_back(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    sales = source(artifacts, "name,amount\na,1\n", 5)
    hold = "import time\nprint('holding', flush=True)\ntime.sleep(600)\n"
    run = works.step(
        program(Way.SHARED, sales.uri, hold + SUM), artifacts, config, sources=(sales,)
    )
    failed: list[StepFailed] = []

    def work() -> None:
        try:
            execute(run.work)
        except StepFailed as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: any("holding" in line for line in run.lines), 60)
    for server in java_processes("SparkConnectServer"):
        os.kill(server.pid, signal.SIGKILL)
    thread.join(60)

    assert [f.failure.kind for f in failed] == [FailureKind.INFRASTRUCTURE]
    assert failed[0].failure.code == "ENGINE_LOST"
    again = works.step(program(Way.SHARED, sales.uri, SUM), artifacts, config, sources=(sales,))
    assert works.answer(execute, again).preview == (("a", 1),)
    until_warm(config, "spark")
    found = health(socket_of(config, "spark"))
    assert found is not None
    assert found.engines["the shared Spark"].startswith("ready")


def java_processes(word: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if "java" in process.name() and word in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found
