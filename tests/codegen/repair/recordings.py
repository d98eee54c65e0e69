"""Failures of real engines, read by the executors as in a run."""

import json
from pathlib import Path

from arclight.contracts.failure import Failure
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.codegen.generator import Tried
from services.executor_ray.classify import classify as classify_ray
from services.executor_spark.classify import classify as classify_spark

RECORDED = Path(__file__).parents[2] / "executors" / "recorded"
PROGRAM = (RECORDED / "spark_program.txt").read_text()


def recorded(engine: str, name: str) -> Tried:
    """The recorded attempt: its program, and the failure that the executor makes of it."""
    said = json.loads((RECORDED / f"{engine}.json").read_text())[name]
    crash = Crash.model_validate(said)
    program = PROGRAM if engine.startswith("spark") else "import ray\n"
    context = Context(program, Limits(), (), Path("/nowhere"))
    classify = classify_spark if engine.startswith("spark") else classify_ray
    failure = classify(crash, context) or failures.python_failure(crash, context.limits)
    return Tried(program=program, failure=failure)


def failure(engine: str, name: str) -> Failure:
    """The failure alone."""
    found = recorded(engine, name).failure
    assert found is not None
    return found


def more(name: str) -> Tried:
    """An attempt of `recorded.json`, whose programs stand in `record.py`."""
    said = json.loads(Path(__file__).with_name("recorded.json").read_text())[name]
    crash, program = Crash.model_validate(said["crash"]), said["program"]
    context = Context(program, Limits(), (), Path("/nowhere"))
    classify = classify_spark if name.startswith("spark") else classify_ray
    failure = classify(crash, context) or failures.python_failure(crash, context.limits)
    return Tried(program=program, failure=failure)
