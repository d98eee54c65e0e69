"""Failure files that real engines made, and what they must be read as."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.executor_ray.classify import classify as classify_ray
from services.executor_spark.classify import classify as classify_spark
from services.executor_spark.program_text import column_at
from tests.executors.cases import RAY, SPARK, Case

RECORDED = Path(__file__).parent / "recorded"

Classify = Callable[[Crash, Context], Failure | None]


def recorded(engine: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / f"{engine}.json").read_text())
    return found


def read(classify: Classify, crash: Crash, *declared: str) -> Failure:
    program = (RECORDED / "spark_program.txt").read_text()
    context = Context(program, Limits(), declared, Path("/nowhere"))
    return classify(crash, context) or failures.python_failure(crash, context.limits)


def check(failure: Failure, case: Case) -> None:
    _, kind, code, line, details = case
    assert (failure.kind, failure.code, failure.line) == (kind, code, line)
    assert {k: failure.details.get(k) for k in details} == details
    assert failure.hint
    assert "SQLSTATE" not in failure.message
    assert "\n" not in failure.message
    assert len(failure.message) < 450


@pytest.mark.parametrize("case", SPARK, ids=lambda c: c[0])
def test_spark(case: Case) -> None:
    check(read(classify_spark, Crash.model_validate(recorded("spark")[case[0]])), case)


@pytest.mark.parametrize("case", RAY, ids=lambda c: c[0])
def test_ray(case: Case) -> None:
    check(read(classify_ray, Crash.model_validate(recorded("ray")[case[0]])), case)


def test_a_declared_source_that_vanished_is_not_the_program_s_fault() -> None:
    crash = Crash.model_validate(recorded("spark")["path_not_found"])

    failure = read(classify_spark, crash, "file:///data/none.csv")

    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "SOURCE_MISSING")


def test_ray_finds_the_column_in_the_header_of_the_declared_file(tmp_path: Path) -> None:
    source = tmp_path / "sales.csv"
    source.write_text('name,"amount, net"\nb,"1,234"\n')
    said = recorded("ray")["dataset_cell"]
    text = json.dumps(said).replace("/data/bad2.csv", str(source))

    failure = read(classify_ray, Crash.model_validate_json(text), source.as_uri())

    assert failure.details["column"] == "amount, net"
    assert "'1,234' in column 'amount, net'" in failure.message


@pytest.mark.parametrize(
    ("line", "fragment", "column"),
    [
        ('F.col("a").cast("int")', "cast", "a"),
        ('df["a b"].cast("int")', "cast", "a b"),
        ('F.to_date(F.col("day"), "yyyy")', "to_date", "day"),
        ('F.col("a") / F.col("b")', "__truediv__", "b"),
        ('F.col("a").cast("int") + F.col("b").cast("int")', "cast", None),
        ("number.cast(kind)", "cast", None),
        ("not python (", "cast", None),
    ],
)
def test_the_column_is_read_off_the_program(line: str, fragment: str, column: str | None) -> None:
    assert column_at(line, 1, fragment) == column
