"""The Ray executor with a real Ray."""

import os
from pathlib import Path

import pytest

from arclight.contracts.failure import FailureKind
from arclight.contracts.names import Framework
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from services.executor_ray.execute import execute
from tests.executors.conftest import left_over
from tests.sandbox import works

START = """
import argparse
import os

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
ray.init()
"""

SQUARES = """
assert ray.cluster_resources()["CPU"] == 2
assert ray.util.get_node_ip_address() == "127.0.0.1"

@ray.remote
def square(n):
    return n * n

squares = ray.get([square.remote(n) for n in range(4)])
ray.data.from_arrow([pa.table({"n": [n]}) for n in squares]).write_parquet(output)
"""

READ = """
@ray.remote
def read():
    convert = csv.ConvertOptions(column_types={"amount": pa.float64()})
    return ds.dataset(%(uri)r, format=ds.CsvFileFormat(convert_options=convert)).to_table()

pq.write_table(ray.get(read.remote()), output)
"""


@pytest.mark.ray
def test_tasks_and_datasets_run_and_leave_nothing(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    shared = set(os.listdir("/dev/shm"))
    run = works.step(START + SQUARES, artifacts, config, framework=Framework.RAY)

    result = works.answer(execute, run)

    assert {row[0] for row in result.preview} == {0, 1, 4, 9}
    assert result.total_rows == 4
    assert len(result.files) > 1
    assert left_over(run.work.job.id) == []
    assert set(os.listdir("/dev/shm")) <= shared


@pytest.mark.ray
def test_a_cell_that_is_no_number_is_named(
    artifacts: LocalArtifacts, config: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "sales.csv"
    path.write_text('name,amount\na,1\nb,"1,234"\n')
    program = START + READ % {"uri": path.as_uri()}
    run = works.step(program, artifacts, config, framework=Framework.RAY)

    failure = works.failure(execute, run)

    assert (failure.kind, failure.code) == (FailureKind.DATA, "BAD_VALUE")
    assert failure.details["value"] == "1,234"
    assert failure.details["column_number"] == 1
    assert left_over(run.work.job.id) == []


def test_a_scratch_folder_too_deep_for_sockets_is_refused(
    artifacts: LocalArtifacts, config: Settings, tmp_path: Path
) -> None:
    deep = tmp_path / "a-name-that-is-long" / "and-longer"
    deep.mkdir(parents=True)
    config = config.model_copy(update={"scratch": deep})

    failure = works.failure(execute, works.step("pass", artifacts, config))

    assert failure.code == "SCRATCH_PATH_TOO_LONG"
    assert "ARCLIGHT_SCRATCH" in failure.hint
