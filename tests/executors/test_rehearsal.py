"""Rehearsals in warm engines: what they catch, what they let pass, and how fast."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, TypeVar

import pytest

from arclight.contracts.failure import FailureKind
from arclight.contracts.names import Framework, Step, Way
from arclight.runtime.settings import Settings
from benchmarks.rehearsal.faults import FAULTS, RAY, SPARK, Fault
from benchmarks.rehearsal.good import Good, planned, written
from benchmarks.rehearsal.report import GOAL
from benchmarks.rehearsal.stage import Stage, wait_until_warm
from benchmarks.rehearsal.step import Ended, run
from services.executor_ray.execute import execute as execute_ray
from services.executor_spark.execute import execute as execute_spark

Rehearse = Callable[[str], Ended]
"""Holds the rehearsal of a program's text."""


@pytest.fixture(scope="session")
def stage(engines_config: Settings) -> Stage:
    return Stage(engines_config)


@pytest.fixture
def spark(stage: Stage, spark_runner: Settings) -> Rehearse:
    wait_until_warm(stage, "spark")
    return lambda text: run(stage, "spark", text, Step.REHEARSAL, execute_spark)


@pytest.fixture
def ray(stage: Stage, ray_runner: Settings) -> Rehearse:
    wait_until_warm(stage, "ray")
    return lambda text: run(stage, "ray", text, Step.REHEARSAL, execute_ray)


def of_each_kind(faults: Sequence[Fault]) -> list[Fault]:
    """The first fault of each kind."""
    return list({fault.kind: fault for fault in reversed(faults)}.values())


T = TypeVar("T")


def first(cases: Sequence[T], many: int = 2) -> list[Any]:
    """The first ones in every run, the others in the proof: each takes seconds."""
    late = [pytest.param(case, marks=pytest.mark.proof) for case in cases[many:]]
    return [*cases[:many], *late]


def few(framework: str) -> list[Good]:
    return [g for g in written() if g.framework == framework and g.name.startswith("few/")]


def name(case: Fault | Good) -> str:
    return case.kind if isinstance(case, Fault) else case.name


def test_every_fault_is_one_change_that_python_can_read() -> None:
    for fault in FAULTS:
        compile(fault.text, fault.program, "exec")

    assert len({(fault.program, fault.text) for fault in FAULTS}) == 100


@pytest.mark.spark
@pytest.mark.parametrize("fault", first(of_each_kind(SPARK)), ids=name)
def test_spark_errors_are_caught(spark: Rehearse, fault: Fault) -> None:
    caught(spark(fault.text))


@pytest.mark.ray
@pytest.mark.parametrize("fault", first(of_each_kind(RAY)), ids=name)
def test_ray_errors_are_caught(ray: Rehearse, fault: Fault) -> None:
    caught(ray(fault.text))


def caught(ended: Ended) -> None:
    assert ended.failure is not None, ended.note
    assert ended.failure.kind in (FailureKind.CODE, FailureKind.DATA)
    said = f"{ended.failure.message} {ended.failure.traceback} {ended.failure.details}"
    assert "/tables/" not in said


@pytest.mark.spark
@pytest.mark.parametrize("good", first(few("spark")), ids=name)
def test_spark_programs_that_few_rows_upset_pass(spark: Rehearse, good: Good) -> None:
    ended = spark(good.text)

    assert ended.failure is None
    assert "few rows" in ended.note


@pytest.mark.ray
@pytest.mark.parametrize("good", first(few("ray")), ids=name)
def test_ray_programs_that_few_rows_upset_pass(ray: Rehearse, good: Good) -> None:
    assert ray(good.text).failure is None


@pytest.mark.proof
@pytest.mark.spark
def test_a_rehearsal_in_the_shared_spark_is_quick(spark: Rehearse) -> None:
    text = next(g.text for g in written() if g.name == "spark/months")
    quick([spark(text) for _ in range(3)])


@pytest.mark.proof
@pytest.mark.ray
def test_a_rehearsal_in_the_shared_ray_is_quick(ray: Rehearse) -> None:
    text = next(g.text for g in written() if g.name == "ray/arrow_tasks")
    quick([ray(text) for _ in range(3)])


def quick(ended: Sequence[Ended]) -> None:
    assert [(e.failure, e.note, e.way) for e in ended] == [(None, "", Way.SHARED)] * len(ended)
    assert median(e.seconds for e in ended) <= GOAL


@pytest.mark.proof
@pytest.mark.spark
@pytest.mark.ray
@pytest.mark.timeout(1800)
def test_the_whole_set(stage: Stage, spark: Rehearse, ray: Rehearse) -> None:
    hold = {"spark": spark, "ray": ray}

    missed = [f for f in FAULTS if hold[f.framework](f.text).failure is None]
    good = [*written(), *(g for f in hold for g in planned(stage.tables, Framework(f)))]
    refused = [g.name for g in good if hold[g.framework](g.text).failure is not None]

    assert len(missed) <= 5, [(f.program, f.kind, f.new) for f in missed]
    assert refused == []
