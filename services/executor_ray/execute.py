"""The execution step of Ray programs, and the rehearsal that may come before it."""

from arclight.contracts.events import Event
from arclight.contracts.names import Step
from arclight.runtime.work import Work
from arclight.sandbox.run_program import run_program
from services.executor_ray.platforms.local import LocalRay
from services.executor_ray.rehearse import rehearse


def execute(work: Work) -> Event:
    """Run the attempt's program; JobFinished with its answer, or StepFailed with the failure.

    A rehearsal that is due: CodeRehearsed, or StepFailed with the failure.
    """
    if work.claim.message.step is Step.REHEARSAL:
        return rehearse(work)
    return run_program(work, LocalRay())
