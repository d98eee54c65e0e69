"""Failure files that programs beside a shared Ray left, and what they must be read as."""

import json
from pathlib import Path

import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.executor_ray.classify import classify

RECORDED = Path(__file__).parent / "recorded" / "ray_warm.json"
CONTEXT = Context("", Limits(), (), Path("/nowhere"))


def read(crash: Crash) -> Failure:
    return classify(crash, CONTEXT) or failures.python_failure(crash, CONTEXT.limits)


@pytest.mark.parametrize(
    ("name", "kind", "code", "line"),
    [
        ("actor_init", FailureKind.CODE, "KEY_ERROR", 6),
        ("task_key", FailureKind.CODE, "KEY_ERROR", 5),
        ("actor_exit", FailureKind.CODE, "ACTOR_ENDED", 7),
        ("ray_kill", FailureKind.CODE, "ACTOR_ENDED", 9),
        ("actor_kill", FailureKind.RESOURCE, "WORKER_DIED", 7),
        ("task_exit", FailureKind.RESOURCE, "WORKER_DIED", 6),
    ],
)
def test_recorded(name: str, kind: FailureKind, code: str, line: int) -> None:
    failure = read(Crash.model_validate(json.loads(RECORDED.read_text())[name]))

    assert (failure.kind, failure.code, failure.line) == (kind, code, line)
    assert failure.hint


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("LocalRayletDiedError", "The task's local raylet died."),
        ("RaySystemError", "System error: Broken pipe"),
        ("RuntimeError", "Failed to connect to GCS."),
        ("Exception", "The current node timed out during startup. This could happen because …"),
    ],
)
def test_a_ray_that_is_gone_is_not_the_program_s_fault(name: str, message: str) -> None:
    failure = read(Crash.model_validate({"class": name, "message": message}))

    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "ENGINE_LOST")


def test_a_value_that_could_not_be_read_is() -> None:
    message = (
        "System error: No module named 'helpers'\ntraceback: Traceback (most recent call last):"
    )

    failure = read(Crash.model_validate({"class": "RaySystemError", "message": message}))

    assert failure.kind is FailureKind.CODE
