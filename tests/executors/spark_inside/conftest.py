"""One installation for these tests, without a class archive: recording one takes a minute."""

import pytest

from services.executor_spark.platforms.spark_home import Installation, install


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("home"))
