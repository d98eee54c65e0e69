"""The class archive: recorded from a real run, used, and never in the way."""

from pathlib import Path

import pytest

from services.executor_spark.platforms import archive
from services.executor_spark.platforms.spark_home import Installation, install
from tests.executors.spark_inside.processes import classic

ANSWER = """
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().range(5).count())
"""


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = install(tmp_path_factory.mktemp("archived"))
    assert not archive.ready(made)
    assert archive.ensure(made)
    return made


@pytest.mark.spark
def test_spark_starts_from_the_archive(archived: Installation, tmp_path: Path) -> None:
    with classic(archived, tmp_path / "slot") as spark:
        java = spark.receive()["ready"]["java"]
        maps = Path(f"/proc/{java}/maps").read_text()
        spark.run(ANSWER)

    assert archived.archive.name in maps
    assert spark.said == "5\n"


@pytest.mark.spark
@pytest.mark.parametrize("size", [0, 4096, 50_000_000])
def test_a_broken_archive_fails_nothing(archived: Installation, tmp_path: Path, size: int) -> None:
    broken = install(tmp_path / "home")
    with archived.archive.open("rb") as whole:
        broken.archive.write_bytes(whole.read(size))

    with classic(broken, tmp_path / "slot") as spark:
        spark.receive()
        spark.run(ANSWER)

    assert spark.said == "5\n"
    assert spark.process.returncode == 0
