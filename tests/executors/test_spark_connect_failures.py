"""Failures of programs in the shared server, and what they must be read as: the same as others."""

import json
from pathlib import Path
from typing import Any

import pytest

from arclight.contracts.failure import FailureKind as K
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.executor_spark.classify import classify
from tests.executors.cases import SPARK, Case

RECORDED = Path(__file__).parent / "recorded"

OTHERWISE: tuple[Case, ...] = (
    # Connect says which tables it cannot tell apart before it looks at the selected column.
    ("ambiguous", K.CODE, "AMBIGUOUS_COLUMN_REFERENCE", 27, {"name": "name"}),
    # There is no Python in the server; these programs are not sent there when it can be seen.
    ("udf_value", K.INFRASTRUCTURE, "PYTHON_REFUSED", 41, {}),
    ("udf_code", K.INFRASTRUCTURE, "PYTHON_REFUSED", 45, {}),
)
CASES = [*(case for case in SPARK if case[0] not in {c[0] for c in OTHERWISE}), *OTHERWISE]


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / "spark_connect.json").read_text())
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda c: c[0])
def test_it_is_read_as_in_a_spark_of_the_program_s_own(
    case: Case, recorded: dict[str, Any]
) -> None:
    name, kind, code, line, details = case
    crash = Crash.model_validate(recorded[name])
    program = (RECORDED / "spark_program.txt").read_text()
    context = Context(program, Limits(), (), Path("/nowhere"))

    failure = classify(crash, context) or failures.python_failure(crash, context.limits)

    assert (failure.kind, failure.code, failure.line) == (kind, code, line)
    assert {k: failure.details.get(k) for k in details} == details
    assert failure.hint
    assert "SQLSTATE" not in failure.message
    assert "\n" not in failure.message
