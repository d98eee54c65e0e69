"""The Spark executor with a real Spark, on the Java that pip installed."""

from pathlib import Path

import pytest

from arclight.contracts.failure import FailureKind
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.crash import Crash
from arclight.sandbox.launch import Exit
from arclight.sandbox.limits import GIB, Limits
from arclight.sandbox.run_program import Context
from arclight.sandbox.watch import Reason
from services.executor_spark.execute import execute
from services.executor_spark.platforms.local import LocalSpark
from services.executor_spark.platforms.spark_home import OOM_MARKER
from tests.executors.conftest import left_over
from tests.sandbox import works

START = """
import argparse
import os

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
spark = SparkSession.builder.appName("test").getOrCreate()
sales = spark.read.csv(%(uri)r, header=True)
"""

PARTS = """
print(spark.conf.get("spark.sql.session.timeZone"), spark.conf.get("spark.sql.ansi.enabled"))
spark.conf.get("spark.sql.restrictedMode.enabled") == "true" or os._exit(9)
twice = F.udf(lambda n: 2 * n, "long")
numbers = spark.range(0, 1000, 1, 3).select("id", twice("id").alias("double"))
numbers.write.mode("overwrite").parquet(output)
"""

SUM = """
amount = (
    F.col("amount").cast("double")
)
totals = sales.groupBy("name").agg(F.sum(amount).alias("total"))
totals.write.mode("overwrite").parquet(output)
"""


@pytest.fixture
def uri(tmp_path: Path) -> str:
    path = tmp_path / "sales.csv"
    path.write_text("name,amount\na,1\nb,n/a\n")
    return path.as_uri()


@pytest.mark.spark
def test_the_answer_spans_all_part_files(
    artifacts: LocalArtifacts, config: Settings, uri: str
) -> None:
    run = works.step(START % {"uri": uri} + PARTS, artifacts, config)

    result = works.answer(execute, run)

    assert (result.total_rows, len(result.files), result.truncated) == (1000, 3, True)
    assert [(c.name, c.type) for c in result.columns] == [("id", "int64"), ("double", "int64")]
    assert result.preview[:2] == ((0, 0), (1, 2))
    assert run.lines == ["UTC true"]
    assert left_over(run.work.job.id) == []


@pytest.mark.spark
def test_a_cell_that_is_no_number_is_named(
    artifacts: LocalArtifacts, config: Settings, uri: str
) -> None:
    program = START % {"uri": uri} + SUM
    run = works.step(program, artifacts, config)

    failure = works.failure(execute, run)

    assert (failure.kind, failure.code) == (FailureKind.DATA, "BAD_VALUE")
    assert failure.details["value"] == "n/a"
    assert failure.details["column"] == "amount"
    assert failure.line == program.splitlines().index('    F.col("amount").cast("double")') + 1
    assert not any('"ts":' in line for line in run.lines)
    assert left_over(run.work.job.id) == []


def test_a_java_that_is_too_old_is_refused_with_the_cure(
    artifacts: LocalArtifacts, config: Settings, tmp_path: Path
) -> None:
    (tmp_path / "release").write_text('JAVA_VERSION="11.0.2"\n')
    config = config.model_copy(update={"java_home": tmp_path})

    failure = works.failure(execute, works.step("pass", artifacts, config))

    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "JAVA_MISSING")
    assert "ARCLIGHT_JAVA_HOME" in failure.hint


def test_a_java_heap_that_ran_out_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "spark").mkdir()
    (tmp_path / "spark" / OOM_MARKER).touch()
    lost = Exit(Reason.ENDED, 1, None, seconds=1.0, max_memory=1, survivors=0, stdout="")
    context = Context("", Limits(memory=2 * GIB), (), tmp_path)

    failure = LocalSpark().explain(lost, Crash.model_validate({"class": "Py4JError"}), context)

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.RESOURCE, "OUT_OF_MEMORY")
    assert "1,024 MiB" in failure.message
