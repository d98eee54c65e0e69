"""Faulty programs through the real loop, on real engines in their cages."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from arclight.contracts.names import Framework
from arclight.runtime.settings import Settings
from benchmarks.healing.__main__ import SEED
from benchmarks.healing.cases import Case
from benchmarks.healing.engines import EXECUTE, warm
from benchmarks.healing.loop import Loop
from benchmarks.healing.outcome import Outcome, reached
from benchmarks.healing.run import chosen, heal, withstand

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]
"""`tests/stack/test_repair.py` heals one program of each framework in every run of CI."""

FEW = {
    "misspelt",
    "beside an aggregate",
    "no keys",
    "n/a",
    "05 Mar 2024 unknown",
    "columns in another order",
    "unknown name, then n/a",
}
"""Faults of the program, of the data, of both."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Short, and open to the users that programs run as."""
    with tempfile.TemporaryDirectory(prefix="heal") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def loop(folder: Path) -> Loop:
    return Loop(Settings(home=folder / "home", scratch=folder / "s"), EXECUTE)


def healed(loop: Loop, cases: list[Case]) -> list[Outcome]:
    return asyncio.run(heal(loop, cases, lambda _: None))


def few(loop: Loop, framework: Framework) -> list[Case]:
    """One case of each of FEW."""
    of_one = [c for c in chosen(loop, 100, SEED) if c.framework is framework]
    return list({c.fault.name: c for c in of_one if c.fault.name in FEW}.values())


@pytest.mark.parametrize(
    "framework",
    [
        pytest.param(Framework.SPARK, marks=pytest.mark.spark),
        pytest.param(Framework.RAY, marks=pytest.mark.ray),
    ],
)
def test_some_faults_of_each_place_are_mended(loop: Loop, framework: Framework) -> None:
    cases = few(loop, framework)
    with warm(loop.settings, [framework]):
        outcomes = healed(loop, cases)

    assert len(outcomes) >= 5
    assert [o for o in outcomes if not o.right] == []
    assert [o for o in outcomes if o.right and o.attempts == 1] == [], "every case has a fault"
    assert [o for o in outcomes if o.kind != "two faults" and o.attempts != 2] == []


@pytest.mark.proof
@pytest.mark.spark
@pytest.mark.ray
@pytest.mark.timeout(3600)
def test_the_whole_set_reaches_its_goals_and_the_platform_s_faults_cost_nothing(
    loop: Loop,
) -> None:
    with warm(loop.settings):
        outcomes = healed(loop, list(chosen(loop, 100, SEED)))
        survived = asyncio.run(withstand(loop))

    assert len(outcomes) == 100
    assert [o for o in outcomes if o.right and o.attempts == 1] == [], "every case has a fault"
    assert reached(outcomes), [o for o in outcomes if not o.soon]
    assert [s for s in survived if not s.free] == []
