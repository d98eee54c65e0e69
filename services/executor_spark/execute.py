"""The execution step of Spark programs."""

from arclight.contracts.events import Event
from arclight.runtime.work import Work
from arclight.sandbox.run_program import run_program
from services.executor_spark.platforms.local import LocalSpark


def execute(work: Work) -> Event:
    """Run the attempt's program; JobFinished with its answer, or StepFailed with the failure."""
    return run_program(work, LocalSpark())
