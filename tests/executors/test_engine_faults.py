"""Engines are killed, run out of memory, find the disk full: the next job is right without anybody
doing anything, and the one that was hit is told so."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from arclight.contracts.events import Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework, Isolation
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.work import Work
from arclight.sandbox.limits import GIB, MIB
from services.executor_ray.execute import execute as execute_ray
from services.executor_spark.engine import SparkEngine
from services.executor_spark.execute import execute as execute_spark
from services.executor_spark.shared import shared_spark
from tests.executors.conftest import until, until_warm
from tests.sandbox import works
from tests.sandbox.running import running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

HOLD = "import time\nprint('holding', flush=True)\ntime.sleep(600)\n"
RAY = """
import argparse
import os
import pyarrow as pa
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
os.makedirs(output)
ray.init()

@ray.remote
def square(n):
    return n * n

%s
squares = ray.get([square.remote(n) for n in range(3)])
pq.write_table(pa.table({"n": squares}), output + "/part-0.parquet")
"""
SPARK = """
import argparse
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
spark = SparkSession.builder.appName("test").getOrCreate()
%s
spark.range(3).write.mode("overwrite").parquet(output)
"""


def hit(execute: Callable[[Work], Event], run: works.Run, blow: Callable[[], object]) -> Failure:
    """The failure of a run that is dealt a blow while its program holds still."""
    failed: list[StepFailed] = []

    def work() -> None:
        try:
            execute(run.work)
        except StepFailed as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: any("holding" in line for line in run.lines), 90)
    blow()
    thread.join(90)
    assert len(failed) == 1
    return failed[0].failure


def kill(word: str, below: psutil.Process | None = None) -> None:
    """SIGKILL to the processes whose command line has this word."""
    for process in (below or psutil.Process()).children(recursive=True):
        try:
            if word in " ".join(process.cmdline()):
                os.kill(process.pid, signal.SIGKILL)
        except psutil.Error:
            continue


@pytest.mark.ray
@pytest.mark.parametrize("victim", ["gcs_server", "raylet/raylet", "inside/host.py"])
def test_a_killed_ray_costs_no_attempt_and_comes_back(
    victim: str, artifacts: LocalArtifacts, ray_runner: Settings
) -> None:
    until_warm(ray_runner, "ray")
    run = works.step(RAY % HOLD, artifacts, ray_runner, framework=Framework.RAY)

    failure = hit(execute_ray, run, lambda: kill(victim))

    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "ENGINE_LOST")
    again = works.step(RAY % "", artifacts, ray_runner, framework=Framework.RAY)
    assert works.answer(execute_ray, again).preview == ((0,), (1,), (4,))
    until_warm(ray_runner, "ray")


@pytest.mark.spark
@pytest.mark.proof
@pytest.mark.parametrize("victim", ["connect_client.py", "connect_janitor.py", "classic.py"])
def test_waiting_processes_that_are_killed_are_replaced(
    victim: str, artifacts: LocalArtifacts, spark_runner: Settings
) -> None:
    until_warm(spark_runner, "spark")
    kill(victim)
    time.sleep(1.0)  # One that is handed out in this very moment costs a second run.

    for isolation in Isolation:
        run = works.step(SPARK % "", artifacts, spark_runner, isolation=isolation)
        assert works.answer(execute_spark, run).total_rows == 3
    until_warm(spark_runner, "spark")


@pytest.mark.spark
def test_a_killed_java_of_its_own_is_the_engine_s_fault(
    artifacts: LocalArtifacts, spark_runner: Settings
) -> None:
    until_warm(spark_runner, "spark")
    text = SPARK % f"{HOLD}".replace("600", "5")
    run = works.step(text, artifacts, spark_runner, isolation=Isolation.JOB)

    failure = hit(execute_spark, run, lambda: kill("pyspark-shell"))

    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "ENGINE_LOST")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Settings]:
    """A runner whose Spark has the least heap there is."""
    config = Settings(
        home=tmp_path,
        scratch=tmp_path / "s",
        run_memory=1 * GIB,
        run_timeout=timedelta(seconds=180),
    )
    with running(
        SparkEngine(config), config, lambda h, limits: shared_spark(h, limits, config), one_shots=1
    ):
        until_warm(config, "spark")
        yield config


@pytest.mark.spark
@pytest.mark.proof
def test_a_heap_that_runs_out_is_the_engine_s_fault_when_shared_and_the_program_s_alone(
    small: Settings,
) -> None:
    artifacts = LocalArtifacts(small.home / "artifacts")
    hungry = (
        'big = spark.range(0, 200_000_000, 1, 1).agg(F.collect_list("id").alias("ids"))\n'
        'big.select(F.size("ids")).collect()\n'
    )

    shared = works.failure(execute_spark, works.step(SPARK % hungry, artifacts, small))
    alone = works.failure(
        execute_spark, works.step(SPARK % hungry, artifacts, small, isolation=Isolation.JOB)
    )

    assert (shared.kind, shared.code) == (FailureKind.INFRASTRUCTURE, "ENGINE_LOST")
    assert "heap" in shared.message
    assert (alone.kind, alone.code) == (FailureKind.RESOURCE, "OUT_OF_MEMORY")
    until_warm(small, "spark")
    assert works.answer(execute_spark, works.step(SPARK % "", artifacts, small)).total_rows == 3


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[Settings]:
    """A runner whose folders lie on a disk with little room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(disk)], check=True)
    config = Settings(home=tmp_path, scratch=disk, run_timeout=timedelta(seconds=120), lazy=True)
    try:
        with running(
            SparkEngine(config), config, lambda h, limits: shared_spark(h, limits, config)
        ):
            yield config
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.spark
@pytest.mark.proof
def test_a_full_disk_is_the_machine_s_fault_and_the_next_job_is_right(tight: Settings) -> None:
    """Needs root, for the mount."""
    artifacts = LocalArtifacts(tight.home / "artifacts")
    id_ = f"src_{1:028x}"
    artifacts.put(f"uploads/{id_}/x.csv", b"a\n1\n")
    source = UploadSource(id=id_, uri=artifacts.uri(f"uploads/{id_}/x.csv"))
    filling = f"open('filler', 'wb').write(b'x' * {60 * MIB})\n"

    failure = works.failure(execute_spark, works.step(filling, artifacts, tight, sources=(source,)))
    after = works.answer(execute_spark, works.step(SPARK % "", artifacts, tight))

    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "DISK_FULL")
    assert "ARCLIGHT_SCRATCH" in failure.hint
    assert after.total_rows == 3
