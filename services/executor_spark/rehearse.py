"""The rehearsal step of Spark programs."""

from arclight.catalog.stand_in import write_stand_in
from arclight.contracts.events import Event
from arclight.runtime.work import Work
from arclight.sandbox.rehearse import rehearse_program
from services.executor_spark.platforms.local import LocalSpark


def rehearse(work: Work) -> Event:
    """Run the attempt's program on stand-ins; CodeRehearsed, or StepFailed with the failure."""
    return rehearse_program(work, LocalSpark(), write_stand_in)
