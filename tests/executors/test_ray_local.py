"""The Ray executor with a real Ray."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from arclight.contracts.events import JobFinished
from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.names import Framework, Isolation, Way
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.scratch import Scratch
from services.executor_ray.execute import execute
from services.executor_ray.platforms.local import ray_tmp
from tests.executors.conftest import until_warm
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


@pytest.fixture
def config(ray_runner: Settings) -> Iterator[Settings]:
    until_warm(ray_runner, "ray")
    return ray_runner  # type: ignore[return-value]


@pytest.mark.ray
@pytest.mark.parametrize("isolation", list(Isolation))
def test_tasks_and_datasets_run_and_leave_nothing(
    artifacts: LocalArtifacts, config: Settings, isolation: Isolation
) -> None:
    shared = set(os.listdir("/dev/shm"))
    run = works.step(
        START + SQUARES, artifacts, config, framework=Framework.RAY, isolation=isolation
    )

    event = execute(run.work)

    assert isinstance(event, JobFinished)
    assert event.facts is not None
    assert event.facts.way is (Way.SHARED if isolation is Isolation.SHARED else Way.COLD)
    result = event.result
    assert result is not None
    assert {row[0] for row in result.preview} == {0, 1, 4, 9}
    assert result.total_rows == 4
    assert len(result.files) > 1
    assert set(os.listdir("/dev/shm")) <= shared


@pytest.mark.ray
@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_cell_that_is_no_number_is_named(
    artifacts: LocalArtifacts, config: Settings, isolation: Isolation
) -> None:
    id_ = f"src_{1:028x}"
    key = f"uploads/{id_}/sales.csv"
    artifacts.put(key, b'name,amount\na,1\nb,"1,234"\n')
    source = UploadSource(id=id_, uri=artifacts.uri(key))
    program = START + READ % {"uri": source.uri}
    run = works.step(
        program,
        artifacts,
        config,
        framework=Framework.RAY,
        sources=(source,),
        isolation=isolation,
    )

    failure = works.failure(execute, run)

    assert (failure.kind, failure.code) == (FailureKind.DATA, "BAD_VALUE")
    assert failure.details["value"] == "1,234"
    assert failure.details["column_number"] == 1


def test_a_scratch_folder_too_deep_for_sockets_is_refused(tmp_path: Path) -> None:
    deep = Scratch(tmp_path / "a-name-that-is-long" / "and-longer", -1)

    with pytest.raises(StepFailed) as raised:
        ray_tmp(deep, private_tmp=False)

    assert raised.value.failure.code == "SCRATCH_PATH_TOO_LONG"
    assert "ARCLIGHT_SCRATCH" in raised.value.failure.hint
    assert ray_tmp(deep, private_tmp=True) == "/tmp/ray"
