"""A Ray of its own for one program."""

import pytest

from tests.executors.ray_inside.driving import descendants, fresh
from tests.executors.ray_inside.test_shared_ray import SUMS

pytestmark = pytest.mark.ray


@pytest.mark.parametrize("started", [False, True])
def test_a_program_has_a_ray_to_itself(started: bool) -> None:
    with fresh(started=started) as (process, driver):
        driver.ready()
        names = {p.name() for p in descendants(process.pid)}
        assert ("raylet" in names) is started
        driver.run(SUMS, "--output", str(driver.folder / "output"))

        assert process.wait(120) == 0, driver.folder
        assert (driver.folder / "output" / "part-00000.parquet").is_file()
