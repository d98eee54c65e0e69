"""The shared server, its clients and its janitor."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.executor_spark.classify import classify
from services.executor_spark.platforms.spark_home import Installation
from tests.executors.spark_inside.processes import Running, Shared, shared

pytestmark = pytest.mark.spark

START = """
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
spark = SparkSession.builder.appName("mine").getOrCreate()
"""
GROUP = """
table = spark.range(0, 1_000_000, 1, 4).withColumn("k", F.col("id") % 7)
table.groupBy("k").agg(F.sum("id").alias("s")).write.mode("overwrite").parquet("OUT")
print(spark.conf.get("spark.sql.session.timeZone"), spark.conf.get("spark.sql.ansi.enabled"))
spark.stop()
"""
LITTER = """
spark.range(9).createGlobalTempView("left_view")
spark.sql("CREATE DATABASE left_base")
spark.range(9).write.saveAsTable("left_base.inner")
spark.range(9).write.saveAsTable("left_table")
spark.range(9).cache().count()
"""
SERVER_SIDE = {
    "python": 'spark.range(3).select(F.udf(lambda n: n, "long")("id")).collect()',
    "reflection": "spark.sql(\"SELECT java_method('java.lang.System', 'getenv')\").collect()",
    "script": "spark.sql(\"SELECT TRANSFORM(1) USING 'id'\").collect()",
    "file": 'spark.sql("SELECT * FROM text.`/etc/passwd`").collect()',
    "setting": 'spark.conf.set("spark.sql.restrictedMode.enabled", "false")',
}


@pytest.fixture(scope="module")
def place(made: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with shared(made, tmp_path_factory.mktemp("shared")) as place:
        yield place


@pytest.fixture(scope="module")
def janitor(place: Shared) -> Iterator[Running]:
    with place.janitor() as janitor:
        assert janitor.receive() == {"ready": {}}
        yield janitor


def read(client: Running) -> Failure | None:
    said: dict[str, Any] = json.loads((client.slot / "failure.json").read_text())
    program = (client.slot / "program" / "program.py").read_text()
    return classify(Crash.model_validate(said), Context(program, Limits(), (), client.slot))


def test_a_program_runs_unchanged(place: Shared, tmp_path: Path) -> None:
    assert stat.S_IMODE(place.socket.stat().st_mode) == 0o600
    with place.client() as client:
        ready = client.receive()["ready"]
        told = client.run(START + GROUP.replace("OUT", (tmp_path / "out").as_uri()))

    assert client.process.returncode == 0, client.said
    assert client.said.split() == ["UTC", "true"]
    assert {"session", "user"} <= ready.keys()
    # Stages that Spark skips stay counted among those to be done.
    assert 0 < told[-1]["tasks_done"] <= told[-1]["tasks"]
    assert (tmp_path / "out" / "_SUCCESS").is_file()


@pytest.mark.parametrize("name", SERVER_SIDE)
def test_code_on_the_server_is_refused(place: Shared, name: str) -> None:
    with place.client() as client:
        client.receive()
        client.run(START + SERVER_SIDE[name])

    assert client.process.returncode == 1, client.said
    failure = read(client)
    assert failure is not None
    assert "root:" not in client.said
    if name == "python":
        assert failure.kind is FailureKind.INFRASTRUCTURE, failure


def test_the_janitor_clears_what_a_job_left(place: Shared, janitor: Running) -> None:
    with place.client() as client:
        ready = client.receive()["ready"]
        client.run(START + LITTER)
    assert client.process.returncode == 0, client.said
    order = {"session": ready["session"], "user": ready["user"], "alone": True}

    cleaned = janitor.ask(clean=order)["cleaned"]
    again = janitor.ask(clean=order)["cleaned"]

    assert (cleaned["views"], cleaned["tables"], cleaned["databases"]) == (1, 1, 1)
    assert set(again.values()) == {0}
    assert janitor.ask(ping=1)["pong"]["milliseconds"] < 30_000


def test_the_server_tells_its_heap(place: Shared) -> None:
    collected = place.server.ask(collect=1)["collected"]

    assert 0 < collected["heap_used"] <= collected["heap_committed"]


def test_a_server_that_dies_is_the_engine_s_fault(made: Installation, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    with shared(made, tmp_path / "place") as place, place.client() as client:
        client.receive()
        os.kill(place.ready["java"], signal.SIGKILL)
        client.run(START + "spark.range(3).count()")
        failure = read(client)
        assert place.server.process.wait(10) == 137

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "ENGINE_LOST")


def test_the_end_of_the_control_socket_ends_java(made: Installation, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    with shared(made, tmp_path / "place") as place:
        place.server.control.shutdown(2)
        place.server.process.wait(10)

    assert not psutil.pid_exists(place.ready["java"])
